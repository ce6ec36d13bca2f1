"""A county in which every list has rows, and as many more as wanted: people, villages, staff, office work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    COUNTY,
    TOWN,
    VILLAGE,
    a_checkup,
    a_condition,
    a_contract,
    a_device,
    a_group,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Alert,
    AlertKind,
    AttemptOutcome,
    Audit,
    Card,
    ContactAttempt,
    Institution,
    InstitutionKind,
    JobRun,
    Level,
    Package,
    Population,
    Region,
    Resident,
    ResidentPhone,
    Roster,
    RosterState,
    Staff,
    StaffRegion,
    StatusEvent,
    Target,
    Task,
    Team,
    TeamVillage,
)


def someone_with_everything(
    session: Session, client: FlaskClient, team: Team, doctor: Staff, village: str = VILLAGE
) -> Resident:
    """A person of whom every list has a row, once visited and late since."""
    person, day = a_resident(session, village=village), clock.today() - timedelta(days=80)
    session.add_all(
        ResidentPhone(
            resident_id=person.id, village_code=person.village_code, position=n, number="13800000000",
            number_key=b"", tail_key=b"",
        )
        for n in (0, 1)
    )  # fmt: skip
    for disease in Disease:
        a_condition(session, person, disease, day - timedelta(days=100))
    a_contract(session, person, team, clock.today() - timedelta(days=350))
    a_group(session, person, "POV", day)
    a_checkup(session, person, day)
    session.add(Card(resident_id=person.id, code=f"{person.id.int % 10**8:08d}", made_at=clock.now()))
    waits_and_messages(session, person, doctor)
    visited(session, client, person, doctor)
    session.commit()
    return person


def visited(
    session: Session, client: FlaskClient, person: Resident, doctor: Staff, days_ago: int = 80
) -> None:
    """A visit whose readings call for a referral, and an attempt to reach the person."""
    day = clock.today() - timedelta(days=days_ago)
    body = a_visit_body(
        person.id, day.isoformat(), "hypertension", "diabetes", sbp=192, dbp=114, diabetes={"fpg": 17.2}
    )
    answer = Api(client, session, doctor).post("/visits", {"visits": [body]})
    assert answer.json["results"][0]["status"] == "accepted", answer.json
    again = [{**body, "sbp": 182}, {**body, "id": str(uuid4()), "sbp": 700}]
    answer = Api(client, session, doctor).post("/visits", {"visits": again})
    assert [r["status"] for r in answer.json["results"]] == ["conflict", "rejected"], answer.json
    session.add(
        ContactAttempt(
            resident_id=person.id, village_code=person.village_code, attempted_at=clock.now(),
            outcome=AttemptOutcome.LATER, recorded_at=clock.now(), staff_id=doctor.id,
        )
    )  # fmt: skip


def waits_and_messages(session: Session, person: Resident, doctor: Staff) -> None:
    task, today = session.scalars(select(Task).where(Task.resident_id == person.id)).first(), clock.today()
    assert task is not None
    session.add(
        StatusEvent(
            resident_id=person.id, village_code=person.village_code, status=Status.MOVED_OUT, on=today,
            recorded_at=clock.now(), staff_id=doctor.id,
        )
    )  # fmt: skip
    session.add(
        Alert(
            kind=AlertKind.OVERDUE, key=uuid4().hex, role=Role.TEAM_LEAD, region_code=person.village_code,
            resident_id=person.id, subject_id=task.id, code="overdue", params={"days": 3},
            raised_on=today, raised_at=clock.now(),
        )
    )  # fmt: skip


def an_office_with_everything(session: Session, importer: Staff) -> None:
    """What the administrators' lists are about; rosters are listed to whoever uploaded them."""
    at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    for _ in range(3):
        session.add(Package(code=uuid4().hex[:8], name="停用的包", active=False))
        team = a_team(session, name=f"队{uuid4().hex[:6]}", villages=(VILLAGE,))
        member = a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN, team=team)
        act = {"staff_id": member.id, "role": member.role, "action": "sign in", "object_type": "staff"}
        session.add(Audit(at=at, object_id=str(member.id), village_code=VILLAGE, **act))
        file = {"file_name": "名册.xlsx", "file_hash": b"", "state": RosterState.APPLIED}
        of = {"county_code": COUNTY, "region_codes": [TOWN], "staff_id": importer.id}
        session.add(Roster(uploaded_at=at, touched_at=at, **file, **of))
    runs = session.scalar(select(func.count()).select_from(JobRun)) or 0
    for job in ("overdue-scan", "contract-expiry", "target-check"):
        session.add_all(JobRun(job=job, slot=str(runs + n), state="done", started_at=at) for n in range(3))
    session.commit()


def a_village_with_a_doctor(session: Session, team: Team) -> Staff:
    """Another village of the team, with all that is known of places, and who works there with which phone."""
    number = session.scalar(select(func.count()).where(Region.code.startswith(TOWN))) or 0
    code, year = f"{TOWN}{300 + number}", clock.today().year
    session.add(Region(code=code, name=f"村{number}", level=Level.VILLAGE, parent_code=TOWN))
    session.flush()
    session.add(TeamVillage(team_id=team.id, village_code=code))
    session.add(Population(region_code=code, year=year, resident=1000))
    session.add(Target(region_code=code, year=year, indicator="contract_rate", percent=Decimal(60)))
    session.add(Institution(name=f"卫生室{number}", kind=InstitutionKind.CLINIC, region_code=code))
    doctor = a_member_of_staff(session, region=code, team=team)
    a_device(session, doctor)
    session.flush()
    return doctor


def grown(
    session: Session, client: FlaskClient, team: Team, doctor: Staff, importer: Staff, villages: int
) -> None:
    """More of everything, each person in a village and with a doctor of its own, and one with `doctor`.

    One person in two is away, which lists ask about separately.
    """
    for number in range(villages):
        other = a_village_with_a_doctor(session, team)
        place = session.scalars(select(StaffRegion.region_code).where(StaffRegion.staff_id == other.id)).one()
        person = someone_with_everything(session, client, team, other, place)
        someone_with_everything(session, client, team, doctor)
        a_device(session, doctor)
        if number % 2:
            a_status(session, person, Status.AWAY, clock.today())
    an_office_with_everything(session, importer)
