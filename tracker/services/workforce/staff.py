"""People who work with the product: added, given regions and teams, disabled the day they leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Membership, Region, Staff, StaffRegion, Team
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound, Scope

USERNAME = re.compile(r"[\w.@-]{1,60}")
MANAGES: dict[Role, frozenset[Role]] = {
    Role.SYSADMIN: frozenset(Role),
    Role.COMMISSION: frozenset(
        {Role.VILLAGE_DOCTOR, Role.TEAM_LEAD, Role.TOWNSHIP_ADMIN, Role.COUNTY_DOCTOR}
    ),
    Role.TOWNSHIP_ADMIN: frozenset({Role.VILLAGE_DOCTOR, Role.TEAM_LEAD}),
}
"""Which roles each managing role may add, change and disable."""
LICENCE_WARNING = timedelta(days=90)
LICENCES = ("rural_doctor", "assistant_physician", "physician", "nurse", "other")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person apart from the user name."""

    name: str
    role: Role
    regions: Sequence[str] = ()
    phone: str | None = None
    licence_kind: str = ""
    licence_expires_on: date | None = None
    institution_id: UUID | None = None


def add(session: Session, actor: Actor, at: datetime, username: str, details: Details) -> Staff:
    """Add a person without a password; give one, or an activation code, with `services.account`."""
    if not USERNAME.fullmatch(username):
        raise refuse("username", "username_form")
    if session.scalar(select(Staff.id).where(Staff.username == username)):
        raise refuse("username", "username_taken", name=username)
    _check(session, details)
    staff = Staff(username=username, created_at=at, security_stamp=0)
    _fill(staff, details)
    session.add(staff)
    session.flush()
    _answer_for(session, staff, details.regions)
    audit.record(session, actor, at, "add staff", "staff", staff.id, details={"role": str(details.role)})
    return staff


def edit(session: Session, actor: Actor, at: datetime, staff: Staff, details: Details) -> None:
    """Change a person; other rights end the sessions and tokens that have the old ones."""
    _check(session, details)
    rights = (staff.role, set(regions_of(session, staff)))
    if rights != (details.role, set(details.regions)):
        staff.security_stamp += 1
    _fill(staff, details)
    _answer_for(session, staff, details.regions)
    audit.record(session, actor, at, "edit staff", "staff", staff.id, details={"role": str(details.role)})


def _check(session: Session, details: Details) -> None:
    if not details.name.strip():
        raise refuse("name", "name_needed")
    for code in details.regions:
        region.get(session, code, field="regions")


def _fill(staff: Staff, details: Details) -> None:
    staff.name, staff.role, staff.phone = details.name.strip(), details.role, details.phone or None
    staff.licence_kind, staff.licence_expires_on = details.licence_kind, details.licence_expires_on
    staff.institution_id = details.institution_id


def _answer_for(session: Session, staff: Staff, codes: Sequence[str]) -> None:
    session.execute(delete(StaffRegion).where(StaffRegion.staff_id == staff.id))
    session.add_all(StaffRegion(staff_id=staff.id, region_code=code) for code in dict.fromkeys(codes))
    session.flush()


def disable(session: Session, actor: Actor, at: datetime, staff: Staff, on: date) -> None:
    """The person has left: nothing of theirs works from now on, memberships end today."""
    if staff.id == actor.staff_id:
        raise refuse("", "not_yourself")
    staff.active = False
    staff.disabled_at = at
    staff.security_stamp += 1
    staff.activation_hash = staff.activation_until = None
    for row in session.scalars(
        select(Membership).where(Membership.staff_id == staff.id, Membership.to_on.is_(None))
    ):
        row.to_on = max(on, row.from_on)
    audit.record(session, actor, at, "disable staff", "staff", staff.id)


def enable(session: Session, actor: Actor, at: datetime, staff: Staff) -> None:
    """Let a person in again; old sessions and memberships stay ended."""
    staff.active = True
    staff.disabled_at = None
    staff.security_stamp += 1
    audit.record(session, actor, at, "enable staff", "staff", staff.id)


def named(session: Session, username: str) -> Staff:
    found = session.scalars(select(Staff).where(Staff.username == username)).one_or_none()
    if found is None:
        raise refuse("username", "staff_unknown", name=username)
    return found


def regions_of(session: Session, staff: Staff) -> Sequence[str]:
    return session.scalars(
        select(StaffRegion.region_code)
        .where(StaffRegion.staff_id == staff.id)
        .order_by(StaffRegion.region_code)
    ).all()


def places(session: Session, people: Sequence[Staff]) -> dict[UUID, list[str]]:
    """The names of the places that people answer for."""
    rows = session.execute(
        select(StaffRegion.staff_id, Region.name)
        .join(Region, Region.code == StaffRegion.region_code)
        .where(StaffRegion.staff_id.in_([person.id for person in people]))
        .order_by(StaffRegion.region_code)
    )
    found: dict[UUID, list[str]] = {}
    for staff_id, name in rows:
        found.setdefault(staff_id, []).append(name)
    return found


def teams_of(session: Session, staff: Staff) -> Sequence[tuple[Membership, Team]]:
    rows = session.execute(
        select(Membership, Team)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.staff_id == staff.id)
        .order_by(Membership.from_on, Team.name)
    )
    return [(row, team) for row, team in rows]


def managed(session: Session, scope: Scope) -> Sequence[Staff]:
    """The people whom a managing role looks after, all whose regions lie in its own."""
    query = select(Staff).where(Staff.role.in_(MANAGES.get(scope.role, frozenset())))
    if scope.regions or scope.role is not Role.SYSADMIN:
        query = query.where(_somewhere(), ~_outside(scope.regions))
    return session.scalars(query.order_by(Staff.active.desc(), Staff.role, Staff.name)).all()


def find(session: Session, scope: Scope, key: UUID) -> Staff:
    """One of the people managed; NotFound otherwise."""
    found = next((person for person in managed(session, scope) if person.id == key), None)
    if found is None:
        raise NotFound("staff")
    return found


def may_give(scope: Scope, role: Role, codes: Sequence[str]) -> None:
    """Refused unless a managing role may give someone this role in these regions."""
    if role not in MANAGES.get(scope.role, frozenset()):
        raise refuse("role", "role_above")
    everywhere = scope.role is Role.SYSADMIN and not scope.regions
    if not everywhere and not codes:
        raise refuse("regions", "region_needed")
    for code in codes:
        if not everywhere and not code.startswith(scope.regions):
            raise refuse("regions", "region_foreign", region=code)


def _somewhere() -> ColumnElement[bool]:
    return exists(select(StaffRegion.id).where(StaffRegion.staff_id == Staff.id))


def _outside(prefixes: Sequence[str]) -> ColumnElement[bool]:
    inside = or_(*(StaffRegion.region_code.startswith(prefix, autoescape=True) for prefix in prefixes))
    wrong = select(StaffRegion.id).where(StaffRegion.staff_id == Staff.id)
    return exists(wrong.where(~inside) if prefixes else wrong)


def licence_ends_soon(staff: Staff, on: date) -> bool:
    return staff.licence_expires_on is not None and staff.licence_expires_on <= on + LICENCE_WARNING
