"""The pages of a visit, as a doctor goes through them, on both databases."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import FAR_VILLAGE, a_condition, a_member_of_staff, a_resident, a_team, a_visit_body
from tests.statements import statements
from tracker import clock
from tracker.domain.form_rows import rows
from tracker.domain.form_text import flat, text_of
from tracker.domain.roles import Role
from tracker.domain.terms import Disease
from tracker.models import Judgement, Resident, Staff, Submission, Visit
from tracker.services.audit import Actor
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.words.problems import texts

ZH = "zh_Hans_CN"
STATEMENTS = (32, 33, 27)
"""To draw the form, to draw it again with what is wrong, and to save it."""


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session), username="doctor")


@pytest.fixture
def pages(client: FlaskClient, session: Session, doctor: Staff) -> Pages:
    return Pages(client, session, doctor)


@pytest.fixture
def person(session: Session) -> Resident:
    resident = a_resident(session, name="李秀英")
    a_condition(session, resident)
    a_condition(session, resident, Disease.DIABETES)
    return resident


def on(days_ago: int) -> str:
    return (clock.today() - timedelta(days=days_ago)).isoformat()


def typed(**more: object) -> dict[str, object]:
    """The least that a visit to a person with both diseases needs; dots in names as two underscores."""
    least: dict[str, object] = {
        "id": str(uuid4()),
        "visit_date": on(0),
        "mode": "clinic",
        "emergency_signs": ["none"],
        "sbp": "138",
        "dbp": "86",
        "hypertension.symptoms": ["1"],
        "diabetes.symptoms": ["1"],
        "diabetes.fpg": "6.1",
    }
    least |= {name.replace("__", "."): value for name, value in more.items()}
    return {name: value for name, value in least.items() if value is not None}


def recorded(session: Session, doctor: Staff, person: Resident, days_ago: int, **more: object) -> Visit:
    body = a_visit_body(person.id, on(days_ago), "hypertension", "diabetes", **more)
    sender = Sender(doctor, Actor(doctor.id, doctor.role), clock.now())
    (answer,) = submission.submit(session, sender, [body], texts)
    assert answer["status"] == "accepted", answer
    return session.scalars(select(Visit).where(Visit.id == UUID(body["id"]))).one()


def new(person: Resident) -> str:
    return f"/residents/{person.id}/visits/new"


def only(session: Session) -> Visit:
    session.rollback()
    return session.scalars(select(Visit)).one()


FULL = {
    "visit_date": on(5),
    "mode": "home",
    "informant": "family",
    "late_reason": "下雨路断",
    "emergency_signs": ["palpitations", "vision_drop"],
    "sbp": "142",
    "dbp": "88",
    "bp_readings.1.sbp": "138",
    "bp_readings.1.dbp": "86",
    "bp_source": "1",
    "heart_rate": "72",
    "unmeasurable": "glucose_hi",
    "no_reading_reason": "仪器没电",
    "weight_kg": "64.5",
    "weight_target_kg": "62",
    "height_cm": "165",
    "bmi_target": "23",
    "temperature": "36.6",
    "other_signs": "下肢轻度浮肿",
    "smoking_per_day": "0",
    "smoking_target": "0",
    "drinking_liang_per_day": "1.5",
    "drinking_target": "0",
    "sport_times_per_week": "3",
    "sport_times_target": "5",
    "sport_minutes": "20",
    "sport_minutes_target": "30",
    "psychology": "1",
    "compliance": "2",
    "visited_by": "doctor",
    "note": "下次带上次的化验单",
    "referral_form.outcome": "arrived",
    "referral_form.outcome_on": on(6),
    "referral_form.source": "家属",
    "referral_form.reason": "血糖高",
    "referral_form.institution": "县医院",
    "referral_form.department": "内分泌科",
    "referral_form.contact": "王医生",
    "referral_form.phone": "0374-3500001",
    "hypertension.salt": "2",
    "hypertension.salt_target": "1",
    "diabetes.fpg": "7.2",
    "diabetes.fpg_method": "1",
    "diabetes.ppg": "11.3",
    "diabetes.random_glucose": "12",
    "diabetes.hba1c": "7.4",
    "diabetes.hba1c_on": on(20),
    "diabetes.hypoglycaemia": "2",
    "diabetes.foot_pulse": "22",
    "diabetes.staple_g_per_day": "300",
    "diabetes.staple_target": "250",
    "diabetes.insulin.type": "甘精胰岛素",
    "diabetes.insulin.usage": "睡前 10U",
}
for _block, _name in (("hypertension", "氨氯地平片"), ("diabetes", "二甲双胍片")):
    FULL |= {
        f"{_block}.symptoms": ["7", "9"],
        f"{_block}.symptoms_other": "乏力",
        f"{_block}.adherence": "2",
        f"{_block}.adherence_reason": "9",
        f"{_block}.adverse_reaction": "2",
        f"{_block}.adverse_reaction_text": f"{_name}，踝部水肿",
        f"{_block}.adverse_reaction_uncontrollable": "y",
        f"{_block}.drugs.0.name": _name,
        f"{_block}.drugs.0.times": "1",
        f"{_block}.drugs.0.per": "day",
        f"{_block}.drugs.0.dose": "5",
        f"{_block}.drugs.0.unit": "mg",
        f"{_block}.drugs.0.usage": "早饭后",
        f"{_block}.drug_changes.0.name": f"{_name}加量",
        f"{_block}.drug_changes.0.times": "2",
        f"{_block}.drug_changes.0.per": "week",
        f"{_block}.complication": "new",
        f"{_block}.complications": ["retinopathy", "other"],
        f"{_block}.exam": "尿蛋白阴性",
        f"{_block}.raised_classification": "4",
        f"{_block}.raise_reason": "眼底出血",
        f"{_block}.appointment_on": on(-3),
    }


def test_every_row_of_both_forms_is_typed_stored_shown_and_exported(
    pages: Pages, session: Session, person: Resident
) -> None:
    answer = pages.post(new(person), {**FULL, "id": str(uuid4())})
    assert answer.status_code == 302, answer.text
    visit = only(session)
    stored = flat(visit.body)
    assert set(stored) == {row.key for row in rows()}
    page = pages.get(f"/visits/{visit.id}").text
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(pages.get(f"/residents/{person.id}/visits.xlsx").data))
    exported = {tuple(line[:2]) for name in sheets.sheet_names for line in cells(sheets, name)}
    for row in rows():
        words = text_of(row, stored[row.key], ZH)
        assert row.zh in page, row.key
        assert (in_words(words) if row.kind == "day" else words) in page, row.key
        assert (f"{row.zh} {row.element}".strip(), words) in exported, row.key


def in_words(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def cells(book: CalamineWorkbook, name: str) -> list[list[str]]:
    return [[str(cell) for cell in line] for line in book.get_sheet_by_name(name).to_python()]


def test_the_form_has_a_field_for_every_row_and_nothing_measured_is_filled(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    recorded(session, doctor, person, 40, sbp=151, dbp=93, weight_kg=64.5, diabetes={"fpg": 8.3})
    page = pages.get(new(person)).text
    for name in FULL:
        assert f'name="{name}"' in page, name
    assert "checked" not in page
    assert 'value="151"' not in page
    assert "上次 151 ·" in page
    assert "上次 8.3 ·" in page


def test_a_saved_visit_is_shown_with_its_judgement(pages: Pages, session: Session, person: Resident) -> None:
    answer = pages.post(new(person), typed(sbp="152"), follow_redirects=True)
    assert answer.status_code == 200
    assert "随访已保存" in answer.text
    assert "血压控制不满意（152/86）" in answer.text
    assert "第1次控制不满意，2周随访" in answer.text


def test_drawing_and_saving_cost_the_same_statements_however_long_the_history_is(
    pages: Pages, session: Session, doctor: Staff
) -> None:
    """Of the first visit of a day: of two diseases tasks are closed and opened, and the registers move."""
    pages.post("/nowhere")  # fetches the form token
    used = [counted(session, doctor, pages, visits) for visits in (1, 12, 1, 12)]
    assert used[2] == used[3], "what is kept between requests is there"
    assert [n <= most for n, most in zip(used[2], STATEMENTS, strict=True)] == [True] * 3, used[2]


def counted(session: Session, doctor: Staff, pages: Pages, visits: int) -> list[int]:
    """The statements of drawing the form, of drawing it with what is wrong, and of saving."""
    person = a_resident(session)
    for disease in Disease:
        a_condition(session, person, disease)
    for days_ago in range(visits):
        recorded(session, doctor, person, 20 + days_ago, sbp=128, dbp=82, diabetes={"fpg": 6.0})
    session.commit()
    asking = {
        200: lambda: pages.get(new(person)),
        422: lambda: pages.post(new(person), typed(sbp="400")),
        302: lambda: pages.post(new(person), typed()),
    }
    found = []
    for status, ask in asking.items():
        with statements(session) as run:
            assert ask().status_code == status
        found.append(len(run))
    return found


def test_a_word_on_saving_writes_nothing(pages: Pages, session: Session, person: Resident) -> None:
    path, _, said = pages.post(new(person), typed()).headers["Location"].partition("?")
    with statements(session) as run:
        assert "随访已保存" in pages.get(path, **dict([said.split("=")])).text
    assert [one for one in run if not one.lstrip().startswith(("SELECT", "WITH"))] == []
    assert "随访已保存" not in pages.get(path).text


def test_looking_at_the_judgement_saves_nothing(pages: Pages, session: Session, person: Resident) -> None:
    answer = pages.post(new(person), typed(sbp="152", do="look"))
    assert answer.status_code == 200
    assert "血压控制不满意（152/86）" in answer.text
    assert 'value="152"' in answer.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Visit)) == 0
    assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_the_same_form_sent_twice_makes_one_visit(pages: Pages, session: Session, person: Resident) -> None:
    form = typed()
    first, second = pages.post(new(person), form), pages.post(new(person), {**form, "sbp": "150"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert only(session).sbp == 138


def test_a_pressure_may_be_typed_into_one_box(pages: Pages, session: Session, person: Resident) -> None:
    assert pages.post(new(person), typed(sbp="１３８／86", dbp="")).status_code == 302
    visit = only(session)
    assert (visit.sbp, visit.dbp) == (138, 86)


def test_the_mean_of_the_last_two_readings_counts(pages: Pages, session: Session, person: Resident) -> None:
    more = {"bp_readings.1.sbp": "142", "bp_readings.1.dbp": "88", "bp_readings.2.sbp": "136/84"}
    pages.post(new(person), typed(sbp="150", dbp="90") | more)
    visit = only(session)
    assert visit.body["bp_readings"] == [[150, 90], [142, 88], [136, 84]]
    assert (visit.sbp, visit.dbp) == (139, 86)


def test_half_a_millimetre_is_shown_where_a_mean_has_one(
    pages: Pages, session: Session, person: Resident
) -> None:
    more = {"bp_readings.1.sbp": "140", "bp_readings.1.dbp": "85"}
    pages.post(new(person), typed(sbp="139", dbp="84") | more)
    visit = only(session)
    assert (visit.sbp, visit.dbp) == (139, 84)
    judged = select(Judgement.controlled).where(Judgement.disease == Disease.HYPERTENSION)
    assert session.scalars(judged).one() is True
    for path in (f"/residents/{person.id}", new(person)):
        assert "139.5/84.5" in pages.get(path).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sbp": "700"}, "收缩压应在 50–300 之间，您填的是 700"),
        ({"sbp": "86", "dbp": "138"}, "舒张压应低于收缩压"),
        ({"sbp": "一百"}, "要填整数"),
        ({"dbp": ""}, "收缩压和舒张压要一起填"),
        ({"mode": None}, "要选随访方式"),
        ({"visit_date": "11月"}, "日期要写成"),
        ({"visit_date": on(-5)}, "日期不能晚于今天"),
        ({"visit_date": on(9)}, "超过 3 天才录入"),
        ({"bp_readings.1.sbp": "150"}, "收缩压和舒张压要一起填"),
        ({"diabetes__hba1c_on": on(-5)}, "日期不能晚于今天"),
        ({"referral_form__outcome": "arrived", "referral_form__outcome_on": on(-5)}, "日期不能晚于今天"),
        ({"emergency_signs": None}, "请点一下"),
        ({"emergency_signs": ["none", "palpitations"]}, "不能和别的一起点"),
        ({"emergency_signs": ["not_asked"]}, "只有电话没找到本人"),
        ({"hypertension__symptoms": None}, "请点症状"),
        ({"hypertension__symptoms": ["1", "8"]}, "不能和别的症状一起选"),
        ({"hypertension__symptoms": ["2"]}, "属于危急情况吗"),
        ({"diabetes__symptoms": ["5"]}, "属于危急情况吗"),
        ({"heart_rate": "118"}, "持续性心动过速吗"),
        ({"diabetes__fpg": ""}, "原来的随访任务照旧保留"),
        ({"hypertension__adverse_reaction": "2"}, "写明药物和反应"),
        ({"hypertension__raised_classification": "3"}, "提高分类要写明原因"),
        ({"diabetes.drugs.0.dose": "500"}, "请写药名"),
        ({"diabetes.drugs.0.name": "二甲双胍", "diabetes.drugs.0.times": "20"}, "用药次数应在 1–8 之间"),
        ({"weight_kg": "200", "height_cm": "100"}, "体质指数应在 10–60 之间"),
        ({"visited_by": "nobody"}, "没有这个账号"),
        ({"id": "x"}, "UUID"),
        ({"note": "长" * 201}, "最多 200 个字"),
        ({"note": "a\0b"}, "含有不能保存的字符"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_everything_typed_stays(
    pages: Pages, session: Session, person: Resident, change: dict, words: str
) -> None:
    answer = pages.post(new(person), typed(other_signs="双下肢浮肿", **change))
    assert answer.status_code == 422
    assert words in answer.text
    assert "双下肢浮肿" in answer.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Visit)) == 0


def test_an_odd_value_is_asked_once(pages: Pages, session: Session, person: Resident) -> None:
    form = typed(sbp="232", dbp="120", emergency_signs=["severe_headache"])
    asked = pages.post(new(person), form)
    assert asked.status_code == 422
    assert "收缩压 232 mmHg" in asked.text
    assert "脉压 112 mmHg" in asked.text
    saved = pages.post(new(person), form | {"confirmed_odd": ["sbp", "pulse_pressure", "fpg"]})
    assert saved.status_code == 302
    assert only(session).body["confirmed_odd"] == ["sbp", "pulse_pressure"]


def test_symptoms_that_are_no_danger_are_confirmed_by_one_tick(
    pages: Pages, session: Session, person: Resident
) -> None:
    assert pages.post(new(person), typed(hypertension__symptoms=["2"], not_danger="y")).status_code == 302
    assert only(session).body["hypertension"]["symptoms"] == [2]


def test_who_was_recorded_today_is_known_when_the_form_opens_again(pages: Pages, person: Resident) -> None:
    assert "今天已记过" not in pages.get(new(person)).text
    assert pages.post(new(person), typed()).status_code == 302
    assert "今天已记过" in pages.get(new(person)).text


def test_a_missing_reading_needs_its_reason_and_leaves_the_task(
    pages: Pages, session: Session, person: Resident
) -> None:
    form = typed(diabetes__fpg="", no_reading_reason="试纸用完")
    shown = pages.post(new(person), form, follow_redirects=True)
    assert "原来的随访任务照旧" in shown.text
    assert only(session).body["no_reading_reason"] == "试纸用完"


def test_a_call_that_reached_nobody_asks_for_nothing(
    pages: Pages, session: Session, person: Resident
) -> None:
    call = {
        "id": str(uuid4()),
        "visit_date": on(0),
        "mode": "phone",
        "emergency_signs": ["not_asked"],
        "note": "关机",
    }
    assert pages.post(new(person), call).status_code == 302
    assert only(session).body["emergency_signs"] is None


def test_medicines_of_last_time_come_with_a_tap_and_nothing_else_does(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    drug = {"name": "氨氯地平片", "times": 1, "per": "day", "dose": 5.0, "unit": "mg"}
    recorded(session, doctor, person, 40, sbp=151, dbp=93, smoking_per_day=10, hypertension={"drugs": [drug]})
    assert 'value="carry:hypertension.drugs"' in pages.get(new(person)).text
    page = pages.post(new(person), typed(sbp="147", do="carry:hypertension.drugs")).text
    sent = fields_of(page)
    assert (sent["hypertension.drugs.0.name"], sent["sbp"]) == (["氨氯地平片"], ["147"])
    assert "还没有保存" not in page
    habit = fields_of(pages.post(new(person), typed(do="carry:smoking_per_day")).text)
    assert habit["smoking_per_day"] == ["10"]
    measured = fields_of(pages.post(new(person), typed(sbp="", do="carry:sbp")).text)
    assert measured["sbp"] == [""]


def test_a_fourth_medicine_finds_room(pages: Pages, person: Resident) -> None:
    page = pages.post(new(person), typed(do="more:diabetes.drugs")).text
    assert 'name="diabetes.drugs.3.name"' in page
    assert 'name="diabetes.drugs.3.name"' not in pages.get(new(person)).text


def test_an_open_referral_is_asked_for_its_outcome(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    recorded(session, doctor, person, 30, sbp=186, dbp=112, diabetes={"fpg": 6.1})
    form = typed()
    asked = pages.post(new(person), form)
    assert asked.status_code == 422
    assert "上次转诊还没有结果" in asked.text
    assert pages.post(new(person), form | {"referral_form.outcome": "unknown"}).status_code == 302


def test_a_visit_before_the_second_enrolment_is_about_the_first_disease_alone(
    pages: Pages, session: Session
) -> None:
    resident = a_resident(session)
    a_condition(session, resident)
    a_condition(session, resident, Disease.DIABETES, enrolled_on=clock.today())
    form = typed(visit_date=on(2), diabetes__symptoms=None, diabetes__fpg=None)
    assert pages.post(new(resident), form).status_code == 302
    assert "diabetes" not in only(session).body


def test_a_person_with_one_disease_is_asked_for_that_alone(pages: Pages, session: Session) -> None:
    resident = a_resident(session)
    a_condition(session, resident)
    page = re.sub(r'<script type="application/json".*?</script>', "", pages.get(new(resident)).text)
    assert "diabetes" not in page
    assert "烂苹果" not in page
    assert "血糖仪" not in page


def test_a_correction_keeps_what_was_and_says_why(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    visit = recorded(session, doctor, person, 1, sbp=138, dbp=86, note="原注", diabetes={"fpg": 6.1})
    page = pages.get(f"/visits/{visit.id}/edit").text
    assert 'value="138"' in page
    form = typed(id=str(visit.id), version="1", visit_date=on(1), sbp="152", note="新注")
    unsaid = pages.post(f"/visits/{visit.id}/edit", form)
    assert (unsaid.status_code, "要写明原因" in unsaid.text) == (422, True)
    looked = pages.post(f"/visits/{visit.id}/edit", form | {"reason": "抄错", "do": "look"})
    assert "血压控制不满意（152/86）" in looked.text
    shown = pages.post(f"/visits/{visit.id}/edit", form | {"reason": "抄错"}, follow_redirects=True).text
    assert "更正已保存" in shown
    assert "抄错" in shown
    assert "<del>138 mmHg</del>" in shown
    assert "<del>原注</del>" in shown
    for stale in ({}, {"version": "x"}):
        again = pages.post(f"/visits/{visit.id}/edit", form | {"reason": "又错"} | stale)
        assert (again.status_code, "第 2 版" in again.text) == (422, True)
    long = pages.post(f"/visits/{visit.id}/edit", form | {"reason": "长" * 501, "version": "2"})
    assert (long.status_code, "500" in long.text) == (422, True)


def test_a_correction_without_changes_changes_nothing_of_the_content(
    pages: Pages, session: Session, person: Resident
) -> None:
    pages.post(new(person), {**FULL, "id": str(uuid4())})
    before = only(session)
    page = pages.get(f"/visits/{before.id}/edit").text
    sent = fields_of(page)
    answer = pages.post(f"/visits/{before.id}/edit", sent | {"reason": "核对", "do": "save"})
    assert answer.status_code == 302, answer.text
    body = dict(before.body)
    after = only(session)
    assert (after.version, after.body) == (2, body)


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of a form: typed values and chosen options."""
    reader = Sent()
    reader.feed(page)
    return reader.found


