"""A phone in other hands: taken out of use, somebody else signed in, left lying open or locked.

As its pages show it, in real Chromium with the worker, against the real server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import sign_in, until
from tests.browser.phone import PIN, a_patient, opened, set_up_by_hand, unlock
from tests.county import PASSWORD, TEAM, VILLAGE, County

OTHER = "411025101203"
NAME = "王秀英"
NOTHING_LEFT = """async () => {
  const opening = indexedDB.open('tracker');
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const stores = db.transaction(['meta', 'people', 'drafts', 'outbox']);
  const count = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const found = {
    kept: (await count(stores.objectStore('meta').getAllKeys())).filter((name) =>
      ['lock', 'share', 'list', 'recent', 'cursor'].includes(name)),
    people: await count(stores.objectStore('people').count()),
    drafts: await count(stores.objectStore('drafts').count()),
    waiting: await count(stores.objectStore('outbox').count()),
  };
  db.close();
  return found;
}"""
LEAVING = """async () => {
  const opening = indexedDB.open('tracker');
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asked = db.transaction('meta').objectStore('meta').get('leave');
  const found = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  db.close();
  return found !== undefined;
}"""
"""Whether the session is to be ended at the next contact."""
EMPTY = {"kept": [], "people": 0, "drafts": 0, "waiting": 0}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).prepare()
    county.team(TEAM, VILLAGE, OTHER)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", TEAM)
    county.staff("second", "village_doctor", OTHER, "吴冬青", TEAM)
    county.lead()
    with county.serving(workers=2):
        yield county


@pytest.fixture(scope="module")
def patient(county: County) -> str:
    return a_patient(county, county.token("doctor"), VILLAGE, 1, NAME)


@pytest.fixture
def page(context: BrowserContext, county: County, patient: str) -> Page:
    """The doctor's phone, set up and open, with the list on the screen."""
    page = context.new_page()
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    return page


def revoked(county: County) -> None:
    """The lead takes the doctor's phones out of use, from a desk."""
    _, found = county.call("GET", "/api/v1/devices", county.token("doctor"))
    for phone in found["devices"]:
        path = f"/api/v1/devices/{phone['id']}/revocation"
        status, _answer = county.call("POST", path, county.token("lead"), {"reason": "手机丢了"})
        assert status == 200


@pytest.mark.parametrize(
    ("session", "opening"), [("with a session", "open"), ("without a session", "locked")]
)
def test_a_revoked_phone_empties_itself_at_its_first_contact(
    page: Page, context: BrowserContext, county: County, session: str, opening: str
) -> None:
    expect(page.locator("#today .person").first).to_contain_text("王")
    revoked(county)
    if session == "without a session":
        context.clear_cookies()
    if opening == "locked":
        page.close()
        page = context.new_page()
    page.goto(county.url + "/worklist")
    page.wait_for_url(lambda url: "/login" in url)
    assert page.evaluate(NOTHING_LEFT) == EMPTY
    for path in ("/residents", "/residents?server", "/worklist", "/phone"):
        page.goto(county.url + path)
        assert "/login" in page.url, path
        expect(page.locator("body")).not_to_contain_text("王")


def test_a_page_that_is_open_empties_itself_with_the_next_contact(page: Page, county: County) -> None:
    revoked(county)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_url(lambda url: "/login" in url)
    assert page.evaluate(NOTHING_LEFT) == EMPTY


def test_whoever_else_signs_in_reads_nothing_of_the_owners_and_records_as_themselves(
    page: Page, context: BrowserContext, county: County, patient: str
) -> None:
    left_open = page
    context.clear_cookies()
    other = context.new_page()
    sign_in(other, county, "second")
    left_open.wait_for_function("() => !document.body.dataset.shell")  # the open page went with the key
    for path in (
        "/worklist",
        "/worklist?whose=team",
        "/residents",
        f"/residents/{patient}/visits/new",
        "/phone",
    ):
        other.goto(county.url + path)
        expect(other.locator(".side-staff")).to_contain_text("吴冬青")
        assert other.locator("body[data-shell]").count() == 0, path
        assert other.locator("#lock[open]").count() == 0, path
        expect(other.locator("body")).not_to_contain_text("王*英")
    context.set_offline(True)
    other.goto(county.url + "/worklist")
    expect(other.locator("body")).not_to_contain_text("王")
    context.set_offline(False)
    context.clear_cookies()
    sign_in(other, county, "doctor")
    expect(other.locator(".sync a").first).to_be_attached()  # the page has seen that the owner is back
    opened(other, "/worklist")
    expect(other.locator("#today .person").first).to_contain_text("王")


