"""Forms begun and left on the phone: the day's list and the phone's own page lead back into each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LANGUAGES
from tests.browser.pages import look, sign_in
from tests.browser.phone import NO_DIALLER, a_patient, a_village, a_visit, opened, set_up_by_hand
from tests.county import VILLAGE, County
from tracker import clock


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_village(tmp_path_factory.mktemp("unfinished")) as county:
        yield county


@pytest.fixture(scope="module")
def late(county: County) -> str:
    token = county.token("doctor")
    resident = a_patient(county, token, VILLAGE, 1, "王秀英")
    a_visit(county, token, resident, clock.today() - timedelta(days=99))
    return resident


@pytest.fixture(params=list(LANGUAGES.values()), ids=list(LANGUAGES))
def page(request: pytest.FixtureRequest, chromium: Browser, county: County, late: str) -> Iterator[Page]:
    """A phone that is set up, has its list, and has lost the network."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 780}, locale=request.param, timezone_id="Asia/Shanghai",
        has_touch=True, service_workers="allow",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    context.add_init_script(NO_DIALLER)
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    context.set_offline(True)
    yield page
    context.close()
    assert errors == []


def begin(page: Page, path: str, field: str, typed: str) -> None:
    opened(page, path)
    page.locator(field).first.fill(typed)
    page.wait_for_timeout(700)


def test_every_form_that_was_begun_is_listed_and_led_back_into(page: Page, late: str) -> None:
    expect(page.locator("#unfinished")).to_be_hidden()
    begin(page, f"/residents/{late}/attempts/new", "[name=note]", "改天再打")
    begin(page, "/residents/new", "[name=name]", "周冬梅")
    begin(page, f"/residents/{late}/visits/new", "#sbp", "137")
    for path in ("/worklist", "/phone"):
        opened(page, path)
        rows = page.locator("#unfinished li")
        expect(rows).to_have_count(3)
        expect(rows.nth(0)).to_contain_text("王")
        expect(rows.nth(1)).to_contain_text("周冬梅")
        look(page)
    page.locator("#unfinished a").nth(1).click()
    page.wait_for_url("**/residents/new")
    expect(page.locator("[name=name]")).to_have_value("周冬梅")
    opened(page, "/worklist")
    page.locator("#unfinished a").nth(2).click()
    page.wait_for_url(f"**/residents/{late}/attempts/new")
    expect(page.locator("[name=note]")).to_have_value("改天再打")
    page.locator("[name=outcome][value=unreachable]").check()
    page.locator("#attempt-form [type=submit]").click()
    page.wait_for_url(re.compile("/(worklist|residents/[0-9a-f-]{36})$"))
    opened(page, "/worklist")
    expect(page.locator("#unfinished li")).to_have_count(2)
    page.locator("#unfinished a").first.click()
    page.wait_for_url(f"**/residents/{late}/visits/new")
    page.locator("#draft-on").click()
    expect(page.locator("#sbp")).to_have_value("137")
