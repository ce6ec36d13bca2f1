"""A phone whose storage is full: what lies there is read and sent, and what cannot be done is said.

No setting of this browser makes its storage small: each transaction that writes is broken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.modules import bundled
from tests.browser.pages import sign_in
from tests.browser.phone import (
    PIN,
    a_body,
    a_patient,
    a_village,
    call,
    kept,
    opened,
    parts_page,
    sent,
    set_up,
    set_up_by_hand,
    signed_in,
)
from tests.county import VILLAGE, County

FULL = """for (const name of ['put', 'add', 'delete', 'clear']) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    const [request, { transaction }] = [real.apply(this, given), this];
    request.addEventListener('success', () => {
      if (window.roomy) return;
      const full = new DOMException('full', 'QuotaExceededError');
      Object.defineProperty(transaction, 'error', { value: full, configurable: true });
      transaction.abort();
    });
    return request;
  };
}"""
ROOMY = "(is) => { window.roomy = is; }"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_village(tmp_path_factory.mktemp("full")) as county:
        yield county


@pytest.fixture(scope="module")
def patient(county: County) -> str:
    return a_patient(county, county.token("doctor"), VILLAGE, 1)


@pytest.fixture
def page(context: BrowserContext, county: County, patient: str) -> Page:
    """A phone that was set up while there was room; it shows the list of the day."""
    page = context.new_page()
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    return page


def test_its_pages_open_and_a_pin_that_cannot_be_counted_is_said(
    page: Page, context: BrowserContext, county: County, patient: str
) -> None:
    opened(page, f"/residents/{patient}")  # the key is on its way to the next page
    context.add_init_script(FULL)
    for path, shown in (("/worklist", "#today .person"), (f"/residents/{patient}/visits/new", "#visit-form")):
        page.goto(county.url + path)
        expect(page.locator(shown).first).to_be_visible()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    other = context.new_page()  # which nobody hands the key
    other.goto(county.url + "/worklist")
    for roomy in (False, True):
        other.evaluate(ROOMY, roomy)
        expect(other.locator("#lock[open]")).to_be_visible()
        other.fill("#lock input", PIN)
        other.press("#lock input", "Enter")
        if not roomy:
            expect(other.locator("#lock-error")).to_contain_text("空间满了")
    expect(other.locator("#today .person").first).to_be_visible()
    assert errors == []


def test_a_list_that_cannot_be_stored_is_said_and_a_forgotten_pin_ends_the_session(page: Page) -> None:
    opened(page, "/phone")
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced")
    page.evaluate(f"() => {{ {FULL} }}")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync")).to_contain_text("手机空间满了")
    page.evaluate(ROOMY, True)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#sync")).not_to_contain_text("手机空间满了")
    page.locator("#phone-lock").click()
    expect(page.locator("#lock[open]")).to_be_visible()
    page.evaluate(f"() => {{ {FULL} }}")
    page.evaluate(ROOMY, False)
    page.locator("#lock [data-forgotten]").click()
    page.wait_for_url(lambda url: "/login" in url)
    assert page.evaluate("async () => (await fetch('/api/v1/session')).status") == 401


def test_one_that_is_taken_out_of_use_and_cannot_be_emptied_closes_and_sends(
    page: Page, context: BrowserContext, county: County, module: Path
) -> None:
    person = a_patient(county, county.token("doctor"), VILLAGE, 2, "李桂兰")
    context.set_offline(True)
    parts = parts_page(context, county, module)
    body = a_body(person)
    kept(parts, body)
    parts.close()
    _, found = county.call("GET", "/api/v1/devices", county.token("doctor"))
    assert found["devices"]
    for phone in found["devices"]:
        path = f"/api/v1/devices/{phone['id']}/revocation"
        status, _answer = county.call("POST", path, county.token("doctor"), {"reason": "手机丢了"})
        assert status == 200
    opened(page, "/worklist")
    context.add_init_script(FULL)
    page.evaluate(f"() => {{ {FULL} }}")
    loads: list[str] = []
    page.on("load", lambda there: loads.append(there.url))
    context.set_offline(False)
    for _ in range(50):
        if county.call("GET", f"/api/v1/visits/{body['id']}", county.token("doctor"))[0] == 200:
            break
        page.wait_for_timeout(200)
    else:
        raise AssertionError("the record was not sent")
    expect(page.locator("#lock[open]")).to_be_visible()
    page.wait_for_timeout(2_000)
    assert len(loads) <= 2


def test_more_than_one_part_reaches_the_server_and_is_noted_when_there_is_room(
    context: BrowserContext, county: County, patient: str, tmp_path: Path
) -> None:
    signed_in(context, county, "doctor")
    page: Page = parts_page(context, county, bundled(tmp_path))
    set_up(page)
    bodies = [a_body(patient, sbp=110 + number) for number in range(30)]
    call(
        page,
        "for (const body of bodies) await outbox.keep({ id: body.id, kind: 'visit',"
        " resident_id: body.resident_id, body });",
        bodies=bodies,
    )
    page.evaluate(f"() => {{ {FULL} }}")
    assert sent(page)["here"] == 30
    token = county.token("doctor")
    assert {county.call("GET", f"/api/v1/visits/{body['id']}", token)[0] for body in bodies} == {200}
    page.evaluate(ROOMY, True)
    assert sent(page)["uploaded"] == 30
