"""Records that wait on a phone while people move, die, change hands, and while storage is wiped.

Real Chromium against the real server: what the phone has kept is not lost, nor refused without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.pages import look, sign_in, submit
from tests.browser.phone import (
    a_body,
    a_patient,
    call,
    choose_a_pin,
    kept,
    opened,
    parts_page,
    sent,
    set_up,
    signed_in,
    unlock,
)
from tests.county import TEAM, TOWN, VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

LEFT, OTHER = "411025101203", "411025101204"
BORN = date(1956, 5, 4)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).prepare()
    county.team(TEAM, VILLAGE, LEFT)
    county.team("颍桥二队", OTHER)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", TEAM)
    county.lead()
    county.staff("lead2", "team_lead", TOWN, "赵秋云", "颍桥二队")
    county.staff("town", "township_admin", TOWN, "华桂珍")
    with county.serving(workers=2):
        yield county


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor")


@pytest.fixture
def phone(context: BrowserContext, county: County, module: Path) -> Page:
    """The doctor's phone with the doctor's list on it."""
    signed_in(context, county, "doctor")
    page = parts_page(context, county, module)
    set_up(page)
    return page


@pytest.fixture
def desk(chromium: Browser, county: County) -> Iterator[Page]:
    """Somebody at a desk; `sign_in` says who."""
    with chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai") as context:
        context.set_default_timeout(15_000)
        yield context.new_page()


def own_page(context: BrowserContext, county: County, path: str) -> Page:
    """A page of the phone as its owner opens it."""
    page = context.new_page()
    page.goto(county.url + "/phone")  # which brings the worker; from then on pages are the phone's own
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto(county.url + path)
    unlock(page)
    return page


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def late_body(resident: str, days: int, **more: Any) -> dict[str, Any]:
    return a_body(resident, days_ago(days), late_reason="停电", **more)


def states(page: Page) -> dict[str, str]:
    script = "return Object.fromEntries((await outbox.items()).map(({ id, state }) => [id, state]));"
    found: dict[str, str] = call(page, script)
    return found


def stored(county: County, *bodies: dict[str, Any]) -> list[bool]:
    """Whether the county has each of the visits, whoever may read it."""
    token = county.token("town")
    return [county.call("GET", f"/api/v1/visits/{body['id']}", token)[0] == 200 for body in bodies]


def moved(desk: Page, county: County, resident: str, village: str) -> None:
    desk.goto(f"{county.url}/residents/{resident}/edit")
    desk.select_option("[name=region_code]", village)
    submit(desk)
    expect(desk.locator("main .field-error")).to_have_count(0)


def died(county: County, resident: str, days: int) -> None:
    body = {"status": "dead", "on": days_ago(days).isoformat(), "reason": "家属告知"}
    status, answer = county.call("POST", f"/api/v1/residents/{resident}/status", county.token("lead"), body)
    assert (status, answer["approval"]) == (201, None), answer


def given_up(desk: Page, county: County, village: str, days: int) -> None:
    """The team answers for a village no longer."""
    desk.goto(f"{county.url}/admin/teams")
    desk.get_by_role("link", name="颍桥一队").click()
    row = desk.locator("li", has_text=county.village_name(village)).first
    row.locator("summary").click()
    row.locator("[name=to_on]").fill(days_ago(days).isoformat())
    row.locator("[type=submit]").click()
    expect(desk.get_by_text("已写明最后一天")).to_be_visible()


def waiting_for(desk: Page, county: County, username: str) -> list[str]:
    """Whose refused records wait for a lead or an administrator, by name."""
    sign_in(desk, county, username)
    desk.goto(county.url + "/uploads")
    names = ("去世的人", "换队的人", "搬走的人")
    texts = desk.locator("main li.card, main article, main section.card").all_inner_texts()
    return [name for name in names for text in texts if name in text]


def test_whoever_moved_died_or_changed_hands_meanwhile_keeps_what_was_recorded(
    context: BrowserContext, phone: Page, desk: Page, county: County, token: str
) -> None:
    """Taken by who answered on the day of the visit, else given to a lead, and told with its reason."""
    names = ("搬走的人", "去世的人", "换队的人")
    villages = (VILLAGE, VILLAGE, LEFT)
    gone, dead, handed = (
        a_patient(county, token, village, number, name)
        for number, (village, name) in enumerate(zip(villages, names, strict=True), 10)
    )
    assert sent(phone)["last"] == "fetched"
    context.set_offline(True)
    good = [late_body(gone, 4), late_body(dead, 12), late_body(handed, 6)]
    parked = [a_body(gone, sbp=151), a_body(dead, days_ago(1)), a_body(handed, days_ago(1), note="头晕两天")]
    for body in good + parked:
        kept(phone, body)
    attempt = {
        "id": str(uuid4()),
        "attempted_at": clock.now().isoformat(),
        "outcome": "will_come",
        "note": "",
    }
    call(
        phone, "await outbox.keep({ id: body.id, kind: 'attempt', resident_id: gone, body });",
        body=attempt, gone=gone,
    )  # fmt: skip

    sign_in(desk, county, "town")
    moved(desk, county, gone, OTHER)
    given_up(desk, county, LEFT, 3)
    died(county, dead, 8)  # the lead asks only now: what somebody may see holds for some seconds

    context.set_offline(False)
    found = sent(phone)
    assert (found["uploaded"], found["attention"], found["here"]) == (3, 4, 0)
    assert stored(county, *good, *parked) == [True] * 3 + [False] * 3
    assert {states(phone)[one["id"]] for one in (*parked, attempt)} == {"attention"}

    page = own_page(context, county, "/phone")
    refused = page.locator("#phone-items .card", has=page.locator("[data-hand]"))
    expect(refused).to_have_count(4)
    for card in refused.all():
        assert card.locator("ul li").all_inner_texts() != []
        assert "not found" not in card.inner_text()
    for name in ("搬**人", "去**人", "换**人"):  # whoever has left the list is still called by name
        expect(page.locator("#phone-items")).to_contain_text(name)
    expect(page.locator("#phone-items")).to_contain_text("去世")
    look(page)

    refused.filter(has=page.locator(f"a[href*='{parked[2]['id']}']")).locator("a.btn").click()
    page.wait_for_url(f"**{parked[2]['id']}")
    expect(page.locator("#visit-form")).to_be_visible()
    assert page.input_value("#note") == "头晕两天"
    expect(page.locator("#visit-errors")).to_contain_text("不归您管")
    page.close()

    mine, theirs, whole = (waiting_for(desk, county, who) for who in ("lead", "lead2", "town"))
    assert (mine, theirs) == (["去世的人"], ["搬走的人"] * 2)
    assert sorted(whole) == sorted([*mine, *theirs, "换队的人"])
    page = own_page(context, county, "/phone")
    for _ in range(4):
        page.locator("[data-hand]").first.click()
    expect(page.locator("[data-hand]")).to_have_count(0)
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced")
    waiting = call(phone, "await sync.synchronise(); return await store.get('meta', 'leaving');")
    assert waiting == []
    assert call(phone, "return await people.person(id);", id=handed) is None


# The same person written down twice, the same record changed by two


def test_two_change_one_record_and_only_what_both_changed_is_asked_about(
    context: BrowserContext, desk: Page, county: County, token: str
) -> None:
    """A form opened before the line was lost, and sent after somebody else had changed the record."""
    person = a_patient(county, token, VILLAGE, 20, "周秋菊")
    signed_in(context, county, "doctor")
    page = context.new_page()
    page.goto(f"{county.url}/residents/{person}/edit")
    page.fill("[name=address]", "三组 12 号")
    page.fill("[name=allergies]", "头孢")
    context.set_offline(True)

    sign_in(desk, county, "lead")
    desk.goto(f"{county.url}/residents/{person}/edit")
    desk.fill("[name=phones]", "13911110020")
    desk.fill("[name=allergies]", "青霉素")
    submit(desk)

    context.set_offline(False)
    submit(page)
    error = page.locator("#allergies-error")
    expect(error).to_contain_text("青霉素")
    expect(page.locator("main .field-error")).to_have_count(1)
    expect(page.locator("[name=address]")).to_have_value("三组 12 号")
    expect(page.locator("[name=allergies]")).to_have_value("头孢")
    look(page)
    submit(page)
    page.wait_for_url(f"**/residents/{person}")
    page.goto(f"{county.url}/residents/{person}/edit")
    for name, value in (("address", "三组 12 号"), ("allergies", "头孢"), ("phones", "13911110020")):
        expect(page.locator(f"[name={name}]")).to_have_value(value)


def a_person(number: int, name: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "name": name, "id_number": an_id_number(BORN, number, male=False),
        "sex": "female", "birth_date": BORN.isoformat(), "region_code": VILLAGE,
        "phones": [f"1391111{number:04d}"], "groups": [], "registered": True, "address": "五组 3 号",
    }  # fmt: skip


def test_a_new_person_whom_somebody_has_registered_meanwhile_is_joined_with_that_record(
    context: BrowserContext, phone: Page, county: County, token: str
) -> None:
    """What was recorded of the new one goes to who is there; the profile itself waits for the lead."""
    context.set_offline(True)
    mine, there = a_person(31, "吴冬梅"), a_person(31, "吴冬梅")
    attempt = {
        "id": str(uuid4()),
        "attempted_at": clock.now().isoformat(),
        "outcome": "will_come",
        "note": "赶集",
    }
    contract = {
        "id": str(uuid4()), "resident_id": mine["id"], "team": "颍桥一队", "years": 1, "packages": ["BASIC"],
        "signed_on": clock.today().isoformat(), "signature": {"kind": "paper"},
    }  # fmt: skip
    kept(phone, mine, "resident")
    kept(phone, contract, "contract")
    call(
        phone, "await outbox.keep({ id: body.id, kind: 'attempt', resident_id: mine, body });",
        body=attempt, mine=mine["id"],
    )  # fmt: skip
    assert county.call("POST", "/api/v1/residents", token, {**there, "address": None})[0] == 201

    context.set_offline(False)
    found = sent(phone)
    assert (found["attention"], found["here"], found["uploaded"]) == (1, 2, 0)
    page = own_page(context, county, "/phone")
    card = page.locator("#phone-items .card", has=page.locator("[data-join]"))
    expect(card.locator("ul li")).to_contain_text("已经有这个人，档案号")
    look(page)
    card.locator("[data-join]").click()
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    shown = county.call("GET", f"/api/v1/residents/{there['id']}", token)[1]
    assert shown["contract"]["team"] == "颍桥一队"
    assert county.call("GET", f"/api/v1/residents/{mine['id']}", token)[0] == 404


def test_what_is_said_of_a_new_person_left_to_the_lead_is_sent_and_can_be_left_too(
    phone: Page, context: BrowserContext, county: County
) -> None:
    sent(phone)
    context.set_offline(True)
    person = a_person(32, "吴冬梅")
    contract = {
        "id": str(uuid4()), "resident_id": person["id"], "team": "颍桥一队", "years": 1,
        "packages": ["BASIC"], "signed_on": clock.today().isoformat(), "signature": {"kind": "paper"},
    }  # fmt: skip
    kept(phone, person, "resident")
    kept(phone, contract, "contract")
    call(
        phone, "await outbox.note(new Map([[id, { state: outbox.HANDED, acked_at: Date.now() }]]));",
        id=person["id"],
    )  # fmt: skip
    context.set_offline(False)
    assert (sent(phone)["attention"], states(phone)[contract["id"]]) == (1, "attention")


# Storage


def test_the_browser_is_asked_to_keep_the_data_when_a_phone_is_set_up(
    context: BrowserContext, county: County
) -> None:
    context.add_init_script(
        "navigator.storage.persist = async () => { localStorage.setItem('asked', 'yes'); return false; };"
    )
    signed_in(context, county, "doctor")
    page = context.new_page()
    page.goto(county.url + "/phone?server")
    choose_a_pin(page)
    assert page.evaluate("() => localStorage.getItem('asked')") == "yes"
    page = own_page(context, county, "/phone")
    expect(page.locator("#phone-stored")).to_contain_text("不要清理缓存")  # the browser has promised nothing


def test_what_has_waited_for_a_day_is_told_loudly_and_can_be_carried_away(
    context: BrowserContext, phone: Page, county: County, token: str, tmp_path: Path
) -> None:
    body = a_body(a_patient(county, token, VILLAGE, 40))
    page = own_page(context, county, "/phone")
    context.set_offline(True)
    kept(phone, body)
    call(
        phone,
        "const item = await store.get('outbox', id); const made_at = new Date(Date.now() - 30 * 3600e3);"
        "await store.put('outbox', id, { ...item, made_at: made_at.toISOString() });",
        id=body["id"],
    )
    opened(page, "/phone")
    expect(page.locator("#sync")).to_have_attribute("data-state", "attention")
    expect(page.locator("#sync")).to_contain_text("最早 1 天前")
    with page.expect_download() as download:
        page.click("#phone-export")
    file = tmp_path / "records.json"
    download.value.save_as(file)
    assert body["id"] in file.read_text()
    context.set_offline(False)


def test_a_storage_wiped_with_records_in_it_is_noticed_and_told_to_the_doctor_and_the_lead(
    context: BrowserContext, phone: Page, desk: Page, county: County, token: str
) -> None:
    """One of three had arrived. Afterwards the browser knows nothing but a mark of two words."""
    patient = a_patient(county, token, VILLAGE, 41)
    arrived, *rest = (a_body(patient, sbp=sbp) for sbp in (131, 133, 135))
    kept(phone, arrived)
    assert sent(phone)["uploaded"] == 1
    context.set_offline(True)
    for body in rest:
        kept(phone, body)
    phone.goto("about:blank")
    wipe(context, county)
    context.set_offline(False)
    page = context.new_page()
    page.goto(county.url + "/worklist")
    expect(page.locator("#phone-lost")).to_contain_text("有 2 条记录没有到达服务器")
    look(page)
    page.goto(county.url + "/phone")
    expect(page.locator("#phone-lost")).to_contain_text("2 条")
    choose_a_pin(page)
    page.goto(county.url + "/me")
    expect(page.locator("main")).to_contain_text("2 条没有到达")
    sign_in(desk, county, "lead")
    desk.goto(county.url + "/overdue")
    told = desk.get_by_role("link", name="手机记录没有到达")
    look(desk)
    told.click()
    expect(desk.locator("main")).to_contain_text("2 条没有到达")
    expect(desk.locator("main")).to_contain_text("陈春山")


def wipe(context: BrowserContext, county: County) -> None:
    """A browser that needs space: everything of the site goes but cookies and a few words."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds = "indexeddb,cache_storage,service_workers,file_systems"
    session.send("Storage.clearDataForOrigin", {"origin": county.url, "storageTypes": kinds})
    page.close()
