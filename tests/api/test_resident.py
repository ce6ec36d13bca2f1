"""The calls about people, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    TOWN,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_team,
    a_visit_body,
    an_id_number,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Resident, Staff, Team

BIRTH = date(1956, 3, 2)
CALLS: dict[str, dict[str, Any]] = {
    "conditions": {"disease": "hypertension", "diagnosed_on": "2025-01-06", "enrolled_on": "2025-01-06"},
    "status": {"status": "away", "on": "2026-01-06", "reason": "外出打工"},
    "attempts": {"attempted_at": "2026-01-06T10:00:00+08:00", "outcome": "unreachable", "note": ""},
    "checkups": {"checked_on": "2026-01-06", "institution": "颍桥镇卫生院", "results": {"fpg": 6.1}},
    "referral-outcome": {
        "disease": "hypertension", "outcome": "arrived", "outcome_on": "2026-01-06", "source": "县医院",
    },
}  # fmt: skip


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def api(client: FlaskClient, session: Session, doctor: Staff) -> Api:
    return Api(client, session, doctor)


def lead_of(client: FlaskClient, session: Session, team: Team) -> Api:
    return Api(client, session, a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team))


@pytest.fixture
def person(session: Session) -> Resident:
    return a_resident(session)


def a_body(n: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": "张秀英",
        "id_number": an_id_number(BIRTH, n, male=False),
        "sex": "female",
        "birth_date": BIRTH.isoformat(),
        "phones": ["13812345678", "0374-3511234"],
        "region_code": VILLAGE,
        "groups": ["DIS"],
        "registered": True,
        **more,
    }


def test_a_person_is_registered_once_and_shown_alike(api: Api) -> None:
    sent = a_body(id=str(uuid4()))
    first = api.post("/residents", sent)
    assert first.status_code == 201
    assert first.headers["Location"].endswith(f"/api/v1/residents/{sent['id']}")
    assert first.json == {
        "id": sent["id"],
        "name": "张秀英",
        "id_type": "id_card",
        "id_number": "*" * 14 + sent["id_number"][-4:],
        "no_id_reason": None,
        "sex": "female",
        "birth_date": "1956-03-02",
        "phones": ["13812345678", "0374-3511234"],
        "region_code": VILLAGE,
        "address": None,
        "allergies": None,
        "archive_no": f"{VILLAGE}00001",
        "groups": ["ELD", "DIS"],
        "registered": True,
        "status": "active",
        "conditions": [],
        "contract": None,
    }
    again = api.post("/residents", sent)
    assert (again.status_code, again.json) == (200, first.json)
    assert api.post("/residents", sent | {"name": "张秀兰"}).status_code == 409
    assert api.get(f"/residents/{sent['id']}").json == first.json
    duplicate = api.post("/residents", a_body())
    assert duplicate.status_code == 409
    assert "张秀英" in duplicate.json["errors"]["id_number"][0]


@pytest.mark.parametrize(
    ("said", "kept"), [("青霉素、 海鲜", "青霉素、 海鲜"), ("无", "无"), ("  ", None), (None, None)]
)
def test_allergies_are_kept_in_words_and_empty_means_not_asked(
    api: Api, session: Session, said: str | None, kept: str | None
) -> None:
    answer = api.post("/residents", a_body(allergies=said))
    assert (answer.status_code, answer.json["allergies"]) == (201, kept)
    stored = session.scalar(text("SELECT allergies FROM resident"))
    assert stored is None if kept is None else kept.encode() not in bytes(stored)


def test_allergies_have_a_length_and_are_not_for_everybody(
    api: Api, client: FlaskClient, session: Session
) -> None:
    assert list(api.post("/residents", a_body(allergies="长" * 201)).json["errors"]) == ["allergies"]
    made = api.post("/residents", a_body(allergies="长" * 200)).json
    county = Api(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    assert county.get(f"/residents/{made['id']}").json["allergies"] is None


def test_lists_are_searched_filtered_and_paged(api: Api) -> None:
    for n in range(3):
        assert api.post("/residents", a_body(n, name=f"张秀{'英兰梅'[n]}")).status_code == 201
    assert api.get("/residents").json["total"] == 3
    found = api.get("/residents", q="zxl").json
    assert [r["name"] for r in found["residents"]] == ["张秀兰"]
    page = api.get("/residents", per_page=2, page=2).json
    assert (len(page["residents"]), page["total"], page["page"]) == (1, 3, 2)
    assert api.get("/residents", group="DIS", village=VILLAGE, status="active").json["total"] == 3
    assert api.get("/residents", disease="diabetes").json["total"] == 0
    assert api.get("/residents", group="XYZ").status_code == 422
    assert api.get("/residents", per_page=500).status_code == 422
    assert api.get("/residents", q="长" * 2000).json["total"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id_number": "4.40524E+17"}, "id_number"),
        ({"id_number": None}, "no_id_reason"),
        ({"name": "长" * 2000}, "name"),
        ({"note": "\0"}, "note"),
        ({"phones": ["12"]}, "phones"),
        ({"region_code": FAR_VILLAGE}, "region_code"),
        ({"sex": 1}, "sex"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_wrong_bodies_say_which_field(api: Api, change: dict[str, Any], field: str) -> None:
    answer = api.post("/residents", a_body(**change))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.json["errors"]) == [field]
    assert answer.json["errors"][field][0]


def test_what_is_recorded_about_a_person_answers_201_with_a_place(api: Api, person: Resident) -> None:
    for call, body in CALLS.items():
        answer = api.post(f"/residents/{person.id}/{call}", body)
        assert answer.status_code == 201, (call, answer.json)
        assert answer.headers["Location"].endswith(f"/residents/{person.id}")
        assert body.items() <= (answer.json | {"attempted_at": body.get("attempted_at")}).items(), call


def test_results_of_a_checkup_may_be_lists_and_groups(api: Api, person: Resident) -> None:
    results = {"sbp": 138, "lungs": {"left": "清", "right": None}, "lipids": [5.2, 1.7], "ecg": True}
    answer = api.post(f"/residents/{person.id}/checkups", CALLS["checkups"] | {"results": results})
    assert (answer.status_code, answer.json["results"]) == (201, results)


@pytest.mark.parametrize("call", ["attempts", "checkups", "referral-outcome"])
def test_a_client_id_makes_a_call_repeatable(api: Api, session: Session, person: Resident, call: str) -> None:
    a_condition(session, person)
    session.commit()
    path, body = f"/residents/{person.id}/{call}", {**CALLS[call], "id": str(uuid4())}
    first = api.post(path, body)
    assert first.status_code == 201, first.json
    assert (api.post(path, body).status_code, api.post(path, body).json) == (200, first.json)
    text = {"attempts": "note", "checkups": "institution", "referral-outcome": "source"}[call]
    assert api.post(path, {**body, text: "别的"}).status_code == 409
    other = a_resident(session)
    a_condition(session, other)
    session.commit()
    assert api.post(f"/residents/{other.id}/{call}", body).status_code == 409
    without = CALLS[call]
    assert [api.post(path, without).status_code for _ in range(2)] == [201, 201]


def test_a_second_enrolment_is_the_first_or_a_conflict(api: Api, person: Resident) -> None:
    path, body = f"/residents/{person.id}/conditions", CALLS["conditions"]
    first = api.post(path, body)
    assert first.json == {
        "disease": "hypertension",
        "status": "active",
        "diagnosed_on": "2025-01-06",
        "enrolled_on": "2025-01-06",
        "next_due": "2025-01-20",
        "task": "routine",
    }
    assert (api.post(path, body).status_code, api.post(path, body).json) == (200, first.json)
    assert api.post(path, body | {"enrolled_on": "2025-01-07"}).status_code == 409


@pytest.mark.parametrize(
    ("call", "change", "field"),
    [
        ("conditions", {"enrolled_on": "2025-01-05"}, "diagnosed_on"),
        ("conditions", {"enrolled_on": "2190-01-05"}, "enrolled_on"),
        ("conditions", {"diagnosed_on": "1950-01-05"}, "diagnosed_on"),
        ("conditions", {"disease": "flu"}, "disease"),
        ("status", {"on": "2190-01-05"}, "on"),
        ("status", {"reason": " "}, "reason"),
        ("status", {"disease": "hypertension"}, "disease"),
        ("status", {"until": "9999-12-31"}, "until"),
        ("status", {"status": "lost"}, "status"),
        ("attempts", {"attempted_at": "2190-01-05T00:00:00+08:00"}, "attempted_at"),
        ("attempts", {"outcome": "will_come", "until": "2026-01-05"}, "until"),
        ("attempts", {"outcome": "will_come", "until": "2026-04-09"}, "until"),
        ("attempts", {"attempted_at": "0001-01-01T00:00:00+14:00"}, "attempted_at"),
        ("attempts", {"attempted_at": "2026-01-06T10:00:00"}, "attempted_at"),
        ("attempts", {"note": "长" * 2000}, "note"),
        ("attempts", {"outcome": "asleep"}, "outcome"),
        ("checkups", {"checked_on": "2190-01-05"}, "checked_on"),
        ("checkups", {"institution": ""}, "institution"),
        ("checkups", {"results": {"a\0": 1}}, "results"),
        ("checkups", {"results": []}, "results"),
        ("checkups", {"results": {"ecg": {"a": {"b": {"c": {}}}}}}, "results"),
        ("checkups", {"results": {"ecg": ["a\0"]}}, "results"),
        ("checkups", {"results": {"ecg": 10**13}}, "results"),
        ("referral-outcome", {"outcome_on": "2190-01-05"}, "outcome_on"),
        ("referral-outcome", {"disease": "diabetes"}, "disease"),
        ("referral-outcome", {"plan": "a\0"}, "plan"),
        ("referral-outcome", {"treatment_changed": "yes"}, "treatment_changed"),
    ],
)
def test_wrong_calls_say_which_field(
    api: Api, session: Session, person: Resident, call: str, change: dict[str, Any], field: str
) -> None:
    if call == "referral-outcome":
        a_condition(session, person)
        session.commit()
    answer = api.post(f"/residents/{person.id}/{call}", CALLS[call] | change)
    assert answer.status_code == 422, answer.json
    assert [name.split(".")[0] for name in answer.json["errors"]] == [field]


def test_foreign_and_unknown_people_answer_alike(api: Api, session: Session) -> None:
    foreign = a_resident(session, village=FAR_VILLAGE)
    session.commit()
    for key in (foreign.id, uuid4()):
        assert api.get(f"/residents/{key}").status_code == 404
        for call, body in CALLS.items():
            answer = api.post(f"/residents/{key}/{call}", body)
            assert answer.status_code == 404, call


def test_a_death_waits_for_the_lead_and_then_ends_everything(
    api: Api, client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    a_condition(session, person)
    session.commit()
    path, death = f"/residents/{person.id}/status", {"status": "dead", "on": "2026-05-03", "reason": "家属"}
    answer = api.post(path, death)
    assert (answer.status_code, answer.json["approval"]) == (201, "pending")
    assert api.get(f"/residents/{person.id}").json["status"] == "active"
    lead = lead_of(client, session, team)
    answer = lead.post(path, death)
    assert (answer.status_code, answer.json["approval"]) == (200, None)
    shown = api.get(f"/residents/{person.id}").json
    assert (shown["status"], shown["conditions"][0]["next_due"]) == ("dead", None)
    assert api.post(path, {"status": "dead", "on": "2026-05-01", "reason": "家属"}).status_code == 409
    for call, day in (
        ("attempts", "attempted_at"),
        ("checkups", "checked_on"),
        ("referral-outcome", "outcome_on"),
    ):
        later = {**CALLS[call], day: "2026-05-04" + "T10:00:00+08:00" * (call == "attempts")}
        refused = api.post(f"/residents/{person.id}/{call}", later)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [day]), call
    assert lead.post(path, {"status": "active", "on": "2026-06-01", "reason": ""}).status_code == 422


def test_a_loss_after_three_attempts_opens_a_new_contact(
    client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    a_condition(session, person)
    lead = lead_of(client, session, team)
    lead.post(
        "/visits",
        {"visits": [a_visit_body(person.id, "2026-02-02", "hypertension", sbp=128, dbp=82)]},
    )
    for day in ("2026-06-01", "2026-06-05", "2026-06-09"):
        called = {"attempted_at": f"{day}T10:00:00+08:00", "outcome": "unreachable", "note": ""}
        assert lead.post(f"/residents/{person.id}/attempts", called).status_code == 201
    lost = {"status": "lost", "on": "2026-06-09", "reason": "家属告知"}
    assert lead.post(f"/residents/{person.id}/status", lost).status_code == 201
    shown = lead.get(f"/residents/{person.id}").json
    assert (shown["status"], shown["conditions"][0]["next_due"]) == ("lost", "2026-09-09")


def test_the_commission_reads_masked_people_and_writes_nothing(
    client: FlaskClient, session: Session, person: Resident
) -> None:
    commission = Api(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    shown = commission.get(f"/residents/{person.id}").json
    assert "*" in shown["name"]
    assert commission.get("/residents").json["total"] == 1
    assert commission.post("/residents", a_body()).status_code == 403
    for call, body in CALLS.items():
        assert commission.post(f"/residents/{person.id}/{call}", body).status_code == 404, call


def test_a_county_doctor_sees_those_who_were_referred(
    api: Api, client: FlaskClient, session: Session, person: Resident
) -> None:
    a_condition(session, person)
    other = a_resident(session)
    session.commit()
    county = Api(client, session, a_member_of_staff(session, Role.COUNTY_DOCTOR, region=COUNTY))
    assert county.get("/residents").json["total"] == 0
    danger = a_visit_body(person.id, "2026-02-02", "hypertension", sbp=182, dbp=104)
    assert api.post("/visits", {"visits": [danger]}).json["results"][0]["status"] == "accepted"
    assert [p["id"] for p in county.get("/residents").json["residents"]] == [str(person.id)]
    assert county.get(f"/residents/{person.id}").status_code == 200
    assert county.get(f"/visits/{danger['id']}").status_code == 200
    assert county.get(f"/residents/{other.id}").status_code == 404


def test_a_visit_keeps_up_with_a_move(
    api: Api, client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    on = (clock.today() - timedelta(days=1)).isoformat()
    lead = lead_of(client, session, team)
    moved = {"status": "transferred", "on": on, "reason": "搬家", "region_code": FAR_VILLAGE}
    answer = lead.post(f"/residents/{person.id}/status", moved)
    assert answer.status_code == 201
    assert answer.json["region_code"] == FAR_VILLAGE
    assert lead.get(f"/residents/{person.id}").status_code == 404
