"""A phone whose own store does not open: it says so, leads to the server's pages, and calls nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import LANGUAGES
from tests.browser.pages import look, sign_in, until
from tests.browser.phone import NO_DIALLER, a_patient, a_village, a_visit, opened, set_up_by_hand
from tests.county import VILLAGE, County
from tracker import clock

CLOSED = (
    "IDBFactory.prototype.open = () => { throw new DOMException('broken', 'UnknownError'); };"
    "IDBDatabase.prototype.transaction = () => { throw new DOMException('closed', 'InvalidStateError'); };"
)
SILENT = "IDBFactory.prototype.open = () => new EventTarget();"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_village(tmp_path_factory.mktemp("closed")) as county:
        yield county


@pytest.fixture(scope="module")
def late(county: County) -> str:
    """Somebody whose visit is overdue."""
    token = county.token("doctor")
    resident = a_patient(county, token, VILLAGE, 1, "王秀英")
    a_visit(county, token, resident, clock.today() - timedelta(days=99))
    return resident


@pytest.fixture(params=list(LANGUAGES.values()), ids=list(LANGUAGES))
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 320, "height": 780}, locale=request.param, timezone_id="Asia/Shanghai",
        has_touch=True, service_workers="allow",
    )  # fmt: skip
    made.set_default_timeout(15_000)
    made.add_init_script(NO_DIALLER)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, county: County, late: str) -> Iterator[Page]:
    """A phone that is set up and has its list."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    yield page
    assert set(errors) <= {"broken"}  # what the store itself threw


@pytest.mark.parametrize("way", [CLOSED, SILENT], ids=["throws", "silent"])
def test_a_store_that_does_not_open_is_said_and_the_servers_page_is_one_tap_away(
    page: Page, context: BrowserContext, county: County, late: str, way: str
) -> None:
    context.add_init_script(way)
    page.goto(county.url + "/worklist")
    expect(page.locator("#store-failed")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-opening]")).to_be_hidden()
    look(page)
    if way is SILENT:
        return
    for path in ("/residents", f"/residents/{late}", f"/residents/{late}/visits/new", "/phone"):
        page.goto(county.url + path)
        expect(page.locator("#store-failed")).to_be_visible()
    page.goto(county.url + f"/residents/{late}/visits/new")
    context.set_offline(True)
    expect(page.locator("#store-failed [data-line]")).to_be_hidden()
    context.set_offline(False)
    page.locator("#store-failed [data-line]").click()
    page.wait_for_url("**/visits/new?server")
    expect(page.locator("body[data-shell]")).to_have_count(0)
    expect(page.locator("[name=visit_date]")).to_be_attached()


@pytest.mark.parametrize("context", ["zh-CN"], ids=["zh"], indirect=True)
def test_a_store_that_closes_during_a_visit_leaves_the_form_and_a_copy(
    page: Page, context: BrowserContext, county: County, late: str
) -> None:
    opened(page, f"/residents/{late}/visits/new")
    expect(page.locator("#visit-form")).to_be_visible()
    page.evaluate(f"() => {{ {CLOSED} }}")
    for box in ("[name=mode][value=home]", "[name=emergency_signs][value=none]"):
        page.locator(box).check()
    page.fill("#sbp", "127")
    page.fill("#dbp", "81")
    page.locator("[name='hypertension.symptoms'][value='1']").check()
    page.locator(".action [type=submit]").click()
    expect(page.locator("#visit-failed")).to_be_visible()
    expect(page.locator("#visit-kept")).to_be_hidden()
    expect(page.locator("#visit-form")).to_be_visible()
    assert page.input_value("#sbp") == "127"
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#failed-copy").click()
    until(page, "async () => (await navigator.clipboard.readText()).includes('\"sbp\":127')")
