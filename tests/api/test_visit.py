"""The calls of visits, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import FAR_VILLAGE, a_condition, a_member_of_staff, a_resident, a_team, a_visit_body
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, TaskKind
from tracker.models import Resident, Staff, Task, Visit, VisitVersion
from tracker.schemas.visit import VisitIn


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session))


@pytest.fixture
def api(client: FlaskClient, session: Session, doctor: Staff) -> Api:
    return Api(client, session, doctor)


@pytest.fixture
def person(session: Session) -> Resident:
    resident = a_resident(session)
    a_condition(session, resident)
    a_condition(session, resident, Disease.DIABETES)
    return resident


def yesterday() -> str:
    return (clock.today() - timedelta(days=1)).isoformat()


def a_recorded_visit(api: Api, person: Resident, **more: object) -> dict:
    body = a_visit_body(person.id, yesterday(), "hypertension", **{"sbp": 138, "dbp": 86, **more})
    (result,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert result["status"] == "accepted", result
    return body


def test_each_visit_of_a_batch_gets_its_own_answer(api: Api, person: Resident) -> None:
    good = a_visit_body(person.id, yesterday(), "hypertension", sbp=162, dbp=94)
    wrong = a_visit_body(person.id, yesterday(), "hypertension", sbp=700, dbp=94, hypertension={"salt": 7})
    answer = api.post("/visits", {"visits": [good, wrong, 7]})
    first, second, third = answer.json["results"]
    assert answer.status_code == 200
    assert (first["status"], first["visit"]["hypertension"]["classification"]) == ("accepted", 2)
    assert (second["status"], set(second["errors"])) == ("rejected", {"sbp", "hypertension.salt"})
    assert "您填的是 700" in second["errors"]["sbp"][0]
    assert (third["status"], third["id"]) == ("rejected", None)


def test_what_was_done_elsewhere_was_done_already(api: Api, person: Resident) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    referred = {"outcome": "arrived", "outcome_on": tomorrow}
    body = a_visit_body(
        person.id,
        yesterday(),
        "diabetes",
        diabetes={"hba1c": 7.1, "hba1c_on": tomorrow},
        referral_form=referred,
    )
    (answer,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert (answer["status"], set(answer["errors"])) == (
        "rejected",
        {"referral_form.outcome_on", "diabetes.hba1c_on"},
    )


def test_null_says_the_same_as_a_key_left_out(api: Api, person: Resident) -> None:
    nothing = dict.fromkeys(("symptoms", "drugs", "exam", "adverse_reaction_uncontrollable", "salt"))
    body = a_visit_body(person.id, yesterday(), "hypertension", sbp=138, dbp=86, hypertension=nothing)
    body |= {"note": None, "confirmed_odd": None}
    (result,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert (result["status"], result["errors"]) == ("accepted", None)
    assert result["visit"]["hypertension"]["classification"] == 1


@pytest.mark.parametrize("found", [{"emergency_signs": ["chest_tightness"]}, {"sbp": 196, "dbp": 112}])
def test_a_call_that_finds_a_danger_alone_opens_its_task(
    api: Api, session: Session, person: Resident, found: dict
) -> None:
    """Nothing of the disease itself need be asked by telephone."""
    body = a_visit_body(person.id, yesterday(), "hypertension", mode="phone", hypertension={}, **found)
    (result,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert result["visit"]["hypertension"]["referral"] == "urgent"
    opened = select(Task.kind).where(Task.opened_by == UUID(body["id"]))
    assert TaskKind.REFERRAL_TRACKING in session.scalars(opened).all()


@pytest.mark.parametrize("day", ["20261120", "2026-W20-1", "2026-11-20T00:00:00", "２０２６-11-20", 20261120])
def test_a_day_is_written_in_one_way(api: Api, person: Resident, day: object) -> None:
    body = a_visit_body(person.id, yesterday(), "hypertension", sbp=138, dbp=86) | {"visit_date": day}
    (result,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert (result["status"], list(result["errors"])) == ("rejected", ["visit_date"])


def test_the_choices_of_a_field_are_named_without_english(api: Api, person: Resident) -> None:
    body = a_visit_body(person.id, yesterday(), "hypertension", hypertension={"salt": 9}, mode="car")
    (result,) = api.post("/visits", {"visits": [body]}).json["results"]
    assert result["errors"] == {
        "mode": ["只能是：clinic, home, phone"],
        "hypertension.salt": ["只能是：1, 2, 3"],
    }


def test_a_replay_answers_what_the_first_answered(api: Api, person: Resident) -> None:
    body = a_visit_body(person.id, yesterday(), "hypertension", sbp=138, dbp=86)
    first = api.post("/visits", {"visits": [body]}).json
    assert api.post("/visits", {"visits": [body]}).json == first


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("no json", 400),
        ('{"visits": [], "visits": []}', 400),
        ('{"visits": [' * 5000, 400),
        ('{"visits": [{"sbp": ' + "9" * 5000 + "}]}", 400),
        ('{"visits": [{"sbp": NaN}]}', 422),
        ("[]", 422),
        ('{"visits": 3}', 422),
        ('{"visits": [], "more": 1}', 422),
        ('{"visits": [' + ",".join(["{}"] * 101) + "]}", 422),
    ],
)
def test_an_envelope_that_does_not_parse_is_refused_whole(api: Api, data: str, status: int) -> None:
    answer = api.post("/visits", data=data, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_visit_is_read_with_its_judgement(api: Api, person: Resident) -> None:
    body = a_recorded_visit(api, person, diabetes={"fpg": 6.1})
    shown = api.get(f"/visits/{body['id']}").json
    assert shown["hypertension"]["controlled"] is True
    assert shown["hypertension"]["symptoms"] == [1]
    assert shown["version"] == 1
    assert shown["next_encounter_due"]


def test_the_visits_of_a_person_are_listed_newest_first(api: Api, person: Resident) -> None:
    days = [date(2026, 3, 2), date(2026, 5, 30), date(2026, 8, 29)]
    for day in days:
        body = a_visit_body(person.id, day.isoformat(), "hypertension", sbp=138, dbp=86)
        assert api.post("/visits", {"visits": [body]}).json["results"][0]["status"] == "accepted"
    answer = api.get(f"/residents/{person.id}/visits", page=1, per_page=2).json
    assert [v["visit_date"] for v in answer["visits"]] == ["2026-08-29", "2026-05-30"]
    assert (answer["total"], answer["page"]) == (3, 1)


def test_a_correction_is_a_new_version_and_is_judged_again(
    api: Api, session: Session, person: Resident
) -> None:
    body = a_recorded_visit(api, person)
    changed = {**body, "sbp": 152, "version": 1, "reason": "抄错"}
    answer = api.post(f"/visits/{body['id']}/correction", changed)
    assert answer.status_code == 200
    assert (answer.json["version"], answer.json["hypertension"]["classification"]) == (2, 2)
    kept = session.scalars(select(VisitVersion).order_by(VisitVersion.version)).all()
    assert [(v.kind, v.body["sbp"], v.reason) for v in kept] == [
        ("original", 138, ""),
        ("correction", 152, "抄错"),
    ]
    assert "version" not in kept[1].body


def test_a_correction_of_an_older_version_conflicts(api: Api, person: Resident) -> None:
    body = a_recorded_visit(api, person)
    path = f"/visits/{body['id']}/correction"
    api.post(path, {**body, "sbp": 152, "version": 1})
    answer = api.post(path, {**body, "sbp": 150, "version": 1})
    assert answer.status_code == 409
    assert "第 2 版" in answer.json["errors"]["version"][0]


def test_a_correction_that_cannot_be_is_refused_by_field(api: Api, person: Resident) -> None:
    body = a_recorded_visit(api, person)
    answer = api.post(f"/visits/{body['id']}/correction", {**body, "sbp": 20, "version": 1, "more": 1})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"sbp", "more"}


def test_after_a_day_a_lead_corrects_for_a_village_doctor(
    api: Api, client: FlaskClient, session: Session, person: Resident
) -> None:
    body = a_recorded_visit(api, person)
    visit = session.scalars(select(Visit)).one()
    visit.received_at -= timedelta(hours=25)
    lead = a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region="411025101")
    changed = {**body, "sbp": 152, "version": 1}
    refused = api.post(f"/visits/{body['id']}/correction", changed)
    assert refused.status_code == 422
    assert "24 小时" in refused.json["errors"][""][0]
    assert api.post(f"/visits/{body['id']}/void", {"reason": "录错人"}).status_code == 422
    leads = Api(client, session, lead)
    assert leads.post(f"/visits/{body['id']}/correction", changed).status_code == 200


def test_a_voided_visit_stays_readable_and_counts_no_more(api: Api, person: Resident) -> None:
    body = a_recorded_visit(api, person)
    assert api.post(f"/visits/{body['id']}/void", {"reason": ""}).status_code == 422
    answer = api.post(f"/visits/{body['id']}/void", {"reason": "录错人"})
    assert answer.status_code == 200
    assert (answer.json["voided"], answer.json["hypertension"]["classification"]) == (True, None)
    corrected = api.post(f"/visits/{body['id']}/correction", {**body, "version": 2})
    assert corrected.status_code == 409


def test_a_foreign_visit_is_not_found(api: Api, client: FlaskClient, session: Session) -> None:
    other = a_member_of_staff(session, team=a_team(session, "二队", (FAR_VILLAGE,)))
    neighbour = a_resident(session, village=FAR_VILLAGE)
    a_condition(session, neighbour)
    body = a_recorded_visit(Api(client, session, other), neighbour)
    path = f"/visits/{body['id']}"
    answers = [
        api.get(path),
        api.post(f"{path}/correction", {**body, "version": 1}),
        api.post(f"{path}/void", {"reason": "试试"}),
        api.get(f"/residents/{neighbour.id}/visits"),
        api.get(f"/visits/{uuid4()}"),
    ]
    assert [a.status_code for a in answers] == [404] * 5
    (result,) = api.post("/visits", {"visits": [{**body, "id": str(uuid4())}]}).json["results"]
    assert result["errors"] == {"resident_id": ["not found"]}


def test_the_document_shows_what_a_visit_holds(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    body = document["paths"]["/api/v1/visits"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/VisitBatch"}
    assert set(document["components"]["schemas"]["VisitIn"]["properties"]) == set(VisitIn.model_fields)
    assert "requestBody" in document["paths"]["/api/v1/visits/{key}/correction"]["post"]


text = st.text(st.characters(exclude_categories=[]), max_size=12)
numbers = st.one_of(st.integers(), st.integers(10**300, 10**310), st.floats(allow_nan=False))
plain = st.one_of(st.none(), st.booleans(), numbers, text)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(VisitIn.model_fields)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_makes_the_server_fail(api: Api, person: Resident, data: st.DataObject) -> None:
    valid = a_visit_body(person.id, yesterday(), "hypertension", "diabetes", sbp=138, dbp=86)
    changes = data.draw(st.dictionaries(st.sampled_from(FIELDS) | text, values, max_size=4))
    inner = data.draw(
        st.dictionaries(text | st.sampled_from(["fpg", "drugs", "symptoms"]), values, max_size=2)
    )
    item = {**valid, "diabetes": {**valid["diabetes"], **inner}, **changes}
    answer = api.post("/visits", data.draw(st.sampled_from([item, {"visits": [item, changes]}, changes])))
    assert answer.status_code in (200, 400, 422)
