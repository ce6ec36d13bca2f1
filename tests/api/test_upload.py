"""What phones send: sealed or plain, once or often, by whom, and by accounts and phones that have ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Api, Pages
from tests.devices import Phone, a_seal, sealed
from tests.factories import (
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
from tracker.models import (
    Approval,
    Audit,
    ContactAttempt,
    Contract,
    Device,
    Resident,
    Staff,
    Submission,
    Team,
    TeamVillage,
    Visit,
    VisitVersion,
)
from tracker.schemas.sealed import SEALED_AT_MOST
from tracker.services.audit import SYSTEM
from tracker.services.workforce import staff as people


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def phone(client: FlaskClient, session: Session, doctor: Staff) -> Phone:
    return Phone(client, session, doctor)


@pytest.fixture
def person(session: Session) -> Resident:
    resident = a_resident(session)
    a_condition(session, resident)
    return resident


def day(ago: int = 1) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def a_body(person: Resident, ago: int = 1, **more: Any) -> dict[str, Any]:
    return a_visit_body(person.id, day(ago), "hypertension", **{"sbp": 138, "dbp": 86, **more})


def results(answer: TestResponse) -> list[Any]:
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json["results"]
    return found


def missing(session: Session, phone: Phone) -> int:
    session.expire_all()
    return session.get_one(Device, UUID(phone.id)).missing


# Seals


def test_a_sealed_visit_is_recorded_as_its_owners(
    session: Session, phone: Phone, person: Resident, doctor: Staff
) -> None:
    body = a_body(person)
    (result,) = results(phone.send("/visits", {"visits": [sealed(body, device_sequence=1)]}))
    assert result == {
        "id": body["id"], "status": "accepted", "errors": None,
        "late_entry": False, "approval": None, "clock_ahead": False,
    }  # fmt: skip
    visit = session.get_one(Visit, UUID(body["id"]))
    assert (visit.sbp, visit.visited_by, visit.device_id) == (138, doctor.id, UUID(phone.id))
    act = session.scalars(select(Audit).where(Audit.action == "record visit")).one()
    assert (act.staff_id, act.device) == (doctor.id, f"phone {phone.id}")


def test_one_visit_sealed_twice_and_sent_plain_is_one_visit(
    session: Session, phone: Phone, person: Resident
) -> None:
    body = a_body(person)
    first = results(phone.owner.post("/visits", {"visits": [body]}))
    again = results(phone.owner.post("/visits", {"visits": [sealed(body), sealed(body), body]}))
    assert again == first * 3
    (signed,) = results(
        phone.send("/visits", {"visits": [sealed(body, author=str(phone_owner(session, phone)))]})
    )
    assert (signed["id"], signed["status"]) == (body["id"], "accepted")
    assert len(session.scalars(select(Submission)).all()) == len(session.scalars(select(Visit)).all()) == 1
    (other,) = results(phone.send("/visits", {"visits": [sealed({**body, "sbp": 150})]}))
    assert (other["status"], set(other)) == ("conflict", {"id", "status", "errors", "conflict_id"})


def phone_owner(session: Session, phone: Phone) -> UUID:
    return session.get_one(Device, UUID(phone.id)).staff_id


def test_a_broken_seal_is_answered_by_itself_and_kept(
    session: Session, phone: Phone, person: Resident
) -> None:
    good, other = a_body(person), a_body(person, 2)
    broken = sealed(a_body(person))
    broken["sealed"] = broken["sealed"][:-4] + "AAAA"
    foreign = {"id": str(uuid4()), "sealed": sealed(other)["sealed"]}
    long = {"id": str(uuid4()), "sealed": "A" * (SEALED_AT_MOST + 1)}
    extra = {**sealed(other), "sbp": 138}
    nameless = {"sealed": sealed(other)["sealed"]}
    sent = [broken, foreign, long, extra, nameless, sealed(good)]
    answers = results(phone.send("/visits", {"visits": sent}))
    assert [a["status"] for a in answers] == ["rejected"] * 5 + ["accepted"]
    assert [list(a["errors"] or {}) for a in answers] == [["sealed"]] * 4 + [["id"]] + [[]]
    assert "打不开" in answers[0]["errors"]["sealed"][0]
    kept = select(Submission).where(Submission.status == "rejected")
    bodies = {str(row.visit_id): row.body for row in session.scalars(kept)}
    assert bodies[broken["id"]] == broken
    assert len(bodies[long["id"]]["sealed"]) == 1000
    again = results(phone.send("/visits", {"visits": [broken]}))
    assert again == answers[:1]
    assert len(session.scalars(kept).all()) == 4


def test_a_broken_seal_under_a_known_id_contradicts_nothing(phone: Phone, person: Resident) -> None:
    body = a_body(person)
    results(phone.send("/visits", {"visits": [body]}))
    broken = {"id": body["id"], "sealed": a_seal(str(uuid4()), body)}
    assert [r["status"] for r in results(phone.send("/visits", {"visits": [broken]}))] == ["rejected"]


def test_what_is_wrong_inside_a_seal_is_said_as_of_a_plain_body(
    session: Session, phone: Phone, person: Resident
) -> None:
    body = a_body(person, sbp=700)
    (result,) = results(phone.send("/visits", {"visits": [sealed(body)]}))
    assert (result["status"], list(result["errors"])) == ("rejected", ["sbp"])
    kept = session.scalars(select(Submission)).one()
    assert (kept.body or {})["sbp"] == 700
    assert kept.resident_id == person.id


# The siblings


def a_person_body() -> dict[str, Any]:
    return {
        "id": str(uuid4()), "name": "王小花", "id_number": an_id_number(date(1961, 3, 4), 4321),
        "sex": "male", "birth_date": "1961-03-04", "region_code": VILLAGE,
    }  # fmt: skip


def a_contract_body(person: Resident) -> dict[str, Any]:
    signature = {"kind": "drawn", "image": "data:image/png;base64," + "A" * 150_000}
    return {
        "id": str(uuid4()), "resident_id": str(person.id), "team": "一队", "years": 1,
        "signed_on": day(), "signature": signature,
    }  # fmt: skip


def an_attempt_body(ago: int = 1) -> dict[str, Any]:
    return {"id": str(uuid4()), "attempted_at": f"{day(ago)}T09:00:00+08:00", "outcome": "unreachable"}


def test_people_contracts_and_attempts_come_sealed_and_once(
    session: Session, phone: Phone, person: Resident
) -> None:
    sent = [
        ("/residents", a_person_body(), Resident),
        ("/contracts", a_contract_body(person), Contract),
        (f"/residents/{person.id}/attempts", an_attempt_body(), ContactAttempt),
    ]
    for number, (path, body, model) in enumerate(sent, 1):
        first = phone.send(path, sealed(body, device_sequence=number))
        assert (first.status_code, first.json) == (201, {"id": body["id"]}), first.text
        again = phone.send(path, sealed(body, device_sequence=number))
        assert (again.status_code, again.json) == (200, {"id": body["id"]})
        assert phone.owner.post(path, body).json["id"] == body["id"]
        assert session.get(model, UUID(body["id"])) is not None
    assert missing(session, phone) == 0


@pytest.mark.parametrize("path", ["/residents", "/contracts", "attempts"])
def test_a_broken_seal_of_a_sibling_is_refused_and_kept(
    session: Session, phone: Phone, person: Resident, path: str
) -> None:
    path = f"/residents/{person.id}/attempts" if path == "attempts" else path
    broken = {"id": str(uuid4()), "sealed": a_seal(str(uuid4()), {})}
    for _ in range(2):
        answer = phone.send(path, broken)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["sealed"])
    assert session.scalars(select(Submission)).one().body == broken
    assert phone.send(path, {"id": "7", "sealed": ""}).status_code == 422


def test_what_is_refused_of_a_sibling_is_kept_in_its_seal_and_has_arrived(
    session: Session, phone: Phone, person: Resident
) -> None:
    number = an_id_number(date(1960, 2, 3), 77)
    sent = [
        ("/residents", "resident", {**a_person_body(), "region_code": FAR_VILLAGE, "id_number": number}),
        ("/contracts", "contract", {**a_contract_body(person), "team": "没有这个队"}),
        (f"/residents/{person.id}/attempts", "attempt", {**an_attempt_body(), "outcome": "gone"}),
        (f"/residents/{uuid4()}/attempts", "attempt", an_attempt_body()),
    ]
    for place, (path, _kind, body) in enumerate(sent, 1):
        for _ in range(2):
            assert phone.send(path, sealed(body, device_sequence=place)).status_code in (404, 422)
        assert phone.owner.post(path, {**body, "id": str(uuid4())}).status_code in (404, 422)
    kept = session.scalars(select(Submission).order_by(Submission.received_at)).all()
    assert [row.kind for row in kept] == [kind for _path, kind, _body in sent]
    assert [row.resident_id for row in kept] == [None, person.id, person.id, None]
    assert {row.device_id for row in kept} == {UUID(phone.id)}
    assert all(row.body is not None and "sealed" in row.body and number not in str(row.body) for row in kept)
    assert missing(session, phone) == 0


def test_a_refused_person_is_refused_to_a_phone_as_to_anybody(phone: Phone) -> None:
    body = a_person_body()
    assert phone.send("/residents", sealed({**body, "region_code": FAR_VILLAGE})).status_code == 422
    assert phone.send("/residents", sealed(body)).status_code == 201
    twin = phone.send("/residents", sealed({**body, "id": str(uuid4())}))
    assert (twin.status_code, list(twin.json["errors"])) == (409, ["id_number"])


# Who sends


def test_nobody_sends_what_another_has_written(
    client: FlaskClient, session: Session, team: Team, phone: Phone, person: Resident, doctor: Staff
) -> None:
    colleague = Phone(client, session, a_member_of_staff(session, team=team))
    pages, items = Pages(client, session, a_member_of_staff(session, team=team)), []
    token = pages.client.get("/me").text.split('csrf-token" content="')[1].split('"')[0]
    for form in (sealed(a_body(person)), a_body(person, 2)):
        items.append({**form, "author": str(doctor.id)})
    for answer in (
        colleague.owner.post("/visits", {"visits": items}),
        colleague.send("/visits", {"visits": items}),
        client.post("/api/v1/visits", json={"visits": items}, headers={"X-CSRFToken": token}),
    ):
        assert [(r["status"], list(r["errors"])) for r in results(answer)] == [("rejected", ["author"])] * 2
    assert session.scalars(select(Visit)).all() == []
    assert [r["status"] for r in results(phone.send("/visits", {"visits": items}))] == ["accepted"] * 2
    session.expire_all()
    assert set(session.scalars(select(Visit.visited_by))) == {doctor.id}
    assert set(session.scalars(select(VisitVersion.staff_id))) == {doctor.id}


def test_a_cookie_of_another_does_not_change_whose_the_upload_is(
    client: FlaskClient, session: Session, team: Team, phone: Phone, person: Resident, doctor: Staff
) -> None:
    Pages(client, session, a_member_of_staff(session, team=team))
    results(phone.send("/visits", {"visits": [a_body(person)]}))
    assert session.scalars(select(VisitVersion.staff_id)).one() == doctor.id


def test_the_session_may_send_sealed_visits_with_its_token_of_forms(
    client: FlaskClient, session: Session, doctor: Staff, person: Resident
) -> None:
    pages, body = Pages(client, session, doctor), a_body(person)
    token = pages.client.get("/me").text.split('csrf-token" content="')[1].split('"')[0]
    assert client.post("/api/v1/visits", json={"visits": [sealed(body)]}).status_code == 400
    answer = client.post("/api/v1/visits", json={"visits": [sealed(body)]}, headers={"X-CSRFToken": token})
    assert results(answer)[0]["visit"]["sbp"] == 138


# Numbers


def test_a_number_that_never_came_is_noticed(session: Session, phone: Phone, person: Resident) -> None:
    def send(*numbers: int) -> int:
        items = [sealed(a_body(person, n), device_sequence=n) for n in numbers]
        results(phone.send("/visits", {"visits": items}))
        return missing(session, phone)

    assert [send(1, 2), send(5), send(4), send(3), send(3, 9), send(7, 6), send(8)] == [0, 2, 1, 0, 3, 1, 0]
    kept = session.get_one(Device, UUID(phone.id))
    assert (kept.arrived_to, kept.arrived_later, kept.last_sequence) == (9, [], 9)


def test_what_was_refused_has_arrived_and_odd_numbers_count_nothing(
    session: Session, phone: Phone, person: Resident
) -> None:
    sent = [sealed(a_body(person, sbp=700), device_sequence=2), {"id": "7", "device_sequence": 1}]
    odd = [{**a_body(person), "device_sequence": number} for number in (True, "3", -1, 0, 2**70, 1.5, None)]
    results(phone.send("/visits", {"visits": sent + odd}))
    assert missing(session, phone) == 0
    phone.owner.post(f"/devices/{phone.id}/lease", {"last_sequence": 4})
    assert missing(session, phone) == 2


# Accounts and phones that have ended


def disable(session: Session, staff: Staff, ago: int) -> None:
    at = clock.now() - timedelta(days=ago)
    people.disable(session, SYSTEM, at, staff, at.astimezone(clock.zone()).date())
    session.flush()


def revoke(session: Session, phone: Phone, ago: int) -> None:
    session.get_one(Device, UUID(phone.id)).revoked_at = clock.now() - timedelta(days=ago)
    session.flush()


def test_a_disabled_accounts_phone_delivers_what_it_has_for_a_month(
    session: Session, phone: Phone, person: Resident, doctor: Staff
) -> None:
    disable(session, doctor, 3)
    before, after = a_body(person, 5), a_body(person, 1)
    first, second = results(phone.send("/visits", {"visits": [sealed(before), sealed(after)]}))
    assert (first["status"], first["approval"]) == ("accepted", "pending")
    assert (second["status"], list(second["errors"])) == ("rejected", ["visit_date"])
    late = {**a_contract_body(person), "signed_on": day()}
    assert list(phone.send("/contracts", sealed(late)).json["errors"]) == ["signed_on"]
    path = f"/residents/{person.id}/attempts"
    assert list(phone.send(path, sealed(an_attempt_body())).json["errors"]) == ["attempted_at"]
    assert session.get_one(Visit, UUID(before["id"])).approval is Approval.PENDING
    (again,) = results(phone.send("/visits", {"visits": [sealed(before)]}))
    assert again == first
    siblings = [("/residents", a_person_body()), ("/contracts", {**late, "signed_on": day(5)})]
    for to, body in [*siblings, (path, an_attempt_body(5))]:
        assert phone.send(to, sealed(body)).status_code == 201, to
    assert phone.owner.get("/devices").status_code == 401
    assert phone.owner.post(f"/devices/{phone.id}/lease", {}).status_code == 401


@pytest.mark.parametrize("how", [disable, revoke])
def test_after_a_month_the_phone_is_told_and_keeps_what_it_has(
    session: Session, phone: Phone, person: Resident, doctor: Staff, how: Any
) -> None:
    how(session, doctor if how is disable else phone, 31)
    answer = phone.send("/visits", {"visits": [sealed(a_body(person, 40))]})
    code = "account_disabled" if how is disable else "device_revoked"
    assert (answer.status_code, answer.json["code"]) == (403, code)
    assert answer.content_type == "application/problem+json"
    assert session.scalars(select(Visit)).all() == []


def test_a_revoked_phone_delivers_for_a_month_and_a_lead_decides(
    client: FlaskClient, session: Session, team: Team, phone: Phone, person: Resident
) -> None:
    revoke(session, phone, 29)
    body = a_body(person)
    (result,) = results(phone.send("/visits", {"visits": [body]}))
    assert (result["status"], result["approval"]) == ("accepted", "pending")
    lead = Pages(client, session, a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team))
    assert "停用后才送到" in lead.get("/approvals").text
    assert "停用后才送到" in lead.get(f"/visits/{body['id']}").text
    assert lead.post(f"/approvals/visits/{body['id']}", {"decision": "approve"}).status_code == 302
    session.expire_all()
    assert session.get_one(Visit, UUID(body["id"])).approval is Approval.APPROVED


def test_no_colleague_takes_the_decision_away_by_a_correction(
    client: FlaskClient, session: Session, team: Team, phone: Phone, person: Resident
) -> None:
    revoke(session, phone, 2)
    body = a_body(person)
    results(phone.send("/visits", {"visits": [body]}))
    colleague = Api(client, session, a_member_of_staff(session, team=team))
    answer = colleague.post(f"/visits/{body['id']}/correction", {**body, "sbp": 140, "version": 1})
    assert (answer.status_code, answer.json["approval"]) == (200, "pending")


def test_a_person_who_moved_teams_still_delivers_the_visits_of_before(
    session: Session, phone: Phone, person: Resident
) -> None:
    for row in session.scalars(select(TeamVillage).where(TeamVillage.village_code == VILLAGE)):
        row.to_on = clock.today() - timedelta(days=4)
    session.flush()
    sent = {"visits": [a_body(person, 6), a_body(person, 2)]}
    assert [r["status"] for r in results(phone.send("/visits", sent))] == ["accepted", "rejected"]
    path = f"/residents/{person.id}/attempts"
    assert [phone.send(path, an_attempt_body(ago)).status_code for ago in (6, 2)] == [201, 404]
    assert phone.send(path, an_attempt_body(-1)).status_code == 404


def test_who_has_another_role_now_is_told_item_by_item(
    session: Session, phone: Phone, person: Resident, doctor: Staff
) -> None:
    doctor.role = Role.AUDITOR
    session.flush()
    (result,) = results(phone.send("/visits", {"visits": [a_body(person)]}))
    assert result["errors"] == {"resident_id": ["not found"]}
    assert phone.send(f"/residents/{person.id}/attempts", an_attempt_body()).status_code == 404
    assert phone.send("/contracts", a_contract_body(person)).status_code == 404
    assert session.scalars(select(Submission)).one().status == "rejected"


# Clocks


def test_the_phones_clock_is_kept_beside_the_servers(
    session: Session, phone: Phone, person: Resident
) -> None:
    body = a_body(person)
    theirs = (clock.now() + timedelta(days=3)).isoformat()
    results(phone.send("/visits", {"visits": [body]}, headers={"X-Device-Time": theirs}))
    shown = phone.owner.get(f"/visits/{body['id']}").json
    assert abs(shown["clock_offset"] - 3 * 86400) < 60
    assert (shown["clock_wrong"], shown["recorded_at"]) == (True, body["recorded_at"])
    visit = session.get_one(Visit, UUID(body["id"]))
    assert visit.received_at > visit.recorded_at


@pytest.mark.parametrize(
    "told", ["", "yesterday", "2026-11-20T09:00:00", "9" * 50, "0001-01-01T00:00:00+14:00"]
)
def test_a_clock_that_says_nothing_is_not_believed(phone: Phone, person: Resident, told: str) -> None:
    body = a_body(person)
    results(phone.send("/visits", {"visits": [body]}, headers={"X-Device-Time": told}))
    shown = phone.owner.get(f"/visits/{body['id']}").json
    assert shown["clock_offset"] is None or shown["clock_offset"] < -86400


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_phone_in_another_century_is_flagged_and_its_visit_is_neither_late_nor_lost(
    session: Session, phone: Phone, person: Resident, year: int
) -> None:
    recorded = datetime(year, 1, 1, tzinfo=clock.zone()).isoformat()
    body = a_body(person, recorded_at=recorded)
    headers = {"X-Device-Time": recorded}
    (result,) = results(phone.send("/visits", {"visits": [sealed(body)]}, headers=headers))
    assert (result["status"], result["late_entry"], result["approval"]) == ("accepted", False, None)
    shown = phone.owner.get(f"/visits/{body['id']}").json
    assert shown["clock_wrong"] is True
    assert datetime.fromisoformat(shown["recorded_at"]) == datetime.fromisoformat(recorded)
    old = a_body(person, 60, recorded_at=recorded)
    (result,) = results(phone.send("/visits", {"visits": [old]}))
    assert (result["late_entry"], result["approval"]) == (True, "pending")


def test_a_visit_of_the_future_is_given_back_and_kept(
    session: Session, phone: Phone, person: Resident
) -> None:
    body = a_body(person, -400)
    (result,) = results(phone.send("/visits", {"visits": [sealed(body)]}))
    assert (result["status"], list(result["errors"])) == ("rejected", ["visit_date"])
    assert (session.scalars(select(Submission)).one().body or {})["visit_date"] == body["visit_date"]


def test_two_phones_may_record_the_same_person(
    client: FlaskClient, session: Session, team: Team, phone: Phone, person: Resident
) -> None:
    other = Phone(client, session, a_member_of_staff(session, team=team))
    for each in (phone, other):
        assert results(each.send("/visits", {"visits": [a_body(person)]}))[0]["status"] == "accepted"
    assert len(set(session.scalars(select(Visit.device_id)))) == 2
