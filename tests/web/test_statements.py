"""No page, workbook or call asks the database once for each of its rows; both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import NamedTuple
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Api, Pages
from tests.factories import (
    COUNTY,
    VILLAGE,
    a_checkup,
    a_contract,
    a_device,
    a_member_of_staff,
    a_team,
)
from tests.growing import grown, someone_with_everything, visited
from tests.statements import statements
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import TaskKind
from tracker.models import (
    Contract,
    Roster,
    Staff,
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
    (Role.COMMISSION, "/dashboard?region=411025101"),
    (Role.COMMISSION, "/indicators/contract_rate?region=411025101"),
    (Role.SYSADMIN, "/admin/staff"),
    (Role.SYSADMIN, "/admin/teams"),
    (Role.SYSADMIN, "/admin/audit"),
    (Role.VILLAGE_DOCTOR, "/cards"),
    (Role.TEAM_LEAD, "/cards?whom=chosen&village=411025101201"),
    (Role.TEAM_LEAD, "/targets"),
    (Role.COMMISSION, "/targets"),
    (Role.TEAM_LEAD, "/devices"),
    (Role.SYSADMIN, "/devices"),
    (Role.TEAM_LEAD, "/dashboard"),
    (Role.TEAM_LEAD, "/residents"),
    (Role.COMMISSION, "/alerts"),
    (Role.TEAM_LEAD, "/worklist"),
    (Role.SYSADMIN, "/admin/jobs"),
    (Role.SYSADMIN, "/admin/institutions"),
    (Role.TOWNSHIP_ADMIN, "/admin/institutions"),
    (Role.SYSADMIN, "/admin/packages"),
    (Role.SYSADMIN, "/admin/teams/{team}"),
    (Role.SYSADMIN, "/admin/staff/{doctor}"),
    (Role.TEAM_LEAD, "/overdue.xlsx"),
    (Role.COMMISSION, "/overdue.xlsx"),
    (Role.COMMISSION, "/dashboard.xlsx?region=411025101"),
    (Role.TEAM_LEAD, "/indicators/contract_rate.xlsx?region=411025101"),
    (Role.COMMISSION, "/indicators/timely_rate.xlsx?region=411025101"),
    (Role.TOWNSHIP_ADMIN, "/imports/{roster}"),
    (Role.VILLAGE_DOCTOR, "/referrals/{referral}"),
    (Role.COUNTY_DOCTOR, "/referrals/{referral}"),
    (Role.COMMISSION, "/residents/{person}/status"),
    (Role.VILLAGE_DOCTOR, "/residents/{person}/status"),
)
OF_ONE = ("/imports/{roster}", "/referrals/{referral}", "/residents/{person}")
"""Addresses of one thing, which show no more when there is more of everything else."""
ALIKE = (
    "village_doctor /cards",
    "team_lead /cards?whom=chosen&village=411025101201",
    "commission /targets",
    "commission /alerts",
    "api /indicators",
    "api /teams",
    "api /devices",
)
"""What shows as many things as before: areas, indicators, own teams and own phones."""
CALLS = (
    "/worklist",
    "/overdue",
    "/residents",
    "/residents?q=zy",
    "/alerts",
    "/contracts",
    "/indicators",
    "/teams",
    "/targets",
    "/population",
    "/devices",
    "/sync",
    "/residents/{person}",
)
MOST = {"team_lead /overdue": 25, "village_doctor /worklist": 19, "api /overdue": 13, "api /worklist": 13}
"""How many statements the lists take that are opened most."""
Reader = tuple[Callable[[], Api | Pages], str]
"""Who asks, and where."""
HISTORY = ("/residents/{person}", "/residents/{person}/visits.xlsx")
OF_PERSON = (
    *HISTORY,
    "/visits/{visit}",
    "/contracts/{contract}",
    "/residents/{person}/visits/new",
    "/residents/{person}/status",
)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def importer(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=COUNTY, team=team)


class Cost(NamedTuple):
    statements: int
    shown: int


def costs(session: Session, readers: Mapping[str, Reader]) -> dict[str, Cost]:
    """What each address takes and shows, once what is kept between requests is there."""
    found = {}
    for name, (asking, address) in readers.items():
        path, _, query = address.partition("?")
        assert asking().get(path, **dict(parse_qsl(query))).status_code == 200, name
        reader = asking()
        with statements(session) as run:
            answer = reader.get(path, **dict(parse_qsl(query)))
        found[name] = Cost(len(run), shown(answer))
    assert [name for name, cost in found.items() if 0 in cost] == []
    return found


def shown(answer: TestResponse) -> int:
    """How many things an answer tells: filled cells of a workbook, objects of JSON, or parts of a page."""
    if answer.mimetype.endswith(".sheet"):
        book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return sum(cell != "" for sheet in sheets for row in sheet for cell in row)
    parts = ("{",) if answer.is_json else ("<tr", "<li", "<section", "<article", "<form")
    return sum(answer.text.count(part) for part in parts)


def growing(few: Mapping[str, Cost], many: Mapping[str, Cost]) -> dict[str, tuple[int, int]]:
    """The addresses that take more statements when they show more."""
    return {
        n: (c.statements, many[n].statements) for n, c in few.items() if many[n].statements > c.statements
    }


def readers(
    client: FlaskClient, session: Session, team: Team, doctor: Staff, importer: Staff
) -> dict[str, Reader]:
    """Everybody who reads a list, by what they read."""
    own = {role: a_member_of_staff(session, role, region=COUNTY, team=team) for role, _ in PAGES}
    own[Role.TOWNSHIP_ADMIN] = importer
    a_device(session, own[Role.TEAM_LEAD])
    session.commit()
    referral = select(Task).where(Task.kind == TaskKind.REFERRAL_TRACKING, Task.village_code == VILLAGE)
    task = session.scalars(referral.order_by(Task.id)).first()
    assert task is not None
    roster = session.scalars(select(Roster.id).order_by(Roster.id)).first()
    known = {"person": task.resident_id, "referral": task.id, "roster": roster}
    known |= {"team": team.id, "doctor": doctor.id}
    pages = {
        f"{role} {path}": (partial(Pages, client, session, own[role]), path.format(**known))
        for role, path in PAGES
    }
    lead = partial(Api, client, session, own[Role.TEAM_LEAD])
    calls = {f"api {path}": (lead, path.format(**known)) for path in CALLS}
    return {**pages, **calls}


def test_lists_cost_the_same_statements_however_many_rows_they_have(
    client: FlaskClient, session: Session, team: Team, doctor: Staff, importer: Staff
) -> None:
    grown(session, client, team, doctor, importer, 2)
    asked = readers(client, session, team, doctor, importer)
    few = costs(session, asked)
    grown(session, client, team, doctor, importer, 6)
    many = costs(session, asked)
    assert growing(few, many) == {}
    lists = [name for name in asked if name not in ALIKE and not any(one in name for one in OF_ONE)]
    assert [name for name in lists if many[name].shown <= few[name].shown] == []
    assert {n: many[n].statements for n, most in MOST.items() if many[n].statements > most} == {}


def test_a_person_costs_the_same_statements_however_long_the_history_is(
    client: FlaskClient, session: Session, team: Team, doctor: Staff
) -> None:
    person = someone_with_everything(session, client, team, doctor)
    known = {
        "person": person.id,
        "visit": session.scalars(select(Visit.id)).one(),
        "contract": session.scalars(select(Contract.id)).one(),
    }
    asking, calling = partial(Pages, client, session, doctor), partial(Api, client, session, doctor)
    asked: dict[str, Reader] = {path: (asking, path.format(**known)) for path in OF_PERSON}
    calls = ("/residents/{person}", "/residents/{person}/visits")
    asked |= {f"api {path}": (calling, path.format(**known)) for path in calls}
    few = costs(session, asked)
    for days in range(5):
        a_checkup(session, person, clock.today() - timedelta(days=days))
        a_contract(session, person, team, clock.today() + timedelta(days=400 * (days + 1)))
        visited(session, client, person, doctor, days)
    session.commit()
    many = costs(session, asked)
    assert growing(few, many) == {}
    histories = (*HISTORY, "api /residents/{person}/visits")
    assert [name for name in histories if many[name].shown <= few[name].shown] == []
