"""The pages about people, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.test_resident import BIRTH
from tests.clients import Pages
from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    TOWN,
    VILLAGE,
    a_condition,
    a_contract,
    a_member_of_staff,
    a_resident,
    a_team,
    a_visit_body,
    an_id_number,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Approval,
    Audit,
    Checkup,
    Condition,
    ContactAttempt,
    ReferralOutcome,
    Resident,
    Staff,
    StatusEvent,
    Task,
    Team,
    Visit,
)
from tracker.services.audit import Actor
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.words.problems import texts


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def pages(client: FlaskClient, session: Session, doctor: Staff) -> Pages:
    return signed_in(client, session, doctor)


def signed_in(client: FlaskClient, session: Session, staff: Staff) -> Pages:
    found = Pages(client, session, staff)
    session.commit()
    return found


def as_lead(client: FlaskClient, session: Session, team: Team) -> Pages:
    return signed_in(client, session, a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team))


@pytest.fixture
def person(session: Session) -> Resident:
    return a_resident(session, birth=BIRTH, name="张秀英")


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def a_form(**more: Any) -> dict[str, Any]:
    return {
        "name": "李四", "id_type": "id_card", "id_number": an_id_number(BIRTH, 77), "sex": "male",
        "birth_date": BIRTH.isoformat(), "phones": "13812345678（儿子）、0374-3511234",
        "region_code": VILLAGE, "groups": ["DIS"], "registered": "y", **more,
    }  # fmt: skip


def seen(session: Session, staff: Staff, person: Resident, *bodies: dict[str, Any]) -> None:
    sender = Sender(staff, Actor(staff.id, staff.role), AT)
    for answer in submission.submit(session, sender, bodies, texts):
        assert answer["status"] == "accepted", answer
    session.commit()


def test_the_list_is_searched_and_says_how_many(pages: Pages, session: Session, person: Resident) -> None:
    a_resident(session, name="王五")
    a_resident(session, name="赵六", village=FAR_VILLAGE)
    session.commit()
    page = text_of(pages.get("/residents").text)
    assert "共 2 人" in page
    assert "赵六" not in page
    page = text_of(pages.get("/residents", q="王五").text)
    assert "找到 1 人" in page
    assert "张秀英" not in page
    assert "没有找到这样的人" in pages.get("/residents", q="长" * 2000).text
    assert pages.get("/residents", village="x", group="y", status="z", page="-1").status_code == 200


def test_what_is_typed_stands_in_no_address(pages: Pages, session: Session, person: Resident) -> None:
    for _ in range(35):
        a_resident(session, name="王五")
    session.commit()
    answer = pages.post("/residents", {"q": "王五", "village": VILLAGE})
    assert answer.status_code == 303
    first = pages.client.get(answer.location).text
    assert "找到 35 人" in text_of(first)
    assert 'value="王五"' in first
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = pages.client.get(unescape(following[1])).text
    assert "共 35 人，已显示 35" in text_of(second)
    before = re.search(r'href="([^"]+)" rel="prev"', second)
    assert before is not None
    for address in (answer.location, unescape(following[1]), unescape(before[1])):
        asked = parse_qs(urlsplit(address).query, keep_blank_values=True)
        assert asked.keys() - {"page"} == {"server", "said", "village"}
        assert "王五" not in unquote(address)
    number = person.id_number or ""
    answer = pages.post("/residents", {"q": number})
    assert number not in answer.location
    assert person.name in pages.client.get(answer.location).text
    assert pages.client.post("/residents", data={"q": number}).status_code == 400  # without the form's token


def test_an_address_of_somebody_else_or_a_damaged_one_finds_nobody_in_particular(
    client: FlaskClient, pages: Pages, session: Session, team: Team, person: Resident
) -> None:
    address = pages.post("/residents", {"q": person.name}).location
    assert "找到 1 人" in text_of(pages.client.get(address).text)
    for damaged in ("", "x", "长", "AAAA", "A" * 60):
        assert "共 1 人" in text_of(pages.get("/residents", said=damaged).text)
    as_lead(client, session, team)
    assert f'value="{person.name}"' not in client.get(address).text


@pytest.mark.parametrize("below", ["", "/visits/new", "/edit"])
def test_no_title_names_a_person(pages: Pages, session: Session, person: Resident, below: str) -> None:
    a_condition(session, person)
    session.commit()
    page = pages.get(f"/residents/{person.id}{below}").text
    assert person.name in page
    assert person.name not in page[: page.index("</title>")]


def test_a_record_shows_what_is_known(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    a_condition(session, person)
    a_condition(session, person, Disease.DIABETES)
    seen(
        session, doctor, person,
        a_visit_body(person.id, "2026-03-02", "hypertension", sbp=162, dbp=94),
        a_visit_body(
            person.id, "2026-06-02", "hypertension", "diabetes", sbp=136, dbp=84, diabetes={"fpg": 8.2}
        ),
    )  # fmt: skip
    shown = pages.get(f"/residents/{person.id}").text
    page = text_of(shown)
    for words in ("张秀英", "162/94", "136/84", "8.2", "历次血压", "历次空腹血糖", "做随访", "东村委会"):
        assert words in page
    assert person.id_number is not None
    assert person.id_number not in shown
    assert person.id_number[-4:] in page


def test_a_new_person_is_registered_from_the_form(pages: Pages, session: Session, team: Team) -> None:
    assert pages.get("/residents/new").status_code == 200
    answer = pages.post("/residents/new", a_form())
    assert answer.status_code == 302, text_of(answer.text)
    made = session.scalars(select(Resident)).one()
    assert (made.name, made.village_code) == ("李四", VILLAGE)
    assert "13812345678" in pages.get(answer.location).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id_number": "999001195603020"}, "校验码|位|日期"),
        ({"id_number": ""}, "没有身份证号要写明原因"),
        ({"birth_date": "1956-03-03"}, "不一致"),
        ({"birth_date": "1956.3.2"}, "日期要写成"),
        ({"phones": "1381234567"}, "电话号码位数不对"),
        ({"name": ""}, "请填姓名"),
        ({"name": "长" * 2000}, "最多 50 个字"),
        ({"note": "长" * 2000}, "最多 500 个字"),
        ({"allergies": "长" * 201}, "最多 200 个字"),
        ({"name": "a\0b"}, "不能保存"),
        ({"region_code": FAR_VILLAGE}, "."),
        ({"sex": ""}, "."),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    pages: Pages, session: Session, team: Team, change: dict[str, str], words: str
) -> None:
    answer = pages.post("/residents/new", a_form(address="三组 12 号", **change))
    assert answer.status_code == 422
    assert re.search(words, text_of(answer.text))
    assert 'aria-invalid="true"' in answer.text
    assert "三组 12 号" in answer.text
    assert session.scalars(select(Resident)).all() == []


def test_a_namesake_born_the_same_day_is_asked_about_once(
    pages: Pages, session: Session, person: Resident
) -> None:
    session.commit()
    form = a_form(name="张秀英")
    answer = pages.post("/residents/new", form)
    assert answer.status_code == 422
    assert "同一个人" in answer.text
    assert pages.post("/residents/new", {**form, "another": "y"}).status_code == 302


def test_the_same_number_is_refused_with_the_name(pages: Pages, person: Resident) -> None:
    answer = pages.post("/residents/new", a_form(id_number=person.id_number))
    assert answer.status_code == 422
    assert "已经有这个人：张秀英" in text_of(answer.text)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("", "还没问过有没有过敏"),
        ("无", '<p class="muted">过敏：无</p>'),
        ("青霉素<b>", "<strong>过敏：青霉素&lt;b&gt;</strong>"),
    ],
)
def test_allergies_stand_on_the_record_and_on_the_visit(
    pages: Pages, session: Session, person: Resident, said: str, shown: str
) -> None:
    a_condition(session, person)
    session.commit()
    answer = pages.post(f"/residents/{person.id}/edit", a_form(id_number="", allergies=said))
    assert answer.status_code == 302, text_of(answer.text)
    for path in (f"/residents/{person.id}", f"/residents/{person.id}/visits/new"):
        assert shown in pages.get(path).text
    assert f'value="{escape(said)}"' in pages.get(f"/residents/{person.id}/edit").text


def test_allergies_are_not_for_those_who_see_people_masked(
    client: FlaskClient, session: Session, person: Resident
) -> None:
    person.allergies = "青霉素"
    county = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    assert "过敏" not in county.get(f"/residents/{person.id}").text


def test_an_edit_keeps_the_number_that_is_not_shown(pages: Pages, session: Session, person: Resident) -> None:
    session.commit()
    number, path = person.id_number, f"/residents/{person.id}/edit"
    shown = pages.get(path).text
    assert number is not None
    assert number not in shown
    assert "张秀英" in shown
    answer = pages.post(path, a_form(name="张秀兰", id_number=""))
    assert answer.status_code == 302, text_of(answer.text)
    session.expire_all()
    assert (person.name, person.id_number) == ("张秀兰", number)


def test_two_who_change_different_lines_of_a_record_both_keep_theirs(
    pages: Pages, client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    session.commit()
    path = f"/residents/{person.id}/edit"
    opened = form_values(pages.get(path).text)
    assert pages.post(path, {**opened, "phones": "13900000007", "note": "独居"}).status_code == 302
    assert pages.post(path, {**opened, "address": "三组 12 号", "note": ""}).status_code == 302
    session.expire_all()
    assert (person.address, person.note) == ("三组 12 号", "独居")
    assert "13900000007" in pages.get(path).text


def test_the_same_line_changed_by_two_is_shown_and_asked_about_once(
    pages: Pages, session: Session, person: Resident
) -> None:
    session.commit()
    path = f"/residents/{person.id}/edit"
    opened = form_values(pages.get(path).text)
    assert pages.post(path, {**opened, "allergies": "青霉素", "ethnicity": "回族"}).status_code == 302
    asked = pages.post(path, {**opened, "allergies": "头孢"})
    assert asked.status_code == 422
    assert "别人把这一项改成了“青霉素”" in asked.text
    again = form_values(asked.text)
    assert (again["allergies"], again["ethnicity"]) == ("头孢", "回族")
    session.expire_all()
    assert person.allergies == "青霉素"
    assert pages.post(path, again).status_code == 302
    session.expire_all()
    assert (person.allergies, person.ethnicity) == ("头孢", "回族")


def form_values(page: str) -> dict[str, Any]:
    """What a browser would send of the main form as it stands."""
    found: dict[str, Any] = {}
    form = page[page.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        ticked = "checked" in tag or not re.search(r'type="(radio|checkbox)"', tag)
        if name and ticked and name[1] != "csrf_token":
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, inner in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [unescape(inner).strip()]
    for name, inner in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        found[name] = re.findall(r'<option selected value="([^"]*)"', inner)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def test_the_full_view_asks_why_and_is_noted(client: FlaskClient, session: Session, person: Resident) -> None:
    commission = a_member_of_staff(session, Role.COMMISSION, region=COUNTY)
    pages = signed_in(client, session, commission)
    path = f"/residents/{person.id}"
    assert "张秀英" not in pages.get(path).text
    assert pages.post(f"{path}/reveal", {"reason": " "}).status_code == 422
    shown = pages.post(f"{path}/reveal", {"reason": "核对死亡名单"})
    assert shown.status_code == 200
    assert "张秀英" in shown.text
    assert person.id_number is not None
    assert person.id_number in shown.text
    row = session.scalars(select(Audit).where(Audit.action == "reveal resident")).one()
    assert (row.reason, row.staff_id) == ("核对死亡名单", commission.id)
    assert pages.get(f"{path}/edit").status_code == 404


def test_a_county_doctor_sees_in_full_who_was_referred(
    client: FlaskClient, session: Session, doctor: Staff, person: Resident
) -> None:
    a_condition(session, person)
    seen(
        session, doctor, person,
        a_visit_body(person.id, "2026-11-02", "hypertension", sbp=186, dbp=112),
    )  # fmt: skip
    pages = signed_in(client, session, a_member_of_staff(session, Role.COUNTY_DOCTOR, region=COUNTY))
    assert "张秀英" not in pages.get(f"/residents/{person.id}").text
    shown = pages.post(f"/residents/{person.id}/reveal", {"reason": "核对是不是本人"})
    assert "张秀英" in shown.text


def test_a_condition_is_registered(pages: Pages, session: Session, person: Resident) -> None:
    session.commit()
    path = f"/residents/{person.id}/conditions/new"
    bad = {"disease": "hypertension", "diagnosed_on": "2026-02-01", "enrolled_on": "2026-01-01"}
    assert "确诊日期不能晚于建档日期" in pages.post(path, bad).text
    assert pages.post(path, {**bad, "diagnosed_on": ""}).status_code == 302
    assert session.scalars(select(Condition.disease)).all() == [Disease.HYPERTENSION]
    assert "2型糖尿病" in pages.get(path).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sbp": "700"}, "收缩压应在 50–300 之间，您填的是 700"),
        ({"sbp": "sNaN"}, "要填数字"),
        ({"sbp": "90/120"}, "舒张压应低于收缩压，您填的是 90/120"),
    ],
)
def test_a_checkup_with_an_impossible_figure_is_refused_beside_it(
    pages: Pages, person: Resident, typed: dict[str, str], said: str
) -> None:
    sent = {"checked_on": str(clock.today()), "institution": "卫生院", **typed}
    answer = pages.post(f"/residents/{person.id}/checkups/new", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "卫生院" in answer.text


def test_an_attempt_and_a_checkup_are_noted(pages: Pages, session: Session, person: Resident) -> None:
    session.commit()
    path = f"/residents/{person.id}/attempts/new"
    assert pages.get(path).status_code == 200
    tried = {"attempted_at": "2026-11-20T10:30", "outcome": "unreachable", "note": "没人接"}
    assert pages.post(path, {**tried, "attempted_at": "昨天"}).status_code == 422
    assert pages.post(path, tried).status_code == 302
    noted = session.scalars(select(ContactAttempt)).one()
    assert noted.attempted_at.astimezone(clock.zone()).hour == 10
    path = f"/residents/{person.id}/checkups/new"
    assert pages.get(path).status_code == 200
    checked = {"checked_on": "2026-05-06", "institution": "颍桥镇卫生院", "fpg": "6.1", "findings": "正常"}
    assert pages.post(path, {**checked, "fpg": "NaN"}).status_code == 422
    assert pages.post(path, checked).status_code == 302
    assert session.scalars(select(Checkup.results)).one() == {"fpg": 6.1, "findings": "正常"}
    page = text_of(pages.get(f"/residents/{person.id}").text)
    assert "没人接" in page
    assert "颍桥镇卫生院" in page


def test_a_death_is_reported_by_the_doctor_and_approved_by_the_lead(
    pages: Pages, client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    a_condition(session, person)
    session.commit()
    told = {"status": "dead", "on": "2026-05-03", "reason": "家属告知，脑梗"}
    assert pages.get(f"/residents/{person.id}/status").status_code == 200
    assert pages.post(f"/residents/{person.id}/status", {**told, "on": "2190-01-01"}).status_code == 422
    assert pages.post(f"/residents/{person.id}/status", told).status_code == 302
    assert "等团队长批准" in pages.get(f"/residents/{person.id}").text
    assert pages.get("/approvals").status_code == 403
    lead = as_lead(client, session, team)
    assert "家属告知，脑梗" in lead.get("/approvals").text
    event = session.scalars(select(StatusEvent)).one()
    path = f"/approvals/statuses/{event.id}"
    forms = re.findall(r"<form method=.post. action=.{40,120}?>.*?</form>", lead.get("/approvals").text, re.S)
    refusing = [form for form in forms if 'name="reason"' in form]
    assert refusing
    assert not any('value="approve"' in form for form in refusing)  # Enter in the reason must not approve
    assert "退回要写明原因" in lead.post(path, {"decision": "refuse"}).text
    assert lead.post(path, {"decision": "maybe"}).status_code == 422
    assert lead.post(path, {"decision": "approve"}).status_code == 302
    session.expire_all()
    assert session.scalars(select(Condition.status)).one() is Status.DEAD
    assert "没有待审批的事" in lead.get("/approvals").text
    late = lead.post(path, {"decision": "refuse", "reason": "晚了一步"}, follow_redirects=True)
    assert "已经办过了" in late.text


def test_a_refused_report_is_not_approved_afterwards(
    pages: Pages, client: FlaskClient, session: Session, person: Resident, team: Team
) -> None:
    a_condition(session, person)
    died = {"status": "dead", "on": "2026-11-02", "reason": "家属告知", "sure": "y"}
    assert pages.post(f"/residents/{person.id}/status", died).status_code == 302
    path = f"/approvals/statuses/{session.scalars(select(StatusEvent)).one().id}"
    lead = as_lead(client, session, team)
    assert lead.post(path, {"decision": "refuse", "reason": "本人接的电话"}).status_code == 302
    again = lead.post(path, {"decision": "approve"}, follow_redirects=True)
    assert "已经办过了" in again.text
    session.expire_all()
    assert session.scalars(select(StatusEvent)).one().approved_at is None
    assert session.scalars(select(Condition.status)).one() is Status.ACTIVE


def test_who_comes_back_after_a_mistaken_death_has_to_sign_again(
    client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    contract = a_contract(session, person, team, clock.today() - timedelta(days=60))
    admin = Pages(client, session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN))
    path, today = f"/residents/{person.id}", clock.today().isoformat()
    died = {"status": "dead", "on": today, "reason": "家属告知", "sure": "y"}
    assert admin.post(f"{path}/status", died).status_code == 302
    assert "不会自动恢复" not in admin.get(path).text
    back = {"status": "active", "on": today, "reason": "认错了人"}
    assert admin.post(f"{path}/status", back).status_code == 302
    session.expire_all()
    assert contract.termination_reason == "01"
    shown = admin.get(path).text
    assert "原来的签约已经终止" in shown
    assert f'<a href="{path}/contracts/new">重新签约</a>' in shown
    a_contract(session, person, team, clock.today() + timedelta(days=1))
    assert "不会自动恢复" not in admin.get(path).text


def test_what_waits_is_counted_by_what_it_tells_and_only_a_death_silences(
    pages: Pages, client: FlaskClient, session: Session, team: Team, doctor: Staff, person: Resident
) -> None:
    a_condition(session, person)
    late = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    seen(session, doctor, person, {**late, "recorded_at": "2026-06-01T09:00:00+08:00"})
    heard = {"attempted_at": "2026-11-20T10:30", "outcome": "moved", "note": "邻居说的"}
    assert pages.post(f"/residents/{person.id}/attempts/new", heard).status_code == 302
    assert "批准以前照常提醒随访" in pages.get(f"/residents/{person.id}").text
    for status in (Status.DEAD, Status.LOST, Status.LOST):
        session.add(
            StatusEvent(
                resident_id=person.id, village_code=VILLAGE, status=status, on=clock.today(),
                reason="家属告知", recorded_at=AT, staff_id=doctor.id,
            )
        )  # fmt: skip
    session.commit()
    assert "这段时间不再提醒随访" in pages.get(f"/residents/{person.id}").text
    lead = as_lead(client, session, team)
    assert "失访 2 条，去世 1 条，迁出本县 1 条，补录的随访 1 次" in text_of(lead.get("/approvals").text)


def test_a_lead_is_asked_once_before_a_death_takes_effect(
    client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    lead = as_lead(client, session, team)
    told = {"status": "dead", "on": "2026-05-03", "reason": "家属告知"}
    answer = lead.post(f"/residents/{person.id}/status", told)
    assert answer.status_code == 422
    assert "终止签约" in answer.text
    assert session.scalars(select(StatusEvent)).all() == []
    assert lead.post(f"/residents/{person.id}/status", {**told, "sure": "y"}).status_code == 302
    assert "已去世" in lead.get(f"/residents/{person.id}").text


def test_a_late_visit_counts_when_the_lead_says_so(
    client: FlaskClient, session: Session, team: Team, doctor: Staff, person: Resident
) -> None:
    a_condition(session, person)
    late = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    seen(session, doctor, person, {**late, "recorded_at": "2026-06-01T09:00:00+08:00"})
    lead = as_lead(client, session, team)
    assert "补录" in lead.get("/approvals").text
    visit = session.scalars(select(Visit)).one()
    answer = lead.post(f"/approvals/visits/{visit.id}", {"decision": "refuse", "reason": "本子上没有"})
    assert answer.status_code == 302
    session.expire_all()
    assert session.scalars(select(Visit.approval)).one() is Approval.REFUSED


def test_the_end_of_a_referral_is_told(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    a_condition(session, person)
    seen(
        session, doctor, person,
        a_visit_body(person.id, "2026-11-02", "hypertension", sbp=186, dbp=112),
    )  # fmt: skip
    listed = pages.get("/referrals").text
    assert "张秀英" in listed
    assert "186/112" in listed
    assert "紧急转诊" in listed
    task = session.scalars(select(Task).where(Task.ended_on.is_(None))).one()
    path = f"/referrals/{task.id}"
    assert pages.get(path).status_code == 200
    told = {"outcome": "arrived", "outcome_on": "2026-11-05", "source": "家属", "treatment_changed": "y"}
    assert pages.post(path, {**told, "outcome_on": "2190-01-01"}).status_code == 422
    assert pages.post(path, told).status_code == 302
    assert session.scalars(select(ReferralOutcome.treatment_changed)).one() is True
    assert "没有待追踪的转诊" in pages.get("/referrals").text


def test_foreign_and_unknown_people_have_no_page(pages: Pages, session: Session) -> None:
    foreign = a_resident(session, village=FAR_VILLAGE)
    session.commit()
    for key in (foreign.id, uuid4()):
        paths = ("", "/edit", "/conditions/new", "/status", "/attempts/new", "/checkups/new")
        for path in paths:
            assert pages.get(f"/residents/{key}{path}").status_code == 404, path
        assert pages.post(f"/residents/{key}/reveal", {"reason": "x"}).status_code == 404
        assert pages.get(f"/referrals/{key}").status_code == 404


def test_who_moves_out_of_sight_leaves_the_lead_at_the_list(
    client: FlaskClient, session: Session, team: Team, person: Resident
) -> None:
    lead = as_lead(client, session, team)
    on = (clock.today() - timedelta(days=1)).isoformat()
    told = {"status": "transferred", "on": on, "reason": "搬家", "region_code": FAR_VILLAGE}
    answer = lead.post(f"/residents/{person.id}/status", told)
    assert (answer.status_code, answer.location) == (302, "/residents")
