"""The calls of the lists and messages: shapes, scopes, filters, refusals; both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    OTHER_TOWN,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_team,
    a_visit_body,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Resident, Team
from tracker.services import job
from tracker.services.audit import SYSTEM

ROW = {
    "resident_id", "name", "village_code", "village", "team", "doctor", "disease", "task_id", "kind", "due",
    "days_overdue", "last_visit_on", "sbp", "dbp", "fpg", "contactable", "reason",
}  # fmt: skip


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def api(client: FlaskClient, session: Session, team: Team) -> Api:
    return Api(client, session, a_member_of_staff(session, team=team))


def overdue_by(session: Session, days: int, village: str = VILLAGE) -> Resident:
    resident = a_resident(session, village=village)
    a_condition(session, resident, enrolled_on=clock.today() - timedelta(days=14 + days))
    session.commit()
    return resident


def test_the_worklist_holds_what_is_due_within_a_week_and_overdue_only_the_late(
    api: Api, session: Session
) -> None:
    late, soon = overdue_by(session, 3), overdue_by(session, -7)
    overdue_by(session, -8)
    worklist, overdue = api.get("/worklist").json, api.get("/overdue").json
    assert [t["resident_id"] for t in worklist["tasks"]] == [str(late.id), str(soon.id)]
    assert (worklist["total"], worklist["persons"], worklist["page"]) == (2, 2, 1)
    assert [t["resident_id"] for t in overdue["tasks"]] == [str(late.id)]
    (row,) = overdue["tasks"]
    assert set(row) == ROW
    assert (row["name"], row["village"], row["team"], row["kind"]) == (
        late.name,
        "东村委会",
        "一队",
        "routine",
    )
    assert (row["days_overdue"], row["contactable"], row["sbp"]) == (3, True, None)
    assert row["reason"] == "还没有读数，季度随访，逾期 3 天"


def test_the_reason_tells_the_last_reading(api: Api, session: Session) -> None:
    person, today = overdue_by(session, 30), clock.today()
    day = (today - timedelta(days=17)).isoformat()
    body = a_visit_body(person.id, day, "hypertension", sbp=162, dbp=94)
    assert api.post("/visits", {"visits": [body]}).json["results"][0]["status"] == "accepted"
    (row,) = api.get("/overdue").json["tasks"]
    assert row["reason"] == "上次 162/94，二周复访，逾期 3 天"
    assert (row["last_visit_on"], row["sbp"], row["dbp"]) == (day, 162, 94)
    (before,) = api.get("/overdue", as_of=(today - timedelta(days=20)).isoformat()).json["tasks"]
    assert (before["kind"], before["days_overdue"], before["sbp"]) == ("routine", 10, None)


def test_filters_and_pages_are_in_the_address(api: Api, session: Session, team: Team) -> None:
    for days in (1, 2, 3):
        overdue_by(session, days)
    first = api.get("/overdue", per_page=2).json
    second = api.get("/overdue", per_page=2, page=2).json
    assert [t["days_overdue"] for t in first["tasks"] + second["tasks"]] == [3, 2, 1]
    assert (first["total"], second["total"], second["page"]) == (3, 3, 2)
    assert api.get("/overdue", team=team.name).json["total"] == 3
    assert api.get("/overdue", team="五队").json["total"] == 0
    assert api.get("/overdue", disease="diabetes").json["total"] == 0
    assert api.get("/overdue", region=VILLAGE).json["total"] == 3


def test_another_place_is_like_an_unknown_one(api: Api, session: Session, client: FlaskClient) -> None:
    overdue_by(session, 5, FAR_VILLAGE)
    for region in (OTHER_TOWN, FAR_VILLAGE, "999999"):
        found = api.get("/overdue", region=region)
        assert (found.status_code, found.json["total"], found.json["tasks"]) == (200, 0, [])
    over = Api(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    (row,) = over.get("/overdue", region=OTHER_TOWN).json["tasks"]
    assert "*" in row["name"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/overdue", {"as_of": "2026-02-30"}),
        ("/worklist", {"as_of": "99999-01-01"}),
        ("/worklist", {"as_of": "9999-12-31"}),
        ("/overdue", {"disease": "flu"}),
        ("/overdue", {"region": "襄城"}),
        ("/overdue", {"page": "0"}),
        ("/overdue", {"per_page": "201"}),
        ("/alerts", {"kind": "birthday"}),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_name(api: Api, path: str, asked: dict[str, str]) -> None:
    answer = api.get(path, **asked)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == list(asked)


def test_those_without_patients_have_no_lists(client: FlaskClient, session: Session) -> None:
    blind = Api(client, session, a_member_of_staff(session, Role.SYSADMIN, region=COUNTY))
    assert {blind.get(path).status_code for path in ("/worklist", "/overdue", "/alerts")} == {403}
    assert client.get("/api/v1/overdue").status_code == 401


def test_messages_come_from_the_scan_and_name_their_task(api: Api, session: Session) -> None:
    person = overdue_by(session, 3)
    overdue_by(session, 3, FAR_VILLAGE)
    job.run_by_hand(session, job.find("overdue-scan"), clock.today(), SYSTEM, clock.now(), "here")
    session.commit()
    found = api.get("/alerts", kind="overdue").json
    assert (found["total"], found["page"]) == (1, 1)
    (row,) = found["alerts"]
    assert (row["resident_id"], row["name"], row["role"]) == (str(person.id), person.name, "village_doctor")
    assert row["text"] == "高血压随访已逾期 3 天"
    assert row["task_id"] == api.get("/overdue").json["tasks"][0]["task_id"]
    assert api.get("/alerts", kind="target").json["alerts"] == []
    assert api.get("/overdue", doctor=str(uuid4())).json["total"] == 0


def test_the_lead_is_told_of_each_matter_once(client: FlaskClient, session: Session, team: Team) -> None:
    fresh, old = overdue_by(session, 3), overdue_by(session, 8)
    job.run_by_hand(session, job.find("overdue-scan"), clock.today(), SYSTEM, clock.now(), "here")
    session.commit()
    told = {}
    for role in (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD):
        found = Api(client, session, a_member_of_staff(session, role, team=team)).get("/alerts").json
        assert found["total"] == len(found["alerts"]) == 2
        told[role] = {row["resident_id"]: row["role"] for row in found["alerts"]}
    assert told[Role.VILLAGE_DOCTOR] == dict.fromkeys((str(fresh.id), str(old.id)), "village_doctor")
    assert told[Role.TEAM_LEAD] == {str(fresh.id): "village_doctor", str(old.id): "team_lead"}


def test_every_role_and_screen_counts_the_same(client: FlaskClient, session: Session, team: Team) -> None:
    for days in (1, 8, 31, 95):
        overdue_by(session, days)
    staff = [
        a_member_of_staff(session, team=team),
        a_member_of_staff(session, Role.TEAM_LEAD, team=team),
        a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=VILLAGE[:9]),
        a_member_of_staff(session, Role.COMMISSION, region=COUNTY),
    ]
    totals = {Api(client, session, one).get("/overdue").json["total"] for one in staff}
    result = job.run_by_hand(session, job.find("overdue-scan"), clock.today(), SYSTEM, clock.now(), "here")
    assert totals == {4} == {result["found"]}
