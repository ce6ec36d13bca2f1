"""What waits on a phone that is read no more: out of use, account disabled, list destroyed, pages closed.

All of it reaches the server, from the page that is open, from the page to sign in, or from the worker alone.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.pages import look, sign_in
from tests.browser.phone import a_body, a_patient, call, parts_page, set_up_by_hand
from tests.county import TEAM, TOWN, VILLAGE, County

SENDER = "**/waiting-*.js"
VISITS = "**/api/v1/visits"
_serial = itertools.count(1)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).prepare()
    county.team(TEAM, VILLAGE)
    for name in ("doctor", "leaving", "left"):
        county.staff(name, "village_doctor", VILLAGE, "陈春山", TEAM)
    county.lead()
    county.staff("town", "township_admin", TOWN, "华桂珍")
    with county.serving(workers=2):
        yield county


@pytest.fixture
def patient(county: County) -> str:
    """Somebody who is due."""
    return a_patient(county, county.token("doctor"), VILLAGE, next(_serial))


def a_phone(context: BrowserContext, county: County, doctor: str) -> Page:
    """Set up and open, with the list on the screen."""
    page = context.new_page()
    sign_in(page, county, doctor)
    set_up_by_hand(page, county)
    return page


def queued(parts: Page, patient: str, number: int) -> list[str]:
    """Without a line, as many visits as are recorded by then; their ids."""
    call(parts, "return 1;")  # the modules come over the line
    parts.context.set_offline(True)
    bodies = [a_body(patient, sbp=110 + n) for n in range(number)]
    call(
        parts,
        "for (const body of bodies) await outbox.keep({ id: body.id, kind: 'visit',"
        " resident_id: body.resident_id, body });",
        bodies=bodies,
    )
    return [body["id"] for body in bodies]


def arrived(county: County, ids: list[str], seconds: int = 15) -> bool:
    """Whether the server has them all within some seconds."""
    lead, end = county.token("lead"), time.monotonic() + seconds
    while time.monotonic() < end:
        if all(county.call("GET", f"/api/v1/visits/{key}", lead)[0] == 200 for key in ids):
            return True
        time.sleep(0.2)
    return False


def own(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = call(page, "return await store.get('meta', 'device');")
    return found


def revoked(_chromium: Browser, county: County, phone: dict[str, Any]) -> None:
    """The lead takes the phone out of use."""
    path = f"/api/v1/devices/{phone['id']}/revocation"
    assert county.call("POST", path, county.token("lead"), {"reason": "手机丢了"})[0] == 200


def disabled(chromium: Browser, county: County, phone: dict[str, Any]) -> None:
    """The township disables the account, on its page."""
    with chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}) as desk:
        page = desk.new_page()
        sign_in(page, county, "town")
        page.goto(f"{county.url}/admin/staff/{phone['staff']['id']}")
        page.locator("#disable [type=submit]").click()
        page.locator("dialog[open] [value=yes]").click()
        expect(page.locator("#enable")).to_be_attached()


@pytest.mark.parametrize(("how", "doctor"), [(revoked, "doctor"), (disabled, "leaving")])
def test_the_page_that_hears_of_it_sends_everything_before_it_goes(
    context: BrowserContext, chromium: Browser, county: County, module: Path, patient: str,
    how: Callable[..., None], doctor: str,
) -> None:  # fmt: skip
    page = a_phone(context, county, doctor)
    parts = parts_page(context, county, module)
    ids = queued(parts, patient, 30)
    how(chromium, county, own(parts))
    parts.close()
    seen: list[bool] = []

    def slow(route: Any) -> None:
        seen.append(page.locator("#today").is_visible())
        time.sleep(0.5)
        route.continue_()

    page.route(VISITS, slow)
    context.route(SENDER, lambda route: route.abort())  # only the page itself sends
    context.set_offline(False)
    page.wait_for_url(lambda url: "/login" in url)
    assert seen == [False, False]  # two parts, and the list was covered by then
    assert arrived(county, ids, seconds=5)


WAITS = {"zh_Hans_CN": "还有 3 条记录没有上传", "en": "3 records on this phone are not uploaded"}
ARRIVED = {"zh_Hans_CN": "都已到达服务器", "en": "have reached the server"}


@pytest.mark.parametrize("gone", [True, False], ids=["account disabled", "list destroyed"])
def test_the_page_to_sign_in_counts_and_sends_what_waits(
    context: BrowserContext, chromium: Browser, county: County, module: Path, patient: str,
    gone: bool,
) -> None:  # fmt: skip
    """For who can never sign in again, and for a phone whose list ten wrong PINs have destroyed."""
    page = a_phone(context, county, "left" if gone else "doctor")
    parts = parts_page(context, county, module)
    ids = queued(parts, patient, 3)
    if gone:
        disabled(chromium, county, own(parts))
    else:
        call(parts, "await store.put('meta', 'lock', { tries: 10 });")
        context.clear_cookies()
    parts.close()
    page.close()
    context.route(VISITS, lambda route: route.abort())
    context.set_offline(False)
    page = context.new_page()
    page.goto(county.url + "/worklist")
    page.wait_for_url(lambda url: "/login" in url)
    page.set_viewport_size({"width": 320, "height": 780})
    said = page.locator("#phone-waiting")
    for language in sorted(WAITS, reverse=gone):
        page.goto(f"{county.url}/login?lang={language}")
        expect(said).to_contain_text(WAITS[language])
        expect(page.locator("body")).not_to_contain_text("王")
        look(page)
    context.unroute(VISITS)
    expect(said).to_contain_text(ARRIVED[language])
    assert arrived(county, ids, seconds=5)
    page.goto(county.url + "/login")
    expect(said).to_be_hidden()


def test_the_worker_sends_alone_and_asks_for_another_try_while_there_is_no_line(
    context: BrowserContext, county: County, module: Path, patient: str
) -> None:
    page = a_phone(context, county, "doctor")
    parts = parts_page(context, county, module)
    browser = context.new_cdp_session(context.new_page())
    found: list[dict[str, Any]] = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(e["registrations"]))
    browser.send("ServiceWorker.enable")
    ids = queued(parts, patient, 3)
    (worker,) = context.service_workers
    tried = worker.evaluate(
        "async () => { const real = fetch; self.fetch = () => Promise.reject(new TypeError('no line'));"
        " const event = new SyncEvent('sync', { tag: 'upload' }); let asked;"
        " event.waitUntil = (work) => { asked = work; }; dispatchEvent(event);"
        " const said = await asked.then(() => 'done', (error) => error.message);"
        " self.fetch = real; return said; }"
    )
    assert tried == "away"
    page.close()
    parts.close()
    context.set_offline(False)
    (registration,) = [one["registrationId"] for one in found if one["scopeURL"] == county.url + "/"]
    about = {"origin": county.url, "registrationId": registration, "tag": "upload", "lastChance": False}
    browser.send("ServiceWorker.dispatchSyncEvent", about)
    assert arrived(county, ids)