def test_every_page_hides_behind_the_pin_while_the_phone_is_locked(
    page: Page, context: BrowserContext, county: County, patient: str
) -> None:
    for path in ("/residents?server", f"/residents/{patient}?server", "/me"):
        page.goto(county.url + path)
        expect(page.locator(".side-staff")).to_be_attached()
        assert page.locator("#lock[open]").count() == 0, path  # open as yet: the key goes from page to page
        page.clock.install()
        away(page)
        expect(page.locator("#lock[open]")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator("#lock[open]")).to_be_visible()
        page.reload()
        expect(page.locator("#lock[open]")).to_be_visible()
        page.fill("#lock input", PIN)
        page.press("#lock input", "Enter")
        expect(page.locator("#lock[open]")).to_have_count(0)


def locked(page: Page) -> None:
    """By the button of the phone's own page."""
    opened(page, "/phone")
    page.locator("#phone-lock").click()
    expect(page.locator("#lock[open]")).to_be_visible()


def away(page: Page) -> None:
    """Out of sight for six minutes, and back."""
    page.evaluate(
        "() => { window.seen = 'visible'; Object.defineProperty(document, 'visibilityState',"
        " { get: () => window.seen, configurable: true }); }"
    )
    look = "(state) => { window.seen = state; document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(look, "hidden")
    page.clock.fast_forward(360_000)
    page.evaluate(look, "visible")


def test_the_button_locks_every_page(page: Page, context: BrowserContext, county: County) -> None:
    other = context.new_page()
    other.goto(county.url + "/worklist")
    unlock(other)
    expect(other.locator("#today .person").first).to_be_visible()
    locked(page)
    expect(other.locator("#lock[open]")).to_be_visible()
    expect(other.locator("#today .person")).to_have_count(0)


@pytest.mark.parametrize("line", ["with a line", "without a line"])
def test_five_wrong_pins_end_the_session_too(
    page: Page, context: BrowserContext, county: County, line: str
) -> None:
    locked(page)
    context.set_offline(line == "without a line")
    for _ in range(5):
        expect(page.locator("#lock[open]")).to_be_visible()
        page.fill("#lock input", "000000")
        page.press("#lock input", "Enter")
        expect(page.locator("#lock-error")).not_to_be_empty()
        page.evaluate("() => { document.getElementById('lock-error').textContent = ''; }")
    if line == "without a line":
        until(page, LEAVING)
    context.set_offline(False)
    until(page, "async () => (await fetch('/api/v1/session')).status === 401")
    page.goto(county.url + "/residents?server")
    expect(page).to_have_url(re.compile("/login"))


def test_another_pin_is_chosen_only_by_who_knows_the_password(
    page: Page, context: BrowserContext, county: County
) -> None:
    locked(page)
    page.locator("#lock [data-forgotten]").click()
    page.wait_for_url(lambda url: "/login" in url)
    page.fill("[name=username]", "doctor")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/phone" in url)
    for name in ("pin", "again"):
        page.fill(f"#phone-{name}", "970412")
    page.locator("#phone-form [type=submit]").click()
    page.wait_for_url("**/worklist")
    expect(page.locator("#today .person").first).to_contain_text("王")


def test_the_offer_to_set_the_phone_up_stands_from_the_beginning_until_it_is_put_off(
    context: BrowserContext, county: County, patient: str
) -> None:
    page = context.new_page()
    sign_in(page, county, "doctor")
    answer = page.request.get(county.url + "/worklist").text()
    assert 'id="phone-offer"' in answer
    page.goto(county.url + "/worklist")
    page.locator("#phone-offer [type=submit]").click()
    expect(page.locator("#phone-offer")).to_have_count(0)
    assert 'id="phone-offer"' not in page.request.get(county.url + "/worklist").text()


def test_signing_out_locks_the_list_in_its_own_tab_too(page: Page, county: County) -> None:
    page.goto(county.url + "/me")
    page.locator("form[action='/logout'] [type=submit]").click()
    page.wait_for_url("**/login")
    page.goto(county.url + "/worklist")
    expect(page.locator("#lock[open]")).to_be_visible()
    expect(page.locator("#today .person")).to_have_count(0)


def test_a_page_of_the_server_says_that_the_line_is_gone(
    page: Page, context: BrowserContext, county: County
) -> None:
    page.goto(county.url + "/residents?server")
    expect(page.locator("#sync")).to_contain_text("已同步")
    context.set_offline(True)
    expect(page.locator("#sync")).to_contain_text("没有网络")
    context.set_offline(False)
    expect(page.locator("#sync")).to_contain_text("已同步")
