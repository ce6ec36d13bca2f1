"""Family-doctor teams: the villages they cover and their members, from a day to a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import BEGINNING, Level, Membership, Staff, Team, TeamVillage
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound, Scope

NAME_AT_MOST, PHONE_AT_MOST = 80, 40


@dataclass(frozen=True, slots=True)
class NewTeam:
    name: str
    township: str
    villages: Sequence[str]
    phone: str = ""
    institution_id: UUID | None = None
    from_on: date = BEGINNING


def add(session: Session, actor: Actor, at: datetime, new: NewTeam) -> Team:
    """Make a team with its villages; its name is unique in the county."""
    if not new.name.strip():
        raise refuse("name", "name_needed")
    township = region.get(session, new.township, Level.TOWNSHIP, "township")
    county = region.county_of(township.code)
    if session.scalar(select(Team.id).where(Team.county_code == county, Team.name == new.name)):
        raise refuse("name", "team_taken", name=new.name)
    if not new.villages:
        raise refuse("villages", "villages_needed")
    for field, typed, longest in (("name", new.name, NAME_AT_MOST), ("phone", new.phone, PHONE_AT_MOST)):
        if len(typed) > longest:
            raise refuse(field, "string_too_long", max_length=longest)
    team = Team(
        county_code=county,
        township_code=township.code,
        name=new.name,
        phone=new.phone,
        institution_id=new.institution_id,
    )
    session.add(team)
    session.flush()
    for code in dict.fromkeys(new.villages):
        cover(session, actor, at, team, code, new.from_on)
    audit.record(session, actor, at, "add team", "team", team.id, village_code=township.code)
    return team


def cover(
    session: Session, actor: Actor, at: datetime, team: Team, village_code: str, from_on: date
) -> TeamVillage:
    """Have a team cover a village of its township from a day on."""
    village = region.get(session, village_code, Level.VILLAGE, "villages")
    if not village.code.startswith(team.township_code):
        raise refuse("villages", "village_elsewhere", region=village_code, township=team.township_code)
    row = TeamVillage(team_id=team.id, village_code=village.code, from_on=from_on)
    session.add(row)
    session.flush()
    audit.record(session, actor, at, "cover village", "team", team.id, village_code=village.code)
    return row


def uncover(session: Session, actor: Actor, at: datetime, row: TeamVillage, to_on: date) -> None:
    """The last day on which the team covers the village."""
    if to_on < row.from_on:
        raise refuse("to_on", "period_backwards")
    row.to_on = to_on
    audit.record(session, actor, at, "leave village", "team", row.team_id, village_code=row.village_code)


def join(
    session: Session, actor: Actor, at: datetime, team: Team, staff: Staff, from_on: date = BEGINNING
) -> Membership:
    """Make someone a member from a day on."""
    place = "leader" if staff.role is Role.TEAM_LEAD else "member"
    row = Membership(team_id=team.id, staff_id=staff.id, role_in_team=place, from_on=from_on)
    session.add(row)
    session.flush()
    audit.record(session, actor, at, "join team", "staff", staff.id, details={"team": str(team.id)})
    return row


def leave(session: Session, actor: Actor, at: datetime, row: Membership, to_on: date) -> None:
    """The last day of a membership."""
    if to_on < row.from_on:
        raise refuse("to_on", "period_backwards")
    row.to_on = to_on
    audit.record(session, actor, at, "leave team", "staff", row.staff_id, details={"team": str(row.team_id)})


def named(session: Session, name: str, county_code: str | None = None) -> Team:
    """The team of a name, in a county if one is told."""
    query = select(Team).where(Team.name == name)
    if county_code is not None:
        query = query.where(Team.county_code == county_code)
    found = session.scalars(query.limit(2)).all()
    if not found:
        raise refuse("team", "team_unknown", name=name)
    if len(found) > 1:
        raise refuse("team", "team_ambiguous", name=name)
    return found[0]


def listed(session: Session, scope: Scope) -> Sequence[Team]:
    """The teams that a member of staff belongs to, or that lie in the scope's regions."""
    inside = [Team.township_code.startswith(prefix, autoescape=True) for prefix in scope.regions]
    towns = sorted({prefix[:9] for prefix in scope.regions if len(prefix) > 9})
    query = select(Team).where(or_(Team.id.in_(scope.teams), Team.township_code.in_(towns), *inside))
    if scope.role is Role.SYSADMIN and not scope.regions:
        query = select(Team)
    return session.scalars(query.order_by(Team.township_code, Team.name)).all()


def find(session: Session, scope: Scope, key: UUID) -> Team:
    """A team of the scope; NotFound otherwise."""
    team = next((team for team in listed(session, scope) if team.id == key), None)
    if team is None:
        raise NotFound("team")
    return team


def villages(session: Session, team: Team) -> Sequence[TeamVillage]:
    return session.scalars(
        select(TeamVillage)
        .where(TeamVillage.team_id == team.id)
        .order_by(TeamVillage.village_code, TeamVillage.from_on)
    ).all()


def members(session: Session, team: Team) -> Sequence[tuple[Membership, Staff]]:
    rows = session.execute(
        select(Membership, Staff)
        .join(Staff, Staff.id == Membership.staff_id)
        .where(Membership.team_id == team.id)
        .order_by(Membership.from_on, Staff.name)
    )
    return [(row, person) for row, person in rows]


def phone_of(session: Session, team: Team, on: date) -> str | None:
    """Where to call a team on a day: its own number, else its lead's; None where neither is known."""
    if team.phone.strip():
        return team.phone
    phones = session.scalars(
        select(Staff.phone)
        .join(Membership, Membership.staff_id == Staff.id)
        .where(
            Membership.team_id == team.id,
            Staff.role == Role.TEAM_LEAD,
            Staff.active,
            Membership.from_on <= on,
            or_(Membership.to_on.is_(None), Membership.to_on >= on),
        )
        .order_by(Membership.from_on, Staff.username)
    )
    return next((phone for phone in phones if phone), None)


def covered_on(session: Session, team: Team, on: date) -> list[str]:
    """Codes of the villages that a team covers on a day."""
    return [
        row.village_code
        for row in villages(session, team)
        if row.from_on <= on and (row.to_on is None or row.to_on >= on)
    ]


def village_row(session: Session, team: Team, key: UUID) -> TeamVillage:
    """One of a team's villages; NotFound otherwise."""
    found = session.get(TeamVillage, key)
    if found is None or found.team_id != team.id:
        raise NotFound("team_village")
    return found


def membership(session: Session, team: Team, key: UUID) -> Membership:
    """One of a team's memberships; NotFound otherwise."""
    found = session.get(Membership, key)
    if found is None or found.team_id != team.id:
        raise NotFound("membership")
    return found
