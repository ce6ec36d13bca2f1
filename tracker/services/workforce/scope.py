"""Whose records a member of staff may see and write on a day: the one place that says so.

A region role sees its prefixes, a county doctor only those there who were ever referred. A member of a team
sees the villages that the team covers and the people who have an active contract with it; a person's record
is written by the team that was responsible on the day: that of the contract, else that of the village.
Unknown and foreign look the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Uuid,
    and_,
    bindparam,
    false,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from tracker.domain.contract import Evidence
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.domain.terms import TaskKind
from tracker.models import (
    Base,
    Contract,
    Membership,
    Resident,
    Staff,
    StaffRegion,
    Task,
    Team,
    TeamVillage,
)
from tracker.models.among import among
from tracker.services.store.trip import Question, rows_of
from tracker.services.workforce import duty

Row = TypeVar("Row", bound=Base)
Day = date | BindParameter[Any]
"""A day, or the parameter that stands for it in a statement that is built once."""


@dataclass(frozen=True, slots=True)
class Form:
    """What of a scope decides how a statement reads: the rest is its parameters, `Scope.values`."""

    role: Role
    villages: bool
    regions: int
    teams: bool
    outlying: bool

    @property
    def form(self) -> Form:
        return self

    @property
    def sees_people(self) -> bool:
        """Whether persons are shown to this role at all, in full or masked."""
        return self.role in CARE or self.role in OVERSIGHT or self.role is Role.COUNTY_DOCTOR


@dataclass(frozen=True, slots=True)
class Scope:
    """What one member of staff may see on one day.

    `regions` are code prefixes, `villages` whole codes, `teams` the teams whose contracts bring in people of
    other villages, and `outlying` the villages where these may be.
    """

    staff_id: UUID
    role: Role
    on: date
    regions: tuple[str, ...] = ()
    villages: frozenset[str] = frozenset()
    teams: frozenset[UUID] = frozenset()
    outlying: frozenset[str] = frozenset()

    @property
    def form(self) -> Form:
        return Form(self.role, bool(self.villages), len(self.regions), bool(self.teams), bool(self.outlying))

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of a statement that was built for this scope's form."""
        found: dict[str, Any] = {
            "scope_on": self.on, "scope_villages": sorted(self.villages), "scope_teams": list(self.teams),
            "scope_outlying": sorted(self.outlying), "scope_reach": sorted(self.villages | self.outlying),
        }  # fmt: skip
        for number, region in enumerate(self.regions):
            found[f"scope_from{number}"], found[f"scope_to{number}"] = ends(region)
        return found

    @property
    def sees_full(self) -> bool:
        """Whether names and phones are shown unmasked."""
        return self.role in CARE

    @property
    def writes(self) -> bool:
        return self.role in CARE

    def covers(self, village_code: str) -> bool:
        """Whether the place itself is inside, whoever lives there."""
        return village_code in self.villages or any(village_code.startswith(r) for r in self.regions)


class NotFound(LookupError):
    """There is no such record, or it is not this person's to see."""


def scope_of(session: Session, staff: Staff, on: date) -> Scope:
    """The scope of a member of staff on a day, from regions and memberships valid then."""
    regions = tuple(
        session.scalars(select(StaffRegion.region_code).where(StaffRegion.staff_id == staff.id)).all()
    )
    if staff.role not in (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD):
        return Scope(staff.id, staff.role, on, regions=regions)
    teams = frozenset(session.scalars(_teams_of(staff.id, on)))
    if not teams:
        return Scope(staff.id, staff.role, on, regions=regions)
    villages = session.scalars(
        select(TeamVillage.village_code).where(TeamVillage.team_id.in_(teams), _valid(TeamVillage, on))
    ).all()
    found = Scope(staff.id, staff.role, on, villages=frozenset(villages), teams=teams)
    return with_outlying(session.connection(), found)


def with_outlying(connection: Connection, scope: Scope) -> Scope:
    """The scope with the villages where its teams' contracts are now, besides their own."""
    if not scope.teams:
        return scope
    signed = rows_of(connection, (_signed_villages(), {"teams": list(scope.teams)}))
    return replace(scope, outlying=frozenset(code for (code,) in signed) - scope.villages)


@cache
def _signed_villages() -> Select[str]:
    """From one village to the next in the index: a team has thousands of contracts in a few villages."""
    first = _next_village(Team.id)
    walk = select(Team.id.label("team"), first.label("village")).where(among(Team.id, "teams"))
    step = walk.cte("step", recursive=True)
    following = select(step.c.team, _next_village(step.c.team, step.c.village)).where(
        step.c.village.is_not(None)
    )
    step = step.union_all(following)
    return select(step.c.village).where(step.c.village.is_not(None))


def _next_village(team: Any, after: Any = None) -> Any:
    found = select(Contract.village_code).where(Contract.team_id == team)
    if after is not None:
        found = found.where(Contract.village_code > after)
    return found.order_by(Contract.village_code).limit(1).correlate_except(Contract).scalar_subquery()


def _valid(model: type[TeamVillage] | type[Membership], on: date) -> ColumnElement[bool]:
    return and_(model.from_on <= on, or_(model.to_on.is_(None), model.to_on >= on))


