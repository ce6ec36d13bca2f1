"""What a lead sees of the phones' work: refused records, pairs, conflicts, and files carried by hand."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Api, Pages
from tests.devices import Phone, a_seal, sealed
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    OTHER_TOWN,
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
    Device,
    Resident,
    Staff,
    Submission,
    Task,
    Team,
    Visit,
    VisitPair,
    VisitVersion,
)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def lead(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team)


@pytest.fixture
def strangers(session: Session) -> list[Staff]:
    other = a_team(session, "二队", (FAR_VILLAGE,))
    return [
        a_member_of_staff(session, Role.TEAM_LEAD, region=OTHER_TOWN, team=other),
        a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=OTHER_TOWN),
    ]


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


def sent(phone: Phone, *bodies: dict[str, Any]) -> list[str]:
    answer = phone.send("/visits", {"visits": [sealed(body) for body in bodies]})
    assert answer.status_code == 200, answer.text
    return [result["status"] for result in answer.json["results"]]


def one_sent(session: Session, body: dict[str, Any], status: str = "rejected") -> Submission:
    session.expire_all()
    query = select(Submission).where(Submission.visit_id == UUID(body["id"]), Submission.status == status)
    return session.scalars(query).one()


# Refused records


def test_a_lead_reads_what_was_refused_and_others_find_nothing(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff,
    strangers: list[Staff], doctor: Staff,
) -> None:  # fmt: skip
    body = a_body(person, sbp=700, note="胸闷两天")
    assert sent(phone, body) == ["rejected"]
    row = one_sent(session, body)
    for staff in (lead, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN)):
        pages = Pages(client, session, staff)
        shown = pages.get("/uploads").text
        for words in (person.name, doctor.name, "王医生的手机", "您填的是 700", "胸闷两天", "按内容补录"):
            assert words in shown, words
        assert "手机来件 1 条等您处理" in pages.get("/overdue").text
    for staff in strangers:
        pages = Pages(client, session, staff)
        assert "没有要您处理的记录" in pages.get("/uploads").text
        assert "手机来件 1" not in pages.get("/overdue").text
        for key in (row.id, uuid4()):
            assert pages.get(f"/uploads/{key}/visit").status_code == 404
            assert pages.post(f"/uploads/{key}/visit").status_code == 404
            assert pages.post(f"/uploads/{key}/leave", {"reason": "看过"}).status_code == 404
    assert Pages(client, session, doctor).get("/uploads").status_code == 403


def boxes(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    found: dict[str, Any] = {}
    form = page.split('id="visit-form"')[1].split("</form>")[0]
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        boxed = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name is not None and (not boxed or " checked" in tag) and name[1] != "csrf_token":
            found.setdefault(name[1], []).append(value[1] if value else "")
    return found


def test_a_lead_enters_the_content_under_the_records_own_id_and_author(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff
) -> None:
    body = a_body(person, ago=10, sbp=700, recorded_at=f"{day(10)}T09:00:00+08:00")
    assert sent(phone, body) == ["rejected"]
    row, pages = one_sent(session, body), Pages(client, session, lead)
    form = boxes(pages.get(f"/uploads/{row.id}/visit").text)
    assert (form["sbp"], form["dbp"], form["visit_date"]) == (["700"], ["86"], [day(10)])
    assert pages.post(f"/uploads/{row.id}/visit", form).status_code == 422
    form |= {"sbp": ["170"], "late_reason": ["手机没有信号"]}
    answer = pages.post(f"/uploads/{row.id}/visit", form)
    there = f"/visits/{body['id']}?done=recorded"
    assert (answer.status_code, answer.headers.get("Location")) == (302, there), answer.text
    again = pages.post(f"/uploads/{row.id}/visit", form)  # a second tap
    assert again.headers["Location"] == there
    visit = session.get_one(Visit, UUID(body["id"]))
    assert (visit.sbp, visit.visited_by, visit.late_entry) == (170, doctor.id, False)
    assert session.scalars(select(VisitVersion)).one().staff_id == lead.id
    act = session.scalars(select(Audit).where(Audit.action == "enter upload")).one()
    assert (act.staff_id, act.object_id) == (lead.id, body["id"])
    assert "没有要您处理的记录" in pages.get("/uploads").text
    assert pages.get(f"/uploads/{row.id}/visit").status_code == 404
    assert sent(phone, body) == ["accepted"]  # the phone sends it again and is at rest
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_what_needs_no_entering_is_left_for_a_reason_and_never_deleted(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff
) -> None:
    body = a_body(person, sbp=700)
    sent(phone, body, {**body, "sbp": 701})
    pages = Pages(client, session, lead)
    shown = pages.get("/uploads").text
    assert shown.count('id="upload-') == 1
    key = re.findall(r'id="upload-([^"]+)"', shown)[0]
    refused = pages.post(f"/uploads/{key}/leave", {"reason": " "})
    assert refused.status_code == 422
    assert "要写明原因" in refused.text
    assert pages.post(f"/uploads/{key}/leave", {"reason": "重复录入"}).status_code == 302
    assert "没有要您处理的记录" in pages.get("/uploads").text
    session.expire_all()
    rows = session.scalars(select(Submission)).all()
    assert [(row.status, row.settled_for, row.settled_by) for row in rows] == [
        ("rejected", "重复录入", lead.id)
    ] * 2
    act = session.scalars(select(Audit).where(Audit.action == "leave upload")).one()
    assert (act.reason, act.staff_id) == ("重复录入", lead.id)


def test_a_record_that_was_accepted_later_is_listed_no_more(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff
) -> None:
    body = a_body(person, sbp=700)
    assert sent(phone, body) == ["rejected"]
    assert sent(phone, {**body, "sbp": 150}) == ["accepted"]
    assert "没有要您处理的记录" in Pages(client, session, lead).get("/uploads").text


def test_another_body_under_the_id_of_what_was_taken_in_waits_for_the_lead(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff
) -> None:
    told = {"id": str(uuid4()), "attempted_at": f"{day()}T09:00:00+08:00", "outcome": "unreachable"}
    new = {
        "id": str(uuid4()), "name": "王小花", "id_number": an_id_number(date(1961, 3, 4), 4321),
        "sex": "male", "birth_date": "1961-03-04", "region_code": VILLAGE,
    }  # fmt: skip
    signed = {
        "id": str(uuid4()), "resident_id": str(person.id), "team": "一队", "years": 1, "signed_on": day(),
        "signature": {"kind": "paper"},
    }  # fmt: skip
    sent = (
        (f"/residents/{person.id}/attempts", told, {"note": "打了三次"}, {"outcome": "gone"}),
        ("/residents", new, {"name": "王小红"}, {"sex": "x"}),
        ("/contracts", signed, {"years": 3}, {"years": 9}),
    )
    for path, body, _other, wrong in sent:
        answers = [phone.send(path, sealed(one)).status_code for one in ({**body, **wrong}, body)]
        assert answers == [422, 201]
    assert "没有要您处理的记录" in Pages(client, session, lead).get("/uploads").text
    for path, body, other, _wrong in sent:
        assert phone.send(path, sealed({**body, **other})).status_code == 409
    shown = Pages(client, session, lead).get("/uploads").text
    assert shown.count('id="upload-') == shown.count("这个编号已经用过") == 3
    for words in ("打了三次", "王小红"):
        assert words in shown, words


def test_what_stays_shut_or_is_about_nobody_comes_to_the_authors_lead(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, strangers: list[Staff]
) -> None:
    shut = {"id": str(uuid4()), "sealed": a_seal(str(uuid4()), {})}
    phone.send("/visits", {"visits": [shut]})
    sent(phone, {**a_body(person), "resident_id": str(uuid4())})
    told = {
        "id": str(uuid4()),
        "attempted_at": f"{day()}T09:00:00+08:00",
        "outcome": "unreachable",
        "until": "x",
    }
    assert phone.send(f"/residents/{person.id}/attempts", sealed(told)).status_code == 422
    shown = Pages(client, session, lead).get("/uploads").text
    assert shown.count('id="upload-') == 3
    for words in ("内容打不开", "没有这个居民", "联系不上", "照着登记联系"):
        assert words in shown, words
    assert '/visit"' not in shown
    for staff in strangers:
        assert "没有要您处理的记录" in Pages(client, session, staff).get("/uploads").text


def test_a_body_that_makes_no_sense_is_shown_as_far_as_it_does(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff
) -> None:
    odd = {
        "sbp": "高", "bp_readings": "x", "emergency_signs": 7, "mode": {"a": 1}, "note": ["x"],
        "weight_kg": True,        "visit_date": "昨天", "recorded_at": "早上", "diabetes": 5, "dbp": 86,
        "hypertension": {"drugs": [7], "symptoms": "x", "drug_changes": [{"name": 3, "unit": "mg"}]},
    }  # fmt: skip
    body = {**a_body(person), **odd}
    assert sent(phone, body) == ["rejected"]
    pages = Pages(client, session, lead)
    assert pages.get("/uploads").status_code == 200
    form = boxes(pages.get(f"/uploads/{one_sent(session, body).id}/visit").text)
    assert (form["sbp"], form["dbp"]) == ([""], ["86"])


# Two bodies under one id


def a_conflict(session: Session, phone: Phone, person: Resident) -> dict[str, Any]:
    body = a_body(person)
    assert sent(phone, body) == ["accepted"]
    assert sent(phone, {**body, "sbp": 152}) == ["conflict"]
    return body


def test_a_lead_sees_both_bodies_and_takes_the_other_as_a_correction(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff,
    strangers: list[Staff],
) -> None:  # fmt: skip
    body = a_conflict(session, phone, person)
    key, pages = one_sent(session, body, "conflict").id, Pages(client, session, lead)
    shown = pages.get("/uploads").text
    assert "138" in shown
    assert "152" in shown
    assert "手机来件 1 条等您处理" in pages.get("/overdue").text
    to = f"/uploads/conflicts/{key}"
    assert "要写明原因" in pages.post(to, {"decision": "take", "version": "1"}).text
    stale = pages.post(to, {"decision": "take", "version": "7", "reason": "量错"})
    assert (stale.status_code, "已被改过" in stale.text) == (422, True)
    assert pages.post(to, {"decision": "take", "version": "1", "reason": "量错"}).status_code == 302
    session.expire_all()
    visit = session.get_one(Visit, UUID(body["id"]))
    assert (visit.sbp, visit.version, visit.visited_by) == (152, 2, doctor.id)
    assert session.get_one(VisitVersion, (visit.id, 2)).reason == "量错"
    assert "没有要您处理的记录" in pages.get("/uploads").text
    for staff in (lead, *strangers):
        assert Pages(client, session, staff).post(to, {"decision": "keep", "reason": "x"}).status_code == 404


def test_a_lead_keeps_what_is_stored(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff
) -> None:
    body = a_conflict(session, phone, person)
    key, pages = one_sent(session, body, "conflict").id, Pages(client, session, lead)
    answer = pages.post(f"/uploads/conflicts/{key}", {"decision": "keep", "reason": "原来的对"})
    assert answer.status_code == 302
    row = one_sent(session, body, "conflict")
    assert (row.settled_for, row.settled_by) == ("原来的对", lead.id)
    assert session.get_one(Visit, UUID(body["id"])).version == 1
    assert "没有要您处理的记录" in pages.get("/uploads").text


# Two doctors at one person


def a_pair(session: Session, phone: Phone, person: Resident, team: Team) -> tuple[str, str]:
    second = Phone(phone.client, session, a_member_of_staff(session, team=team))
    one, other = a_body(person, 20), a_body(person, 20, sbp=150)
    assert sent(phone, one) == sent(second, other) == ["accepted"]
    first, then = sorted((one["id"], other["id"]))
    return first, then


def test_a_pair_is_shown_closes_one_task_and_counts_one_person(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, team: Team,
    strangers: list[Staff],
) -> None:  # fmt: skip
    first, second = a_pair(session, phone, person, team)
    pages = Pages(client, session, lead)
    shown = pages.get("/uploads").text
    for words in ("同一人两次随访", person.name, f"/visits/{first}", f"/visits/{second}", "138/86", "150/86"):
        assert words in shown, words
    chain = select(Task).where(Task.resident_id == person.id, Task.chain)
    open_ones = [task for task in session.scalars(chain) if task.ended_on is None]
    assert len(open_ones) == 1
    given = {"first": first, "second": second, "decision": "both"}
    for staff in strangers:
        own = Pages(client, session, staff)
        assert "没有要您处理的记录" in own.get("/uploads").text
        assert own.post("/uploads/pairs", given).status_code == 404
    assert Pages(client, session, lead).post("/uploads/pairs", {**given, "first": "x"}).status_code == 302
    assert session.scalars(select(VisitPair)).all() == []
    assert Pages(client, session, lead).post("/uploads/pairs", given).status_code == 302
    assert session.scalars(select(VisitPair)).one().settled_by == lead.id
    pages = Pages(client, session, lead)
    assert "没有要您处理的记录" in pages.get("/uploads").text
    assert pages.post("/uploads/pairs", given).status_code == 404


def test_the_second_visit_of_a_pair_changes_no_figure(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, team: Team
) -> None:
    county = Api(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    second = Phone(phone.client, session, a_member_of_staff(session, team=team))
    figures = []
    for sender in (phone, second):
        assert sent(sender, a_body(person, 20)) == ["accepted"]
        figures.append(county.get("/indicators", region=COUNTY).json)
    assert figures[0] == figures[1]
    assert any(row["numerator"] for row in figures[0])
    closed = select(func.count()).select_from(Task).where(Task.closed_by.is_not(None))
    assert session.scalar(closed) == 1


def test_one_visit_of_a_pair_is_voided_for_a_reason(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, team: Team
) -> None:
    first, second = a_pair(session, phone, person, team)
    pages, given = Pages(client, session, lead), {"first": first, "second": second, "decision": "second"}
    asked = pages.post("/uploads/pairs", given)
    assert (asked.status_code, "要写明原因" in asked.text) == (422, True)
    assert pages.post("/uploads/pairs", {**given, "reason": "代填"}).status_code == 302
    session.expire_all()
    voided = [session.get_one(Visit, UUID(key)).voided_at is not None for key in (first, second)]
    assert voided == [False, True]
    assert "没有要您处理的记录" in pages.get("/uploads").text


def test_visits_of_one_phone_or_far_apart_are_no_pair(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, team: Team
) -> None:
    second = Phone(phone.client, session, a_member_of_staff(session, team=team))
    assert sent(phone, a_body(person, 28), a_body(person, 28)) == ["accepted"] * 2
    assert sent(second, a_body(person, 24)) == ["accepted"]
    assert "没有要您处理的记录" in Pages(client, session, lead).get("/uploads").text


def test_one_doctors_two_phones_at_one_person_are_a_pair(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff
) -> None:
    second = Phone(phone.client, session, doctor)
    assert sent(phone, a_body(person, 28)) == sent(second, a_body(person, 28, sbp=150)) == ["accepted"]
    shown = Pages(client, session, lead).get("/uploads").text
    for words in ("138/86", "150/86", "作废第 1 次", "作废第 2 次"):
        assert words in shown, words


# A file carried by hand


def delivered(pages: Pages, data: bytes) -> TestResponse:
    given = {"file": (io.BytesIO(data), "tracker.json")}
    return pages.post("/uploads/file", given, content_type="multipart/form-data")


def record(kind: str, body: dict[str, Any], number: int, resident: Resident | None = None) -> dict[str, Any]:
    about = {"resident_id": str(resident.id) if resident else None}
    return {"kind": kind, **about, **sealed(body, device_sequence=number)}


def test_a_file_is_taken_in_as_its_phones_and_authors_and_only_once(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff
) -> None:
    good, bad = a_body(person), a_body(person, sbp=700)
    told = {"id": str(uuid4()), "attempted_at": f"{day()}T09:00:00+08:00", "outcome": "unreachable"}
    wrong = {**told, "id": str(uuid4()), "outcome": "gone"}
    lost = {**told, "id": str(uuid4())}
    records = [
        record("visit", good, 1), record("visit", bad, 2), record("attempt", told, 3, person),
        record("attempt", wrong, 4, person), record("attempt", lost, 5),
        {"kind": "visit", "id": str(uuid4()), "sealed": "AAAA", "device_sequence": 6},
    ]  # fmt: skip
    pages = Pages(client, session, lead)
    assert pages.get("/uploads/file").status_code == 200
    for _ in range(2):
        answer = delivered(pages, phone.file(str(doctor.id), *records))
        assert answer.status_code == 200, answer.text
        assert "共 6 条，已收下 2 条" in answer.text
    session.expire_all()
    visit = session.scalars(select(Visit)).one()
    assert (visit.visited_by, visit.device_id, visit.sbp) == (doctor.id, UUID(phone.id), 138)
    assert session.scalars(select(ContactAttempt)).one().staff_id == doctor.id
    assert session.get_one(Device, UUID(phone.id)).missing == 0
    refused = session.scalars(select(Submission).where(Submission.status == "rejected")).all()
    assert sorted(row.kind for row in refused) == ["attempt", "attempt", "visit", "visit"]
    act = session.scalars(select(Audit).where(Audit.action == "deliver file")).first()
    assert act is not None
    assert (act.staff_id, act.details) == (lead.id, {"accepted": 2, "rejected": 4})
    assert sent(phone, good) == ["accepted"]  # the phone has a line again
    assert phone.send(f"/residents/{person.id}/attempts", sealed(told)).status_code == 200


def test_a_file_is_refused_where_it_was_changed_or_is_nobodys(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff,
    strangers: list[Staff],
) -> None:  # fmt: skip
    file = phone.file(str(doctor.id), record("visit", a_body(person), 1))
    pages = Pages(client, session, lead)
    for data, words in (
        (b"", "文件是空的"), (b"{}", "不是手机导出的文件"), (b"[1]", "不是手机导出的文件"),
        (file.replace(b"138", b"139") + b" x", "不是手机导出的文件"),
        (phone.file(str(lead.id)), "被改过"), (phone.file(str(doctor.id), signature="x"), "被改过"),
        (file.replace(b"visit", b"vis1t"), "不是手机导出的文件"),
        (file.replace(b'\\"device_sequence\\": 1', b'\\"device_sequence\\": 2'), "被改过"),
    ):  # fmt: skip
        answer = delivered(pages, data)
        assert (answer.status_code, words in answer.text) == (422, True), (data[:80], answer.text[-3000:])
    for staff in strangers:
        answer = delivered(Pages(client, session, staff), file)
        assert (answer.status_code, "不是您的人的手机" in answer.text) == (422, True)
    assert session.scalars(select(Visit)).all() == []


def test_what_a_revoked_phone_holds_comes_by_file_and_waits_for_the_lead(
    client: FlaskClient, session: Session, phone: Phone, person: Resident, lead: Staff, doctor: Staff
) -> None:
    body, device = a_body(person), session.get_one(Device, UUID(phone.id))
    device.revoked_at, device.revoked_for = clock.now() - timedelta(days=60), "丢了"
    answer = delivered(Pages(client, session, lead), phone.file(str(doctor.id), record("visit", body, 1)))
    assert "已收下 1 条" in answer.text
    assert session.get_one(Visit, UUID(body["id"])).approval is Approval.PENDING
