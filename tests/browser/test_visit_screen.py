"""The visit screen in a real browser: few taps, judged while typing, kept without a network, never lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.pages import look, sign_in
from tests.browser.phone import PIN, a_patient, unlock
from tests.county import VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

DRUG = {"name": "苯磺酸氨氯地平片", "times": 1, "per": "day", "dose": 5, "unit": "mg"}
MOST_TAPS = 12


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    with county.serving(workers=2):
        yield county


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor")


@pytest.fixture(scope="module")
def pressed(county: County, token: str) -> str:
    """Somebody with hypertension and three visits behind."""
    person = a_patient(county, token, VILLAGE, 1)
    for days, sbp in ((95, 152), (60, 148), (30, 136)):
        visited(county, token, person, days, sbp=sbp, dbp=84, hypertension={"symptoms": [1], "drugs": [DRUG]})
    return person


@pytest.fixture(scope="module")
def both(county: County, token: str) -> str:
    """Somebody with both diseases."""
    person = a_patient(county, token, VILLAGE, 2, name="李桂兰")
    since = (clock.today() - timedelta(days=100)).isoformat()
    condition = {"disease": "diabetes", "diagnosed_on": since, "enrolled_on": since}
    assert county.call("POST", f"/api/v1/residents/{person}/conditions", token, condition)[0] == 201
    more: dict[str, Any] = {"hypertension": {"symptoms": [1]}, "diabetes": {"symptoms": [1], "fpg": 7.6}}
    visited(county, token, person, 40, sbp=138, dbp=84, smoking_per_day=10, **more)
    return person


@pytest.fixture(scope="module")
def seen_today(county: County, token: str) -> str:
    """Somebody whom the server already knows a visit of today for."""
    person = a_patient(county, token, VILLAGE, 93, name="孙春梅")
    visited(county, token, person, 0, sbp=138, dbp=86, hypertension={"symptoms": [1], "drugs": []})
    return person


def visited(county: County, token: str, person: str, days: int, **more: Any) -> None:
    day = clock.today() - timedelta(days=days)
    body = {
        "id": str(uuid4()), "resident_id": person, "visit_date": day.isoformat(), "mode": "clinic",
        "recorded_at": f"{day.isoformat()}T10:00:00+08:00", "emergency_signs": [], **more,
    }  # fmt: skip
    status, answer = county.call("POST", "/api/v1/visits", token, {"visits": [body]})
    assert answer["results"][0]["status"] == "accepted", (status, answer)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 360, "height": 780}, locale="zh-CN", timezone_id="Asia/Shanghai",
        has_touch=True, is_mobile=True, service_workers="allow",
    )  # fmt: skip
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext, county: County) -> Iterator[Page]:
    """The doctor's phone, set up on its own page, open, with everybody on it and no network."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, county, "doctor")
    page.goto(county.url + "/phone?server")
    page.fill("#phone-pin", PIN)
    page.fill("#phone-again", PIN)
    page.click("#phone-form [type=submit]")
    page.wait_for_url("**/worklist*")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.goto(county.url + "/worklist")
    unlock(page)
    while not page.evaluate(PEOPLE):
        page.wait_for_timeout(100)
    context.set_offline(True)
    yield page
    assert errors == []


def form_of(page: Page, county: County, person: str, query: str = "") -> None:
    page.goto(f"{county.url}/residents/{person}/visits/new{query}")
    unlock(page)


class Taps:
    """Counts what a thumb does, besides the figures."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.count += 1


def answer(taps: Taps, figures: str) -> None:
    """门诊, no danger, the pressure, no symptom, medicines as before, taken regularly, no reaction."""
    taps.tap("[name=mode][value=clinic]")
    taps.tap("[name=emergency_signs][value=none]")
    taps.tap("#sbp")
    taps.page.keyboard.type(figures)
    taps.tap("[name='hypertension.symptoms'][value='1']")
    if taps.page.locator("button[value='carry:hypertension.drugs']").is_visible():
        taps.tap("button[value='carry:hypertension.drugs']")
    taps.tap("[name='hypertension.adherence'][value='1']")
    taps.tap("[name='hypertension.adverse_reaction'][value='1']")


def save(taps: Taps) -> None:
    taps.tap(".action [type=submit]")


def outbox(page: Page) -> list[dict[str, Any]]:
    return page.evaluate(OUTBOX)  # type: ignore[no-any-return]


PEOPLE = """() => new Promise((resolve) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const counted = opening.result.transaction("people").objectStore("people").count();
    counted.onsuccess = () => resolve(counted.result);
  };
})"""
OUTBOX = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    const short = ({ id, state, resident_id }) => ({ id, state, resident_id });
    all.onsuccess = () => resolve(all.result.map(short));
    all.onerror = reject;
  };
})"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "outbox") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
}"""