class Sent(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        self.select = name if tag == "select" and name else self.select
        ticked = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if tag == "option" and "selected" in given:
            self.found.setdefault(self.select, []).append(value)
        if tag == "input" and name and ticked and name != "csrf_token":
            self.found.setdefault(name, []).append(value)


def test_a_visit_is_voided_with_a_reason(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    visit = recorded(session, doctor, person, 1, sbp=138, dbp=86)
    assert pages.get(f"/visits/{visit.id}/void").status_code == 200
    assert pages.post(f"/visits/{visit.id}/void", {"reason": ""}).status_code == 422
    shown = pages.post(f"/visits/{visit.id}/void", {"reason": "录错人"}, follow_redirects=True).text
    assert "已作废" in shown
    assert "录错人" in shown
    assert pages.get(f"/visits/{visit.id}/edit").status_code == 302


def test_an_old_visit_is_for_the_lead_to_change(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    visit = recorded(session, doctor, person, 1, sbp=138, dbp=86)
    visit.received_at -= timedelta(hours=25)
    page = pages.get(f"/visits/{visit.id}/edit", follow_redirects=True)
    assert f"/visits/{visit.id}/edit" not in pages.get(f"/visits/{visit.id}").text
    assert page.status_code == 302


def test_foreign_people_and_visits_are_not_found(pages: Pages, client: FlaskClient, session: Session) -> None:
    other = a_member_of_staff(session, team=a_team(session, "二队", (FAR_VILLAGE,)))
    neighbour = a_resident(session, village=FAR_VILLAGE)
    a_condition(session, neighbour)
    a_condition(session, neighbour, Disease.DIABETES)
    visit = recorded(session, other, neighbour, 1, sbp=138, dbp=86)
    for path in (
        new(neighbour),
        f"/visits/{visit.id}",
        f"/visits/{visit.id}/edit",
        f"/visits/{visit.id}/void",
    ):
        assert pages.get(path).status_code == 404, path
    assert pages.post(new(neighbour), typed()).status_code == 404
    assert pages.get(f"/residents/{neighbour.id}/visits.xlsx").status_code == 404


def test_oversight_reads_a_visit_with_the_name_masked(
    client: FlaskClient, session: Session, doctor: Staff, person: Resident
) -> None:
    visit = recorded(session, doctor, person, 1, sbp=138, dbp=86)
    officer = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region="411025"))
    page = officer.get(f"/visits/{visit.id}").text
    assert "李秀英" not in page
    assert "李*英" in page
    assert officer.get(new(person)).status_code == 404


def test_text_that_looks_like_a_formula_stays_text_in_the_export(
    pages: Pages, session: Session, person: Resident
) -> None:
    pages.post(new(person), typed(note="=1+1", other_signs="＝HYPERLINK"))
    data = pages.get(f"/residents/{person.id}/visits.xlsx").data
    lines = {line[0]: line[1] for line in cells(CalamineWorkbook.from_filelike(io.BytesIO(data)), "高血压")}
    assert (lines["备注"], lines["其他体征"]) == ("'=1+1", "'＝HYPERLINK")


def test_the_pages_speak_english(pages: Pages, client: FlaskClient, person: Resident) -> None:
    client.set_cookie("locale", "en")
    assert "Systolic pressure" in pages.get(new(person)).text
