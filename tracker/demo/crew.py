"""The staff of the made-up county: a doctor in each village, teams with leads, offices above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from tracker import clock
from tracker.demo.names import from_elsewhere, given
from tracker.demo.places import Place, Plan, Village
from tracker.domain.person import Sex
from tracker.domain.roles import Role
from tracker.models import (
    Institution,
    InstitutionKind,
    Membership,
    Staff,
    StaffRegion,
    Team,
    TeamVillage,
)
from tracker.models.base import Base

VILLAGES_PER_TEAM = 16
NUMERALS = "一二三四五六七八九十"
OPENED = timedelta(days=600)
"""How long ago the staff were entered."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Who looks after one village."""

    village: Village
    doctor: Staff
    lead: Staff
    team: Team


@dataclass(slots=True)
class Crew:
    """Everything to be stored, in order, and who looks after which village."""

    villages_per_team: int
    rows: list[Base] = field(default_factory=list)
    practices: dict[str, Practice] = field(default_factory=dict)
    staff: list[Staff] = field(default_factory=list)


def gather(
    plan: Plan, places: list[Place], villages: list[Village], villages_per_team: int = VILLAGES_PER_TEAM
) -> Crew:
    """The whole staff of the county."""
    crew = Crew(villages_per_team)
    names = {place["code"]: str(place["name"]) for place in places}
    hospital = _institution(
        plan, plan.county, f"{names[plan.county]}人民医院", InstitutionKind.COUNTY_HOSPITAL
    )
    crew.rows.append(hospital)
    _county(plan, crew, hospital)
    townships: dict[str, list[Village]] = {}
    for village in villages:
        townships.setdefault(village.township, []).append(village)
    for number, (code, inside) in enumerate(townships.items(), start=1):
        _township(plan, crew, number, names[code], inside, hospital)
    return crew


def _county(plan: Plan, crew: Crew, hospital: Institution) -> None:
    for username, role in (
        ("county01", Role.COUNTY_DOCTOR),
        ("commission", Role.COMMISSION),
        ("auditor", Role.AUDITOR),
        ("sysadmin", Role.SYSADMIN),
    ):
        works_at = hospital.id if role is Role.COUNTY_DOCTOR else None
        _member(plan, crew, username, role, plan.county, works_at)


def _township(
    plan: Plan, crew: Crew, number: int, name: str, villages: list[Village], hospital: Institution
) -> None:
    code = villages[0].township
    own = _institution(
        plan, code, f"{name.removesuffix('街道')}卫生院", InstitutionKind.TOWNSHIP_HOSPITAL, hospital.id
    )
    crew.rows.append(own)
    _member(plan, crew, f"town{number:02d}", Role.TOWNSHIP_ADMIN, code, own.id)
    count = -(-len(villages) // crew.villages_per_team)
    for n in range(count):
        covered = villages[len(villages) * n // count : len(villages) * (n + 1) // count]
        label = NUMERALS[n] if n < len(NUMERALS) else str(n + 1)
        _team(plan, crew, f"{name}第{label}家庭医生团队", covered, own)


def _team(plan: Plan, crew: Crew, name: str, villages: list[Village], hospital: Institution) -> None:
    team = Team(
        id=plan.id("team", name),
        county_code=plan.county,
        township_code=villages[0].township,
        name=name,
        phone=f"0374-35{plan.chance('team', name).randrange(100_000):05d}",
        institution_id=hospital.id,
    )
    crew.rows.append(team)
    crew.rows += [
        TeamVillage(id=plan.id("covers", village.code), team_id=team.id, village_code=village.code)
        for village in villages
    ]
    number = sum(member.role is Role.TEAM_LEAD for member in crew.staff) + 1
    lead = _member(plan, crew, f"lead{number:02d}", Role.TEAM_LEAD, team.township_code, hospital.id, team.id)
    for village in villages:
        username = f"d{village.index + 1:04d}"
        doctor = _member(plan, crew, username, Role.VILLAGE_DOCTOR, village.code, hospital.id, team.id)
        crew.practices[village.code] = Practice(village, doctor, lead, team)


def _member(
    plan: Plan,
    crew: Crew,
    username: str,
    role: Role,
    region: str,
    works_at: UUID | None,
    team_id: UUID | None = None,
) -> Staff:
    random = plan.chance("staff", username)
    staff = Staff(
        id=plan.id("staff", username),
        username=username,
        name=_name(random),
        role=role,
        phone=phone(random),
        licence_kind="rural_doctor" if role is Role.VILLAGE_DOCTOR else "",
        licence_expires_on=_licence(random, plan.today) if role is Role.VILLAGE_DOCTOR else None,
        institution_id=works_at,
        created_at=opened_at(plan.today),
    )
    crew.staff.append(staff)
    crew.rows += [staff, StaffRegion(id=plan.id("place", username), staff_id=staff.id, region_code=region)]
    if team_id is not None:
        role_in_team = "团队长" if role is Role.TEAM_LEAD else "村医"
        crew.rows.append(
            Membership(
                id=plan.id("member", username), team_id=team_id, staff_id=staff.id, role_in_team=role_in_team
            )
        )
    return staff


def _name(random: Random) -> str:
    sex = random.choice((Sex.MALE, Sex.FEMALE))
    return from_elsewhere(random) + given(random, sex, random.randint(1962, 1999))


def _licence(random: Random, today: date) -> date:
    return today + timedelta(days=random.randint(20, 1500))


def _institution(
    plan: Plan, code: str, name: str, kind: InstitutionKind, parent_id: UUID | None = None
) -> Institution:
    return Institution(
        id=plan.id("institution", code, name), name=name, kind=kind, region_code=code, parent_id=parent_id
    )


def opened_at(today: date) -> datetime:
    return datetime.combine(today - OPENED, time(8, 0), clock.zone())


def phone(random: Random) -> str:
    """A mobile number that rings nowhere: 1400 numbers are for devices, and have more digits."""
    return f"1400{random.randrange(10_000_000):07d}"


def ordered(rows: list[Base]) -> Iterator[tuple[type[Base], list[Base]]]:
    """The rows by table, those first that others point at."""
    for model in (Institution, Team, TeamVillage, Staff, StaffRegion, Membership):
        yield model, [row for row in rows if type(row) is model]