def test_a_routine_visit_takes_few_taps_without_a_network(phone: Page, county: County, pressed: str) -> None:
    form_of(phone, county, pressed)
    expect(phone.locator("#visit-form")).to_be_visible()
    look(phone)
    begun, taps = time.monotonic(), Taps(phone)
    answer(taps, "13284")
    expect(phone.locator("#judgement")).to_contain_text("控制满意")
    assert (phone.input_value("#sbp"), phone.input_value("#dbp")) == ("132", "84")
    assert phone.input_value("[name='hypertension.drugs.0.name']") == DRUG["name"]
    save(taps)
    expect(phone.locator("#visit-kept")).to_contain_text("已存在这台手机")
    took = time.monotonic() - begun
    assert taps.count <= MOST_TAPS, f"{taps.count} taps in {took:.1f} s; a routine visit is meant for 20 s"
    expect(phone.locator("#visit-kept")).to_contain_text("常规随访")
    assert [(one["state"], one["resident_id"]) for one in outbox(phone)] == [("here", pressed)]
    look(phone)


def test_both_diseases_stand_on_one_screen_and_danger_is_said_at_once(
    phone: Page, county: County, both: str
) -> None:
    form_of(phone, county, both)
    look(phone)
    phone.fill("#sbp", "138/86")
    expect(phone.locator("#dbp")).to_have_value("86")
    phone.fill("[id='diabetes.fpg']", "18.2")
    phone.locator("[id='diabetes.fpg']").blur()
    expect(phone.locator("#judgement .judgement")).to_have_count(2)
    expect(phone.locator("#judgement")).to_contain_text("紧急转诊")
    phone.locator("[name='hypertension.symptoms'][value='2']").tap()
    expect(phone.locator("#danger-asked")).to_be_visible()
    phone.fill("#dbp", "130")
    phone.locator("#dbp").blur()
    expect(phone.locator("[name=confirmed_odd][value=pulse_pressure]")).to_be_visible()
    save(Taps(phone))
    expect(phone.locator("#visit-errors li")).not_to_have_count(0)
    expect(phone.locator("[id='mode-error']")).to_be_visible()
    look(phone)


@pytest.fixture(scope="module")
def off_scale(county: County, token: str) -> str:
    """Somebody with both diseases whose two-week recheck of glucose is long overdue."""
    person = a_patient(county, token, VILLAGE, 6, name="邓桂")
    since = (clock.today() - timedelta(days=100)).isoformat()
    condition = {"disease": "diabetes", "diagnosed_on": since, "enrolled_on": since}
    assert county.call("POST", f"/api/v1/residents/{person}/conditions", token, condition)[0] == 201
    more: dict[str, Any] = {"hypertension": {"symptoms": [1]}, "diabetes": {"symptoms": [1], "fpg": 7.6}}
    visited(county, token, person, 40, sbp=146, dbp=88, **more)
    return person


@pytest.fixture(scope="module")
def measured_thrice(county: County, token: str) -> str:
    person = a_patient(county, token, VILLAGE, 7, name="邓梅")
    readings = [[160, 90], [156, 90], [146, 78]]
    visited(county, token, person, 40, bp_readings=readings, hypertension={"symptoms": [1]})
    return person


