"""Which team and which doctor answer for a person on a day.

The team is that of the contract in force, else that of the village. The doctor is the one named for the
person, else the village's own, else a village doctor of the village's team, else the team's lead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
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
from tracker.services.scope import Scope, in_force, in_places


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
    """Who answers for these villages and people: at most five statements, however many there are."""
    found = Directory()
    teams = (
        select(TeamVillage.village_code, Team.id, Team.name)
        .join(Team, Team.id == TeamVillage.team_id)
        .where(TeamVillage.village_code.in_(villages), valid(TeamVillage, day))
        .order_by(TeamVillage.from_on, Team.name)
    )
    for code, key, name in session.execute(teams):
        found.village_teams.setdefault(code, Named(key, name))
    own = (
        select(StaffRegion.region_code, Staff.id, Staff.name)
        .join(Staff, Staff.id == StaffRegion.staff_id)
        .where(StaffRegion.region_code.in_(villages), Staff.role == Role.VILLAGE_DOCTOR, Staff.active)
        .order_by(Staff.username)
    )
    for code, key, name in session.execute(own):
        found.village_doctors.setdefault(code, Named(key, name))
    if residents:
        _add_people(session, found, day, residents)
    _add_members(session, found, day)
    return found


def _add_people(session: Session, found: Directory, day: date, residents: Collection[UUID]) -> None:
    named = (
        select(Responsibility.resident_id, Staff.id, Staff.name)
        .join(Staff, Staff.id == Responsibility.staff_id)
        .where(Responsibility.resident_id.in_(residents), valid(Responsibility, day))
        .order_by(Responsibility.from_on.desc())
    )
    for resident_id, key, name in session.execute(named):
        found.person_doctors.setdefault(resident_id, Named(key, name))
    signed = (
        select(Contract.resident_id, Team.id, Team.name)
        .join(Team, Team.id == Contract.team_id)
        .where(Contract.resident_id.in_(residents), in_force(day))
    )
    for resident_id, key, name in session.execute(signed):
        found.person_teams[resident_id] = Named(key, name)


def _add_members(session: Session, found: Directory, day: date) -> None:
    teams = {team.id for team in (*found.village_teams.values(), *found.person_teams.values())}
    members = (
        select(Membership.team_id, Staff.role, Staff.id, Staff.name)
        .join(Staff, Staff.id == Membership.staff_id)
        .where(
            Membership.team_id.in_(teams),
            valid(Membership, day),
            Staff.active,
            Staff.role.in_((Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)),
        )
        .order_by(Membership.from_on, Staff.username)
    )
    for team_id, role, key, name in session.execute(members):
        found.members.setdefault(team_id, {}).setdefault(role, Named(key, name))


def valid(
    model: type[TeamVillage] | type[Membership] | type[Responsibility], day: date
) -> ColumnElement[bool]:
    """The criterion that a row holds on a day, its last day included."""
    return and_(model.from_on <= day, or_(model.to_on.is_(None), model.to_on >= day))


def under_team(
    session: Session,
    team_id: UUID,
    day: date,
    village_code: InstrumentedAttribute[str],
    resident_id: InstrumentedAttribute[UUID],
) -> ColumnElement[bool]:
    """The criterion that a team answers for the person of a row."""
    covered = session.scalars(
        select(TeamVillage.village_code).where(TeamVillage.team_id == team_id, valid(TeamVillage, day))
    ).all()
    teams = directory(session, day, set(covered)).village_teams
    own = sorted(code for code, team in teams.items() if team.id == team_id)
    signed = select(Contract.resident_id).where(in_force(day))
    return or_(
        resident_id.in_(signed.where(Contract.team_id == team_id)),
        and_(village_code.in_(own), resident_id.not_in(signed.where(Contract.team_id != team_id))),
    )


def under_doctor(
    session: Session,
    staff_id: UUID,
    day: date,
    village_code: InstrumentedAttribute[str],
    resident_id: InstrumentedAttribute[UUID],
) -> ColumnElement[bool]:
    """The criterion that a doctor answers for the person of a row: named, or through the village."""
    named = select(Responsibility.resident_id).where(valid(Responsibility, day))
    return or_(
        resident_id.in_(named.where(Responsibility.staff_id == staff_id)),
        and_(village_code.in_(own_villages(session, staff_id, day)), resident_id.not_in(named)),
    )


def own_villages(session: Session, staff_id: UUID, day: date) -> list[str]:
    """The villages whose people this doctor answers for where nobody else is named."""
    candidates = (
        select(StaffRegion.region_code)
        .where(StaffRegion.staff_id == staff_id)
        .union(
            select(TeamVillage.village_code)
            .join(Membership, Membership.team_id == TeamVillage.team_id)
            .where(Membership.staff_id == staff_id, valid(Membership, day), valid(TeamVillage, day))
        )
    )
    villages = set(session.scalars(candidates).all())
    known = directory(session, day, villages)
    return sorted(v for v in villages if (doctor := known.village_doctor(v)) and doctor.id == staff_id)


def doctors(session: Session, scope: Scope, day: date) -> list[Named]:
    """The village doctors and leads that people of the scope can be given to."""
    members = (
        select(Membership.staff_id)
        .join(TeamVillage, TeamVillage.team_id == Membership.team_id)
        .where(in_places(scope, TeamVillage.village_code), valid(Membership, day), valid(TeamVillage, day))
    )
    own = select(StaffRegion.staff_id).where(in_places(scope, StaffRegion.region_code))
    found = session.execute(
        select(Staff.id, Staff.name)
        .where(
            Staff.active,
            Staff.role.in_((Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)),
            or_(Staff.id.in_(members), Staff.id.in_(own)),
        )
        .order_by(Staff.name, Staff.username)
    )
    return [Named(key, name) for key, name in found]
