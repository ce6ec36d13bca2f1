"""No page or call asks the database once for each of its rows; both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Api, Pages
from tests.factories import (
    COUNTY,
    TOWN,
    VILLAGE,
    a_checkup,
    a_condition,
    a_contract,
    a_group,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tests.statements import statements
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Alert,
    AlertKind,
    AttemptOutcome,
    Audit,
    ContactAttempt,
    Resident,
    ResidentPhone,
    Roster,
    RosterState,
    Staff,
    StatusEvent,
    Task,
    Team,
    Visit,
)

PAGES = (
    (Role.VILLAGE_DOCTOR, "/worklist"),
    (Role.VILLAGE_DOCTOR, "/worklist?whose=team"),
    (Role.TEAM_LEAD, "/overdue"),
    (Role.COMMISSION, "/overdue"),
    (Role.VILLAGE_DOCTOR, "/residents"),
    (Role.VILLAGE_DOCTOR, "/residents?q=英"),
    (Role.VILLAGE_DOCTOR, "/residents?q=zy"),
    (Role.COMMISSION, "/residents?q=英"),
    (Role.TEAM_LEAD, "/alerts"),
    (Role.TEAM_LEAD, "/contracts"),
    (Role.TEAM_LEAD, "/approvals"),
    (Role.TEAM_LEAD, "/uploads"),
    (Role.TOWNSHIP_ADMIN, "/uploads"),
    (Role.VILLAGE_DOCTOR, "/referrals"),
    (Role.COUNTY_DOCTOR, "/referrals"),
    (Role.TOWNSHIP_ADMIN, "/imports"),
    (Role.COMMISSION, "/dashboard"),
    (Role.COMMISSION, "/indicators/contract_rate?region=411025101"),
    (Role.SYSADMIN, "/admin/staff"),
    (Role.SYSADMIN, "/admin/teams"),
    (Role.SYSADMIN, "/admin/audit"),
)
CALLS = (
    "/worklist",
    "/overdue",
    "/residents",
    "/residents?q=zy",
    "/alerts",
    "/contracts",
    "/indicators",
    "/teams",
)
Reader = tuple[Callable[[], Api | Pages], str]
"""Who asks, and where."""
OF_PERSON = ("/residents/{person}", "/visits/{visit}", "/residents/{person}/visits/new")


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


def someone_with_everything(session: Session, client: FlaskClient, team: Team, doctor: Staff) -> Resident:
    """A person of whom every list has a row, once visited and late since."""
    person, day = a_resident(session), clock.today() - timedelta(days=80)
    session.add_all(
        ResidentPhone(
            resident_id=person.id, village_code=VILLAGE, position=n, number="13800000000",
            number_key=b"", tail_key=b"",
        )
        for n in (0, 1)
    )  # fmt: skip
    for disease in Disease:
        a_condition(session, person, disease, day - timedelta(days=100))
    a_contract(session, person, team, clock.today() - timedelta(days=350))
    a_group(session, person, "POV", day)
    a_checkup(session, person, day)
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
            resident_id=person.id, village_code=VILLAGE, attempted_at=clock.now(),
            outcome=AttemptOutcome.LATER, recorded_at=clock.now(), staff_id=doctor.id,
        )
    )  # fmt: skip


def waits_and_messages(session: Session, person: Resident, doctor: Staff) -> None:
    task, today = session.scalars(select(Task).where(Task.resident_id == person.id)).first(), clock.today()
    assert task is not None
    session.add(
        StatusEvent(
            resident_id=person.id, village_code=VILLAGE, status=Status.MOVED_OUT, on=today,
            recorded_at=clock.now(), staff_id=doctor.id,
        )
    )  # fmt: skip
    session.add(
        Alert(
            kind=AlertKind.OVERDUE, key=uuid4().hex, role=Role.TEAM_LEAD, region_code=VILLAGE,
            resident_id=person.id, subject_id=task.id, code="overdue", params={"days": 3},
            raised_on=today, raised_at=clock.now(),
        )
    )  # fmt: skip


def an_office_with_everything(session: Session) -> None:
    """What the administrators' lists are about."""
    at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    for _ in range(3):
        team = a_team(session, name=f"队{uuid4().hex[:6]}", villages=(VILLAGE,))
        member = a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN, team=team)
        act = {"staff_id": member.id, "role": member.role, "action": "sign in", "object_type": "staff"}
        session.add(Audit(at=at, object_id=str(member.id), village_code=VILLAGE, **act))
        file = {"file_name": "名册.xlsx", "file_hash": b"", "state": RosterState.APPLIED}
        of = {"county_code": COUNTY, "region_codes": [TOWN], "staff_id": member.id}
        session.add(Roster(uploaded_at=at, touched_at=at, **file, **of))
    session.commit()


def grown(session: Session, client: FlaskClient, team: Team, doctor: Staff, people: int) -> None:
    """More of everything; one person in two is away, which lists ask about separately."""
    for number in range(people):
        person = someone_with_everything(session, client, team, doctor)
        if number % 2:
            a_status(session, person, Status.AWAY, clock.today())
    an_office_with_everything(session)


def counts(session: Session, readers: Mapping[str, Reader]) -> dict[str, int]:
    """How many statements each address takes, once what is kept between requests is there."""
    found = {}
    for name, (asking, address) in readers.items():
        path, _, query = address.partition("?")
        assert asking().get(path, **dict(parse_qsl(query))).status_code == 200, name
        reader = asking()
        with statements(session) as run:
            reader.get(path, **dict(parse_qsl(query)))
        found[name] = len(run)
    return found


def readers(client: FlaskClient, session: Session, team: Team) -> dict[str, Reader]:
    """Everybody who reads a list, by what they read."""
    own = {role: a_member_of_staff(session, role, region=COUNTY, team=team) for role, _ in PAGES}
    session.commit()
    pages = {f"{role} {path}": (partial(Pages, client, session, own[role]), path) for role, path in PAGES}
    calls = {f"api {path}": (partial(Api, client, session, own[Role.TEAM_LEAD]), path) for path in CALLS}
    return {**pages, **calls}


def test_lists_cost_the_same_statements_however_many_rows_they_have(
    client: FlaskClient, session: Session, team: Team, doctor: Staff
) -> None:
    grown(session, client, team, doctor, 2)
    asked = readers(client, session, team)
    few = counts(session, asked)
    grown(session, client, team, doctor, 6)
    many = counts(session, asked)
    assert {name: (n, many[name]) for name, n in few.items() if many[name] > n} == {}


def test_a_person_costs_the_same_statements_however_long_the_history_is(
    client: FlaskClient, session: Session, team: Team, doctor: Staff
) -> None:
    person = someone_with_everything(session, client, team, doctor)
    visit = session.scalars(select(Visit.id)).one()
    asking = partial(Pages, client, session, doctor)
    asked = {path: (asking, path.format(person=person.id, visit=visit)) for path in OF_PERSON}
    few = counts(session, asked)
    for days in range(5):
        a_checkup(session, person, clock.today() - timedelta(days=days))
        visited(session, client, person, doctor, days)
    session.commit()
    many = counts(session, asked)
    assert {name: (n, many[name]) for name, n in few.items() if many[name] > n} == {}