def test_glucose_off_the_scale_leaves_the_task_overdue_and_the_person_urgent(
    phone: Page, county: County, off_scale: str, context: BrowserContext
) -> None:
    """No day in the past is told as the next visit, and the day's list marks the referral."""
    form_of(phone, county, off_scale)
    answer(Taps(phone), "13088")
    phone.locator("[name='diabetes.symptoms'][value='1']").first.tap()
    phone.locator("[name='diabetes.adherence'][value='1']").first.tap()
    phone.locator("[name='diabetes.adverse_reaction'][value='1']").first.tap()
    phone.locator("[name=unmeasurable][value=glucose_hi]").tap()
    card = phone.locator("#judgement .judgement", has_text="糖尿病")
    for said in ("控制不满意", "紧急转诊", "原来的随访任务照旧", "已逾期"):
        expect(card).to_contain_text(said)
    expect(card).not_to_contain_text("下次随访")
    for said in ("糖尿病", "控制不满意", "紧急转诊", "已逾期"):  # of two diseases, the worse
        expect(phone.locator("#verdict")).to_contain_text(said)
    look(phone)
    save(Taps(phone))
    expect(phone.locator("#visit-kept")).to_contain_text("还有任务已逾期")
    look(phone)
    phone.goto(f"{county.url}/worklist")
    unlock(phone)
    today = phone.locator("#today .person", has=phone.locator(f"a[href*='{off_scale}']")).first
    expect(today.locator(".status-urgent")).to_have_count(1)
    expect(today).to_contain_text("二周复访")
    noted = phone.locator("#today section .person", has=phone.locator(f"a[href*='{off_scale}']"))
    expect(noted).to_contain_text("130/88 · 血糖仪显示 HI")
    look(phone)
    context.set_offline(False)
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    expect(phone.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    expect(today.locator(".status-urgent")).to_have_count(1)
    phone.goto(f"{county.url}/worklist?server")
    listed = phone.locator(".person", has=phone.locator(f"a[href*='{off_scale}']")).first
    expect(listed.locator(".status-urgent")).to_have_count(1)
    expect(listed).to_contain_text("二周复访")
    look(phone)
    (kept,) = outbox(phone)
    phone.goto(f"{county.url}/visits/{kept['id']}")
    expect(phone.locator(".judgement", has_text="糖尿病")).to_contain_text("已逾期")
    expect(phone.locator(".lead")).to_contain_text("还有任务已逾期")
    look(phone)


@pytest.fixture(scope="module")
def long_referred(county: County, token: str) -> str:
    """Somebody whose referral has been waiting for its outcome since four weeks ago."""
    person = a_patient(county, token, VILLAGE, 96, name="冯玉英")
    visited(county, token, person, 42, sbp=188, dbp=96, hypertension={"symptoms": [1]})
    return person


def test_a_day_that_is_past_is_told_as_overdue_though_the_visit_was_good(
    phone: Page, county: County, long_referred: str, context: BrowserContext
) -> None:
    form_of(phone, county, long_referred)
    answer(Taps(phone), "13284")
    phone.locator("[name='referral_form.outcome'][value='unknown']").first.tap()
    for place in ("#judgement .judgement", "#verdict"):
        expect(phone.locator(place)).to_contain_text("控制满意")
        expect(phone.locator(place)).to_contain_text("已逾期")
        expect(phone.locator(place)).not_to_contain_text("下次随访")
    look(phone)
    save(Taps(phone))
    expect(phone.locator("#visit-kept")).to_be_visible()
    context.set_offline(False)
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    expect(phone.locator("#visit-kept h1 [data-now=uploaded]")).to_be_visible(timeout=20_000)
    phone.goto(f"{county.url}/visits/{outbox(phone)[-1]['id']}")
    expect(phone.locator(".judgement")).to_contain_text("已逾期")
    expect(phone.locator(".judgement")).not_to_contain_text("下次随访")
    phone.goto(f"{county.url}/residents/{long_referred}/visits/new?server")
    due = clock.today() - timedelta(days=28)
    expect(phone.locator(".who")).to_contain_text(f"应访 {due.month}月{due.day}日")


def test_the_last_pressure_beside_the_field_is_that_of_the_head(
    phone: Page, county: County, measured_thrice: str, context: BrowserContext
) -> None:
    """Of several readings, the mean of the last two; on the phone and on the server's page."""
    form_of(phone, county, measured_thrice)
    expect(phone.locator("#who")).to_contain_text("151/84")
    for key, value in (("sbp", "151"), ("dbp", "84")):
        expect(phone.locator(f"[data-was={key}]")).to_have_text(f"上次 {value}")
    context.set_offline(False)
    phone.goto(f"{county.url}/residents/{measured_thrice}/visits/new?server")
    expect(phone.locator(".who")).to_contain_text("151/84")
    expect(phone.locator("#visit-form")).to_contain_text("上次 151")


def test_no_impossible_figure_is_judged_and_every_odd_one_has_its_tick(
    phone: Page, county: County, pressed: str
) -> None:
    form_of(phone, county, pressed)
    phone.locator("#sbp").tap()
    phone.keyboard.type("130")
    phone.keyboard.type("8600")
    phone.keyboard.press("Tab")
    assert phone.input_value("#dbp") == "860"
    expect(phone.locator("#judgement")).to_contain_text("有的数不可能")
    expect(phone.locator("#judgement .judgement")).to_have_count(0)
    expect(phone.locator("#verdict")).to_be_empty()
    look(phone)
    phone.fill("#dbp", "86")
    phone.locator("#dbp").blur()
    expect(phone.locator("#judgement .judgement")).to_have_count(1)

    phone.evaluate("() => document.getElementById('bp_readings.1.sbp').closest('details').open = true")
    phone.locator("[id='bp_readings.1.sbp']").tap()
    phone.keyboard.type("14594")  # on to the next pair by itself
    phone.keyboard.type("310")
    boxes = [phone.input_value(f"[id='bp_readings.{n}']") for n in ("1.sbp", "1.dbp", "2.sbp")]
    assert boxes == ["145", "94", "310"]
    phone.keyboard.type("95")
    further = phone.locator(".field", has=phone.locator("[id='bp_readings.2.sbp']"))
    expect(further.locator("[data-kind=impossible]")).to_contain_text("310")
    expect(phone.locator("#judgement .judgement")).to_have_count(0)
    look(phone)
    for box in ("2.sbp", "2.dbp", "1.sbp", "1.dbp"):
        phone.fill(f"[id='bp_readings.{box}']", "")
        phone.locator(f"[id='bp_readings.{box}']").blur()

    phone.fill("#sbp", "138")
    phone.fill("#dbp", "20")
    phone.locator("#dbp").blur()
    save(Taps(phone))
    expect(phone.locator("#sbp-error")).to_have_count(0)
    lower = phone.locator(".field", has=phone.locator("#dbp"))
    for key in ("dbp", "pulse_pressure"):
        expect(lower.locator("#dbp-error")).to_be_visible()
        lower.locator(f"[name=confirmed_odd][value={key}]").check()
        save(Taps(phone))
    expect(phone.locator("#dbp-error")).to_have_count(0)


def test_a_draft_is_offered_to_the_same_person_only(
    phone: Page, county: County, pressed: str, both: str
) -> None:
    form_of(phone, county, pressed)
    phone.fill("#sbp", "171")
    phone.locator("[name='hypertension.symptoms'][value='9']").tap()
    phone.wait_for_timeout(900)
    form_of(phone, county, both)
    expect(phone.locator("#visit-form")).to_be_visible()
    assert phone.input_value("#sbp") == ""
    form_of(phone, county, pressed)
    expect(phone.locator("#visit-draft")).to_be_visible()
    phone.tap("#draft-on")
    assert phone.input_value("#sbp") == "171"
    assert phone.is_checked("[name='hypertension.symptoms'][value='9']")
    form_of(phone, county, pressed)
    phone.tap("#draft-off")
    expect(phone.locator("#visit-form")).to_be_visible()
    assert phone.input_value("#sbp") == ""
    form_of(phone, county, pressed)
    expect(phone.locator("#visit-form")).to_be_visible()
    expect(phone.locator("#visit-draft")).to_be_hidden()


def test_who_types_fast_and_leaves_at_once_finds_it_again(phone: Page, county: County, both: str) -> None:
    form_of(phone, county, both)
    phone.tap("#sbp")
    phone.keyboard.type("142/90", delay=150)
    form_of(phone, county, both)
    expect(phone.locator("#visit-draft")).to_be_visible()
    phone.tap("#draft-on")
    assert phone.input_value("#sbp") == "142"
    form_of(phone, county, both)
    phone.tap("#draft-off")


def test_both_pressures_are_typed_key_by_key(phone: Page, county: County, pressed: str) -> None:
    form_of(phone, county, pressed)
    upper, lower = phone.locator("#sbp"), phone.locator("#dbp")
    for typed in ("138/86", "138.86", "138，86", "13886", "138 86", "98/60"):
        upper.fill("")
        lower.fill("")
        upper.focus()
        phone.keyboard.type(typed)
        wanted = ("98", "60") if typed == "98/60" else ("138", "86")
        assert (upper.input_value(), lower.input_value()) == wanted, typed
    upper.fill("15094")
    assert (upper.input_value(), lower.input_value()) == ("150", "94")


def test_a_danger_is_said_where_only_the_server_can_judge(
    seen_today: str, phone: Page, county: County, context: BrowserContext
) -> None:
    form_of(phone, county, seen_today)
    expect(phone.locator("#who")).to_contain_text("今天已记过")
    phone.fill("#sbp", "138")
    phone.fill("#dbp", "86")
    expect(phone.locator("#judgement")).to_contain_text("要和已有的记录一起判断")
    expect(phone.locator("#judgement .judgement")).to_have_count(0)
    expect(phone.locator("#verdict")).to_be_empty()
    phone.fill("#sbp", "196")
    phone.fill("#dbp", "112")
    for place in ("#judgement .judgement", "#verdict"):
        expect(phone.locator(place)).to_contain_text("紧急转诊")
    look(phone)
    for field in ("#sbp", "#dbp"):
        phone.fill(field, "")
    answer(Taps(phone), "19698")
    save(Taps(phone))
    expect(phone.locator("#kept-judgement")).to_contain_text("服务器收到后给出结果")
    context.set_offline(False)
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    expect(phone.locator("#visit-kept h1 [data-now=uploaded]")).to_be_visible(timeout=20_000)
    judged = phone.locator("#kept-judgement")
    for said in ("控制不满意", "紧急转诊", "收缩压≥180", "下次随访"):
        expect(judged).to_contain_text(said)
    expect(judged).not_to_contain_text("服务器收到后给出结果")
    look(phone)


def test_a_line_that_is_gone_is_not_green(phone: Page, county: County) -> None:
    badge = phone.locator("#sync")
    expect(badge).to_contain_text("没有网络")
    expect(badge).to_have_attribute("data-state", "here")


@pytest.fixture(scope="module")
def referred(county: County, token: str) -> str:
    return a_patient(county, token, VILLAGE, 94, name="马兰英")


def test_who_was_recorded_today_is_known_when_the_form_opens_again(
    phone: Page, county: County, referred: str
) -> None:
    """The record is said, its figures are the last ones, and a referral stands in the list from now on."""
    form_of(phone, county, referred)
    again = phone.locator("#who", has_text="今天已记过")
    expect(phone.locator("#visit-form")).to_be_visible()
    expect(again).to_have_count(0)
    answer(Taps(phone), "18896")
    save(Taps(phone))
    expect(phone.locator("#visit-kept")).to_contain_text("已存在这台手机")
    phone.reload()
    unlock(phone)
    expect(again).to_contain_text("188/96")
    for key, value in (("sbp", "188"), ("dbp", "96")):
        expect(phone.locator(f"[data-was={key}]")).to_have_text(f"上次 {value}")
    look(phone)
    phone.goto(f"{county.url}/worklist?view=urgent")
    unlock(phone)
    own = phone.locator(f".person:has(a[href*='{referred}'])")
    expect(own).to_have_count(2)  # in the list of referrals, and below as recorded here
    for card in own.all():
        expect(card.locator(".status-urgent")).to_have_count(1)
    look(phone)
    phone.goto(f"{county.url}/phone")
    unlock(phone)
    expect(phone.locator("#phone-items li", has_text="马*英").first).to_contain_text("188/96")
    look(phone)


def test_a_tap_beside_a_field_is_not_lost_to_the_word_that_appears_under_it(
    phone: Page, county: County, both: str
) -> None:
    """An odd figure is asked about when its field is left, which moves all that stands below."""
    form_of(phone, county, both)
    chip = phone.locator("label", has=phone.locator("[name=unmeasurable][value=glucose_hi]"))
    for odd, figure in enumerate(("84", "135", "84", "135")):
        phone.locator("#dbp").focus()
        phone.keyboard.press("ControlOrMeta+A")
        phone.keyboard.type(figure)
        phone.locator("#dbp").evaluate("(field) => field.scrollIntoView({ block: 'center' })")
        before, box = chip.locator("input").is_checked(), chip.bounding_box()
        assert box
        phone.mouse.click(box["x"] + box["width"] / 2, box["y"] + 6)
        expect(chip.locator("input")).to_be_checked(checked=not before)
        expect(phone.locator("[name=confirmed_odd][value=dbp]")).to_have_count(odd % 2)


def test_a_man_is_not_asked_about_a_pregnancy_and_nobody_present_about_a_call(
    phone: Page, county: County, token: str, pressed: str, context: BrowserContext
) -> None:
    context.set_offline(False)
    number = an_id_number(date(1958, 3, 2), 95, male=True)
    body = {
        "name": "杨建国", "id_number": number, "sex": "male", "birth_date": "1958-03-02", "phones": [],
        "region_code": VILLAGE, "groups": [], "registered": True,
    }  # fmt: skip
    _, man = county.call("POST", "/api/v1/residents", token, body)
    since = (clock.today() - timedelta(days=9)).isoformat()
    condition = {"disease": "hypertension", "diagnosed_on": since, "enrolled_on": since}
    assert county.call("POST", f"/api/v1/residents/{man['id']}/conditions", token, condition)[0] == 201
    phone.goto(f"{county.url}/worklist")
    unlock(phone)
    expect(phone.locator(f"#today a[href*='{man['id']}']").first).to_be_attached(timeout=20_000)
    for query in ("", "?server"):
        for person, asked in ((man["id"], 0), (pressed, 2)):  # to read out, and to tick
            form_of(phone, county, person, query)
            expect(phone.locator("#visit-form")).to_be_visible()
            phone.get_by_text("有，点出来").tap()
            expect(phone.get_by_text("妊娠", exact=False).locator("visible=true")).to_have_count(asked)
            nobody = phone.locator("label", has=phone.locator("[name=emergency_signs][value=not_asked]"))
            phone.locator("[name=mode][value=clinic]").first.tap()
            expect(nobody).to_be_hidden()
            phone.locator("[name=mode][value=phone]").first.tap()
            expect(nobody).to_be_visible()


def test_a_second_tab_waits_for_the_first(
    phone: Page, county: County, pressed: str, context: BrowserContext
) -> None:
    form_of(phone, county, pressed)
    expect(phone.locator("#visit-form")).to_be_visible()
    second = context.new_page()
    form_of(second, county, pressed)
    expect(second.locator("#elsewhere")).to_be_visible()
    expect(second.locator("#visit-form")).to_be_hidden()
    phone.close()
    unlock(second)
    expect(second.locator("#visit-form")).to_be_visible()


def test_what_does_not_reach_the_disk_is_never_called_kept(phone: Page, county: County, pressed: str) -> None:
    form_of(phone, county, pressed)
    taps = Taps(phone)
    answer(taps, "15296")
    phone.evaluate(FULL)
    save(taps)
    expect(phone.locator("#visit-failed")).to_be_visible()
    expect(phone.locator("#visit-kept")).to_be_hidden()
    assert phone.input_value("#sbp") == "152"
    assert outbox(phone) == []
    with phone.expect_download() as saved:
        phone.tap("#failed-export")
    assert '"sbp":152' in saved.value.path().read_text()


def test_two_taps_keep_one_visit_and_it_arrives_once(
    phone: Page, county: County, pressed: str, context: BrowserContext
) -> None:
    form_of(phone, county, pressed)
    answer(Taps(phone), "14894")
    phone.evaluate(
        "() => { const f = document.getElementById('visit-form'); f.requestSubmit(); f.requestSubmit(); }"
    )
    expect(phone.locator("#visit-kept")).to_contain_text("控制不满意")
    assert len(outbox(phone)) == 1
    here, uploaded = (phone.locator(f"#visit-kept h1 [data-now={state}]") for state in ("here", "uploaded"))
    expect(here).to_be_visible()
    expect(uploaded).to_be_hidden()
    context.set_offline(False)
    for _ in range(30):  # what failed just now waits a little before it is tried again
        phone.evaluate("() => dispatchEvent(new Event('online'))")
        phone.wait_for_timeout(500)
        if "已同步" in phone.inner_text("#sync"):
            break
    assert [one["state"] for one in outbox(phone)] == ["uploaded"]
    expect(uploaded).to_be_visible()
    expect(here).to_be_hidden()


def test_a_record_that_needs_attention_opens_with_its_reasons_and_goes_again(
    phone: Page, county: County, pressed: str
) -> None:
    form_of(phone, county, pressed)
    answer(Taps(phone), "13080")
    save(Taps(phone))
    expect(phone.locator("#visit-kept")).to_be_visible()
    (kept,) = outbox(phone)
    phone.evaluate(REFUSED, kept["id"])
    form_of(phone, county, pressed, f"?item={kept['id']}")
    expect(phone.locator("#note-error")).to_contain_text("不合适")
    assert phone.input_value("#sbp") == "130"
    phone.fill("#note", "改好了")
    save(Taps(phone))
    expect(phone.locator("#visit-kept")).to_be_visible()
    assert [(one["id"], one["state"]) for one in outbox(phone)] == [(kept["id"], "here")]


REFUSED = """(id) => new Promise((resolve) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const store = opening.result.transaction("outbox", "readwrite").objectStore("outbox");
    store.get(id).onsuccess = ({ target }) => {
      const changed = { ...target.result, state: "attention", errors: { note: ["不合适"] } };
      store.put(changed, id).onsuccess = () => resolve();
    };
  };
})"""


@pytest.fixture(scope="module")
def measured_often(county: County, token: str) -> str:
    """Somebody with both diseases of whom nothing is known yet."""
    person = a_patient(county, token, VILLAGE, 4, name="孙桂花")
    since = (clock.today() - timedelta(days=100)).isoformat()
    condition = {"disease": "diabetes", "diagnosed_on": since, "enrolled_on": since}
    assert county.call("POST", f"/api/v1/residents/{person}/conditions", token, condition)[0] == 201
    return person


SEVERAL = {"#sbp": "168/98", "[id='bp_readings.1.sbp']": "15294", "[id='bp_readings.2.sbp']": "148/90"}


def measured(page: Page, boxes: dict[str, str]) -> None:
    """Type readings one after the other, each in its box."""
    page.evaluate("() => document.getElementById('bp_readings.1.sbp').closest('details').open = true")
    for box, figures in boxes.items():
        page.fill(box, figures)
        page.locator(box).blur()


def visits_with(county: County, token: str, person: str, note: str) -> list[dict[str, Any]]:
    status, answer = county.call("GET", f"/api/v1/residents/{person}/visits", token)
    assert status == 200, answer
    return [visit for visit in answer["visits"] if visit["note"] == note]


def noted(page: Page, note: str) -> None:
    page.evaluate("() => document.getElementById('note').closest('details').open = true")
    page.fill("#note", note)


def routine(taps: Taps) -> None:
    answer(taps, "")


def test_several_readings_in_a_row_are_each_kept_shown_sent_and_stored(
    phone: Page, county: County, token: str, measured_often: str, context: BrowserContext
) -> None:
    """Three in a row; one in a further box alone; some after the cuff had failed; glucose off the scale."""
    person = measured_often
    sittings: list[tuple[str, dict[str, str], str]] = [
        ("三次", SEVERAL, ""),
        ("只填第二格", {"[id='bp_readings.1.sbp']": "152/94"}, ""),
        ("先测不出", {"#sbp": "186/112", "[id='bp_readings.1.sbp']": "182/110"}, "bp"),
        ("血糖爆表", {"#sbp": "138/86"}, "glucose_hi"),
    ]
    for note, boxes, unmeasured in sittings:
        form_of(phone, county, person)
        taps = Taps(phone)
        routine(taps)
        phone.locator("[name='diabetes.symptoms'][value='1']").first.tap()
        measured(phone, boxes)
        if unmeasured:
            phone.locator(f"[name=unmeasurable][value={unmeasured}]").first.tap()
        if unmeasured != "glucose_hi":
            phone.fill("[id='diabetes.fpg']", "6.8")
        noted(phone, note)
        phone.locator("[name='diabetes.adherence'][value='1']").first.tap()
        phone.locator("[name='diabetes.adverse_reaction'][value='1']").first.tap()
        if note == "三次":
            expect(phone.locator("#judgement")).to_contain_text("150/92")  # the mean of the last two
            draft_of_all(phone, county, person)
        if phone.locator("[data-part=tracking]").is_visible():
            phone.locator("[name='referral_form.outcome']").first.tap()
        confirm_odd(phone)
        save(taps)
        expect(phone.locator("#visit-kept")).to_be_visible()
    phone.goto(f"{county.url}/residents/{person}")
    expect(phone.locator("#person")).to_contain_text("168/98 → 152/94 → 148/90")
    context.set_offline(False)
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    expect(phone.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    expected = {
        "三次": [[168, 98], [152, 94], [148, 90]], "只填第二格": [[152, 94]],
        "先测不出": [[186, 112], [182, 110]], "血糖爆表": None,
    }  # fmt: skip
    for note, readings in expected.items():
        (visit,) = visits_with(county, token, person, note)
        assert visit.get("bp_readings") == readings, note
    assert visits_with(county, token, person, "先测不出")[0]["unmeasurable"] == "bp"
    assert visits_with(county, token, person, "血糖爆表")[0]["unmeasurable"] == "glucose_hi"
    (three,) = visits_with(county, token, person, "三次")
    phone.goto(f"{county.url}/visits/{three['id']}")
    for figures in ("168/98", "152/94", "148/90"):
        expect(phone.locator("main")).to_contain_text(figures)


def draft_of_all(phone: Page, county: County, person: str) -> None:
    """A draft brings each of them back."""
    phone.wait_for_timeout(700)
    form_of(phone, county, person)
    phone.tap("#draft-on")
    shown = [phone.input_value(box) for box in SEVERAL]
    assert shown == ["168", "152", "148"]
    assert phone.input_value("[id='bp_readings.2.dbp']") == "90"


def confirm_odd(phone: Page) -> None:
    for tick in phone.locator("[name=confirmed_odd]:visible").all():
        tick.check()


def test_several_readings_are_kept_by_the_servers_page_too(
    context: BrowserContext, county: County, token: str
) -> None:
    person = a_patient(county, token, VILLAGE, 5, name="钱玉梅")
    page = context.new_page()
    sign_in(page, county, "doctor")
    for note, boxes in (("三次", SEVERAL), ("只填第二格", {"[id='bp_readings.1.sbp']": "152/94"})):
        page.goto(f"{county.url}/residents/{person}/visits/new")
        taps = Taps(page)
        routine(taps)
        measured(page, boxes)
        noted(page, note)
        save(taps)
        page.wait_for_url(lambda url: not url.endswith("/new"))
    (three,), (one,) = (visits_with(county, token, person, note) for note in ("三次", "只填第二格"))
    assert three["bp_readings"] == [[168, 98], [152, 94], [148, 90]]
    assert one["bp_readings"] == [[152, 94]]


def test_the_servers_page_judges_while_typing_and_works_as_before(
    context: BrowserContext, county: County, token: str
) -> None:
    person = a_patient(county, token, VILLAGE, 3, name="赵玉梅")
    page = context.new_page()
    sign_in(page, county, "doctor")
    page.goto(f"{county.url}/residents/{person}/visits/new")
    taps = Taps(page)
    answer(taps, "16298")
    expect(page.locator("#judgement")).to_contain_text("控制不满意")
    look(page)
    save(taps)
    page.wait_for_url(lambda url: not url.endswith("/new"))
    expect(page.locator("main")).to_contain_text("162/98")
    assert taps.count <= MOST_TAPS
