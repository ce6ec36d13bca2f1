"""Made-up people and what happens to them: plain functions that write straight through the models."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from tracker.domain.contract import ContractKind, Evidence, occupied_until, term
from tracker.domain.person import Sex
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Checkup,
    Condition,
    Contract,
    Device,
    Level,
    Membership,
    Region,
    Residence,
    Resident,
    ResidentGroup,
    ResidentInitials,
    Staff,
    StaffRegion,
    StatusEvent,
    Team,
    TeamVillage,
)
from tracker.models.sealed import blind_index
from tracker.services.course import course
from tracker.services.resident import residence

COUNTY, TOWN, OTHER_TOWN = "411025", "411025101", "411025102"
VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "411025101201", "411025101202", "411025102201"
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
_serial = itertools.count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def an_id_number(birth: date, serial: int, *, male: bool = True) -> str:
    """A valid number of an area code that nobody has."""
    body = f"999{serial // 100 % 1000:03d}{birth:%Y%m%d}{serial % 100:02d}{1 if male else 2}"
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, _WEIGHTS, strict=True)) % 11]


def a_region_tree(session: Session) -> None:
    """A county of two townships and three villages; made once, however often it is asked for."""
    if session.get(Region, COUNTY) is not None:
        return
    rows = [
        ("41", "河南省", Level.PROVINCE, None),
        ("4110", "许昌市", Level.CITY, "41"),
        (COUNTY, "襄城县", Level.COUNTY, "4110"),
        (TOWN, "颍桥镇", Level.TOWNSHIP, COUNTY),
        (OTHER_TOWN, "麦岭镇", Level.TOWNSHIP, COUNTY),
        (VILLAGE, "东村委会", Level.VILLAGE, TOWN),
        (NEXT_VILLAGE, "西村委会", Level.VILLAGE, TOWN),
        (FAR_VILLAGE, "南村委会", Level.VILLAGE, OTHER_TOWN),
    ]
    for code, name, level, parent in rows:
        session.add(Region(code=code, name=name, level=level, parent_code=parent))
        session.flush()


def a_team(session: Session, name: str = "一队", villages: tuple[str, ...] = (VILLAGE, NEXT_VILLAGE)) -> Team:
    a_region_tree(session)
    team = Team(county_code=COUNTY, township_code=villages[0][:9], name=name, phone="0374-3500000")
    session.add(team)
    session.flush()
    session.add_all(TeamVillage(team_id=team.id, village_code=v) for v in villages)
    session.flush()
    return team


def a_member_of_staff(
    session: Session,
    role: Role = Role.VILLAGE_DOCTOR,
    *,
    region: str = VILLAGE,
    team: Team | None = None,
    username: str | None = None,
) -> Staff:
    a_region_tree(session)
    n = next(_serial)
    staff = Staff(username=username or f"u{n}", name=f"医生{n}", role=role, created_at=AT)
    session.add(staff)
    session.flush()
    session.add(StaffRegion(staff_id=staff.id, region_code=region))
    if team is not None:
        session.add(Membership(team_id=team.id, staff_id=staff.id))
    session.flush()
    return staff


def a_resident(
    session: Session, *, village: str = VILLAGE, birth: date = date(1960, 5, 20), name: str | None = None
) -> Resident:
    a_region_tree(session)
    n = next(_serial)
    number = an_id_number(birth, n)
    resident = Resident(
        county_code=village[:6],
        village_code=village,
        archive_no=f"{village}{n:05d}",
        name=name or f"张{n}英",
        sex=Sex.MALE,
        birth_date=birth,
        id_number=number,
        identity_key=blind_index("resident.id_number", number),
        id_tail=blind_index("resident.id_tail", number[-4:]),
        created_at=AT,
    )
    session.add(resident)
    session.flush()
    session.add(Residence(resident_id=resident.id, village_code=village, from_on=birth))
    session.add(ResidentInitials(resident_id=resident.id, initials="zy", village_code=village))
    session.flush()
    return resident


def a_condition(
    session: Session,
    resident: Resident,
    disease: Disease = Disease.HYPERTENSION,
    enrolled_on: date = date(2026, 1, 5),
) -> Condition:
    condition = Condition(
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=disease,
        diagnosed_on=enrolled_on,
        enrolled_on=enrolled_on,
        created_at=AT,
    )
    session.add(condition)
    session.flush()
    course.rewrite(session, [resident], AT)
    return condition


def a_status(
    session: Session,
    resident: Resident,
    status: Status,
    on: date,
    disease: Disease | None = None,
    until: date | None = None,
) -> StatusEvent:
    """A status that is in effect; without a disease the person's own, whose residence ends with it."""
    event = StatusEvent(
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=disease,
        status=status,
        on=on,
        until=until,
        recorded_at=AT,
        approved_at=AT,
    )
    session.add(event)
    if disease is None and status in (Status.DEAD, Status.MOVED_OUT):
        residence.end(session, resident, on)
    course.rewrite(session, [resident], AT)
    return event


def a_contract(
    session: Session,
    resident: Resident,
    team: Team,
    start_on: date,
    *,
    years: int = 1,
    evidence: str = "paper",
    terminated_on: date | None = None,
) -> Contract:
    """A contract signed on its first day."""
    end_on = term(start_on, years).end_on
    contract = Contract(
        number=uuid4().hex,
        resident_id=resident.id,
        village_code=resident.village_code,
        village_code_at=resident.village_code,
        team_id=team.id,
        kind=ContractKind.FIRST,
        years=years,
        signed_on=start_on,
        start_on=start_on,
        end_on=end_on,
        evidence=Evidence(evidence),
        terminated_on=terminated_on,
        occupied_until=None if evidence == "none" else occupied_until(end_on, terminated_on),
        created_at=AT,
    )
    session.add(contract)
    session.flush()
    return contract


def a_device(session: Session, owner: Staff) -> Device:
    """A phone that nobody can sign for."""
    device = Device(
        id=uuid4(), staff_id=owner.id, name="旧手机", public_key=bytes(65), share="", user_agent="",
        registered_at=AT, last_seen_at=AT, revoked_for="", last_sequence=0, arrived_to=0, arrived_later=[],
    )  # fmt: skip
    session.add(device)
    session.flush()
    return device


def a_checkup(session: Session, resident: Resident, on: date) -> Checkup:
    checkup = Checkup(
        resident_id=resident.id, village_code=resident.village_code, checked_on=on, recorded_at=AT
    )
    session.add(checkup)
    session.flush()
    return checkup


def a_group(
    session: Session, resident: Resident, code: str, from_on: date, to_on: date | None = None
) -> ResidentGroup:
    group = ResidentGroup(
        resident_id=resident.id,
        village_code=resident.village_code,
        code=code,
        from_on=from_on,
        to_on=to_on,
    )
    session.add(group)
    session.flush()
    return group


def a_visit_body(resident_id: UUID, day: str, *diseases: str, **more: Any) -> dict[str, Any]:
    """The JSON of a visit; a dict under a disease's name goes into its block."""
    block = {"symptoms": [1], "adherence": 1, "adverse_reaction": 1, "complication": "none"}
    body = {
        "id": str(uuid4()),
        "resident_id": str(resident_id),
        "visit_date": day,
        "mode": "clinic",
        "recorded_at": f"{day}T09:00:00+08:00",
        "emergency_signs": [],
        **{k: v for k, v in more.items() if k not in ("hypertension", "diabetes")},
    }
    for disease in diseases:
        body[disease] = {**block, **more.get(disease, {})}
    return body