def _teams_of(staff_id: UUID, on: date) -> Select[UUID]:
    return select(Membership.team_id).where(Membership.staff_id == staff_id, _valid(Membership, on))


def _value(scope: Scope | Form, name: str) -> Any:
    """The value itself, or for a form its parameter, which has none until the statement is run."""
    if isinstance(scope, Scope):
        return scope.values[name]
    return bindparam(name)


def _one_of(column: InstrumentedAttribute[Any], scope: Scope | Form, name: str) -> ColumnElement[bool]:
    return column.in_(scope.values[name]) if isinstance(scope, Scope) else among(column, name)


def in_places(scope: Scope | Form, village_code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The criterion that a column holds a village of the scope."""
    if scope.form.villages:
        return _one_of(village_code, scope, "scope_villages")
    places = [
        between(village_code, _value(scope, f"scope_from{n}"), _value(scope, f"scope_to{n}"))
        for n in range(scope.form.regions)
    ]
    return or_(*places) if places else false()


def within(column: InstrumentedAttribute[str], prefix: str) -> ColumnElement[bool]:
    """The criterion that a column's code lies in a region, given by the region's code."""
    return between(column, *ends(prefix))


def between(column: InstrumentedAttribute[str], first: Any, after: Any) -> ColumnElement[bool]:
    """The same by the ends of the region's codes."""
    # A range and not LIKE, so that the index serves on both databases.
    return and_(column >= first, column < after)


def ends(prefix: str) -> tuple[str, str]:
    """The first code of a region and the first behind it."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def visible(
    scope: Scope | Form,
    village_code: InstrumentedAttribute[str],
    resident_id: InstrumentedAttribute[UUID],
) -> ColumnElement[bool]:
    """The criterion for a table of personal rows: in the scope's places, or under one of its contracts."""
    form = scope.form
    if not form.sees_people:
        return false()
    places = in_places(scope, village_code)
    if form.role is Role.COUNTY_DOCTOR:
        return and_(places, _referred(resident_id))
    if not form.outlying:
        return places
    # The reach of both is said first: databases look a list of villages up, and scan for an alternative.
    elsewhere = resident_id.in_(_contracted_elsewhere(scope))
    return and_(in_reach(scope, village_code), or_(places, elsewhere))


def in_reach(scope: Scope | Form, village_code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The criterion that a column holds a village where people of the scope may be; not all there are."""
    if scope.form.outlying:
        return _one_of(village_code, scope, "scope_reach")
    return in_places(scope, village_code)


def _referred(resident_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    tracking = aliased(Task)
    return (
        select(tracking.id)
        .where(tracking.resident_id == resident_id, tracking.kind == TaskKind.REFERRAL_TRACKING)
        .exists()
    )


def _contracted_elsewhere(scope: Scope | Form) -> Select[UUID]:
    return select(Contract.resident_id).where(
        _one_of(Contract.team_id, scope, "scope_teams"),
        _one_of(Contract.village_code, scope, "scope_outlying"),
        in_force(_value(scope, "scope_on")),
    )


def in_force(on: Day) -> ColumnElement[bool]:
    """The criterion that a contract is active on a day (signed, not void, not terminated by then)."""
    return and_(
        Contract.start_on <= on,
        Contract.end_on >= on,
        or_(Contract.terminated_on.is_(None), Contract.terminated_on > on),
        Contract.evidence != Evidence.NONE,
        Contract.voided_at.is_(None),
    )


def find(session: Session, scope: Scope, model: type[Row], key: UUID) -> Row:
    """The personal row with this id if the scope may see it; NotFound otherwise."""
    row: Row | None = session.scalars(_own(scope.form, model), scope.values | {"key": key}).one_or_none()
    if row is None:
        raise NotFound(model.__tablename__)
    return row


def of_person(scope: Scope, key: UUID) -> Question:
    """Key and height of the person with this id if the scope may see them."""
    return _own(scope.form, Resident, Resident.id, Resident.height_cm), scope.values | {"key": key}


@lru_cache(maxsize=128)
def _own(form: Form, model: Any, *columns: Any) -> Select[Any]:
    own = model.id if model is Resident else model.resident_id
    wanted = select(*columns or (model,))
    return wanted.where(model.id == bindparam("key", type_=Uuid()), visible(form, model.village_code, own))


def responsible_on(session: Session, staff: Staff, resident: Resident, on: date) -> bool:
    """Whether this member of staff answered for the person on a day, and so may write about it."""
    return duty.of_staff(session, staff).answers(duty.ties_of(session, resident), on)


def village_on(session: Session, resident: Resident, on: date) -> str:
    """Where the person lived on a day; where they are now if nothing is known of then."""
    return duty.ties_of(session, resident).village_on(on)


def team_of_village(session: Session, village_code: str, on: date) -> Team | None:
    """The team that covers a village on a day; the one of longest standing where there are several."""
    return session.scalars(
        select(Team)
        .join(TeamVillage, TeamVillage.team_id == Team.id)
        .where(TeamVillage.village_code == village_code, _valid(TeamVillage, on))
        .order_by(TeamVillage.from_on, Team.name)
        .limit(1)
    ).first()
