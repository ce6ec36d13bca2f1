"""Which team and which doctor answer for a person on a day.

The team is that of the contract in force, else that of the village. The doctor is the one named for the
person, else the village's own, else a village doctor of the village's team, else the team's lead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.roles import Role
from tracker.models import (
    Contract,
    Membership,
    Responsibility,
    Staff,
    StaffRegion,
    Team,
    TeamVillage,
)
from tracker.models.among import among
from tracker.services.store.trip import Answers, rows_of
from tracker.services.workforce.scope import Day, Form, Scope, in_force, in_places


@dataclass(frozen=True, slots=True)
class Named:
    """A team or a member of staff, as lists show them."""

    id: UUID
    name: str


@dataclass(slots=True)
class Directory:
    """Who answers for some villages and people on a day."""

    village_teams: dict[str, Named] = field(default_factory=dict)
    village_doctors: dict[str, Named] = field(default_factory=dict)
    person_teams: dict[UUID, Named] = field(default_factory=dict)
    person_doctors: dict[UUID, Named] = field(default_factory=dict)
    members: dict[UUID, dict[Role, Named]] = field(default_factory=dict)

    def team(self, resident_id: UUID, village_code: str) -> Named | None:
        return self.person_teams.get(resident_id) or self.village_teams.get(village_code)

    def doctor(self, resident_id: UUID, village_code: str) -> Named | None:
        named = self.person_doctors.get(resident_id) or self.village_doctor(village_code)
        return named or self._of_team(self.team(resident_id, village_code), Role.TEAM_LEAD)

    def village_doctor(self, village_code: str) -> Named | None:
        """The doctor of a village, whoever lives there; the lead of its team where it has none."""
        team = self.village_teams.get(village_code)
        own = self.village_doctors.get(village_code) or self._of_team(team, Role.VILLAGE_DOCTOR)
        return own or self._of_team(team, Role.TEAM_LEAD)

    def _of_team(self, team: Named | None, role: Role) -> Named | None:
        return None if team is None else self.members.get(team.id, {}).get(role)


def directory(
    session: Session, day: date, villages: Collection[str], residents: Collection[UUID] = ()
) -> Directory:
    """Who answers for these villages and people: at most three statements, however many there are."""
    found = Directory()
    if residents:
        _add_people(session, found, day, residents)
    others = {team.id for team in found.person_teams.values()}
    asked = {"day": day, "villages": list(villages), "teams": list(others)}
    for kind, code, team, role, key, name in rows_of(session.connection(), (_answering(), asked)):
        if kind == VILLAGE_TEAM:
            found.village_teams.setdefault(code, Named(key, name))
        elif kind == VILLAGE_DOCTOR:
            found.village_doctors.setdefault(code, Named(key, name))
        else:
            found.members.setdefault(team, {}).setdefault(Role(role), Named(key, name))
    return found


VILLAGE_TEAM, VILLAGE_DOCTOR, MEMBER = range(3)


@cache
def _answering() -> Any:
    """Teams and doctors of `villages`, and the members of those teams and of `teams`, in one statement."""
    day: BindParameter[Any] = bindparam("day", type_=Date())
    covering = (among(TeamVillage.village_code, "villages"), valid(TeamVillage, day))
    no_team, no_role, no_code = null().cast(Uuid()), literal(""), literal("")
    teams = (
        select(
            literal(VILLAGE_TEAM).label("kind"), TeamVillage.village_code.label("code"),
            no_team.label("team"), no_role.label("role"), Team.id.label("key"), Team.name.label("name"),
            cast(TeamVillage.from_on, String(10)).label("since"), Team.name.label("then"),
        )
        .join(Team, Team.id == TeamVillage.team_id)
        .where(*covering)
    )  # fmt: skip
    doctors = (
        select(
            literal(VILLAGE_DOCTOR), StaffRegion.region_code, no_team, no_role, Staff.id, Staff.name,
            literal(""), Staff.username,
        )
        .join(Staff, Staff.id == StaffRegion.staff_id)
        .where(among(StaffRegion.region_code, "villages"), Staff.role == Role.VILLAGE_DOCTOR, Staff.active)
    )  # fmt: skip
    members = (
        select(
            literal(MEMBER), no_code, Membership.team_id, cast(Staff.role, String(24)), Staff.id, Staff.name,
            cast(Membership.from_on, String(10)), Staff.username,
        )
        .join(Staff, Staff.id == Membership.staff_id)
        .where(
            or_(
                among(Membership.team_id, "teams"),
                Membership.team_id.in_(select(TeamVillage.team_id).where(*covering)),
            ),
            valid(Membership, day),
            Staff.active,
            Staff.role.in_((Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)),
        )
    )  # fmt: skip
    together = union_all(teams, doctors, members).subquery()
    c = together.c
    return select(c.kind, c.code, c.team, c.role, c.key, c.name).order_by(c.kind, c.since, c.then)


def _add_people(session: Session, found: Directory, day: date, residents: Collection[UUID]) -> None:
    asked = {"day": day, "residents": list(residents)}
    told = Answers(session.connection(), {"named": (_named(), asked), "signed": (_signed(), asked)})
    for resident_id, key, name in told["named"]:
        found.person_doctors.setdefault(resident_id, Named(key, name))
    for resident_id, key, name in told["signed"]:
        found.person_teams[resident_id] = Named(key, name)


@cache
def _named() -> Select[UUID, UUID, str]:
    return (
        select(Responsibility.resident_id, Staff.id, Staff.name)
        .join(Staff, Staff.id == Responsibility.staff_id)
        .where(among(Responsibility.resident_id, "residents"), valid(Responsibility, bindparam("day")))
        .order_by(Responsibility.from_on.desc())
    )


@cache
def _signed() -> Select[UUID, UUID, str]:
    return (
        select(Contract.resident_id, Team.id, Team.name)
        .join(Team, Team.id == Contract.team_id)
        .where(among(Contract.resident_id, "residents"), in_force(bindparam("day")))
    )


def valid(
    model: type[TeamVillage] | type[Membership] | type[Responsibility], day: Day
) -> ColumnElement[bool]:
    """The criterion that a row holds on a day, its last day included."""
    return and_(model.from_on <= day, or_(model.to_on.is_(None), model.to_on >= day))


def under_team(
    day: Day, village_code: InstrumentedAttribute[str], resident_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """The criterion that the `team` answers for the person of a row; `team_villages` are its own."""
    team: BindParameter[Any] = bindparam("team")
    signed = select(Contract.id).where(Contract.resident_id == resident_id, in_force(day))
    return or_(
        signed.where(Contract.team_id == team).exists(),
        and_(
            among(village_code, "team_villages"),
            ~signed.where(Contract.team_id != team).exists(),
        ),
    )


def team_villages(session: Session, team_id: UUID, day: date) -> list[str]:
    """The villages whose people this team answers for where no contract says otherwise."""
    covered = session.scalars(
        select(TeamVillage.village_code).where(TeamVillage.team_id == team_id, valid(TeamVillage, day))
    ).all()
    teams = directory(session, day, set(covered)).village_teams
    return sorted(code for code, team in teams.items() if team.id == team_id)


def under_doctor(
    day: Day, village_code: InstrumentedAttribute[str], resident_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """The criterion that the `doctor` answers for the person of a row: named, or by `doctor_villages`."""
    named = (
        select(Responsibility.id)
        .where(Responsibility.resident_id == resident_id, valid(Responsibility, day))
        .correlate_except(Responsibility)  # the board reads that table too
    )
    return or_(
        named.where(Responsibility.staff_id == bindparam("doctor")).exists(),
        and_(among(village_code, "doctor_villages"), ~named.exists()),
    )


def own_villages(session: Session, staff_id: UUID, day: date) -> list[str]:
    """The villages whose people this doctor answers for where nobody else is named."""
    villages = set(session.connection().scalars(_candidates(), {"doctor": staff_id, "day": day}).all())
    known = directory(session, day, villages)
    return sorted(v for v in villages if (doctor := known.village_doctor(v)) and doctor.id == staff_id)


@cache
def _candidates() -> Any:
    doctor: BindParameter[Any] = bindparam("doctor")
    day: BindParameter[Any] = bindparam("day")
    return (
        select(StaffRegion.region_code)
        .where(StaffRegion.staff_id == doctor)
        .union(
            select(TeamVillage.village_code)
            .join(Membership, Membership.team_id == TeamVillage.team_id)
            .where(Membership.staff_id == doctor, valid(Membership, day), valid(TeamVillage, day))
        )
    )


def doctors(session: Session, scope: Scope, day: date) -> list[Named]:
    """The village doctors and leads that people of the scope can be given to."""
    found = rows_of(session.connection(), (_doctors(scope.form), {**scope.values, "day": day}))
    return [Named(key, name) for key, name in found]


@lru_cache(maxsize=128)
def _doctors(form: Form) -> Select[UUID, str]:
    day: BindParameter[Any] = bindparam("day")
    members = (
        select(Membership.staff_id)
        .join(TeamVillage, TeamVillage.team_id == Membership.team_id)
        .where(in_places(form, TeamVillage.village_code), valid(Membership, day), valid(TeamVillage, day))
    )
    own = select(StaffRegion.staff_id).where(in_places(form, StaffRegion.region_code))
    return (
        select(Staff.id, Staff.name)
        .where(
            Staff.active,
            Staff.role.in_((Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)),
            or_(Staff.id.in_(members), Staff.id.in_(own)),
        )
        .order_by(Staff.name, Staff.username)
    )
