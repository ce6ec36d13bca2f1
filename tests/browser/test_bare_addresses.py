"""Data and files carry no script that could cover them: a locked phone asks for its PIN before them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import sign_in
from tests.browser.phone import a_patient, a_village, opened, set_up_by_hand, unlock
from tests.county import VILLAGE, County


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_village(tmp_path_factory.mktemp("county")) as county:
        yield county


@pytest.fixture(scope="module")
def patient(county: County) -> str:
    return a_patient(county, county.token("doctor"), VILLAGE, 1, "王秀英")


@pytest.fixture
def page(chromium: Browser, county: County, patient: str) -> Iterator[Page]:
    """The doctor's phone, set up and open, with the list on the screen."""
    context = chromium.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    yield page
    context.close()


def test_a_locked_phone_asks_for_the_pin_and_an_open_one_answers(
    page: Page, county: County, patient: str
) -> None:
    data, file = county.url + "/api/v1/worklist", f"{county.url}/residents/{patient}/visits.xlsx"
    for place in ("/me", f"/residents/{patient}?server"):
        page.goto(county.url + place)
        expect(page.locator("#sync")).not_to_be_empty()  # it has taken the key over
        with page.expect_download() as download:
            page.evaluate("(file) => { location.href = file; }", file)
        assert download.value.suggested_filename.endswith(".xlsx")
    page.goto(data)
    expect(page.locator("body")).to_contain_text(patient)
    opened(page, "/phone")
    page.locator("#phone-lock").click()
    expect(page.locator("#lock[open]")).to_be_visible()
    for address in (data, f"{county.url}/api/v1/residents?q=王", file):
        page.goto(address)
        expect(page).to_have_url(county.url + "/worklist")
        expect(page.locator("#lock[open]")).to_be_visible()
    unlock(page)
    page.goto(data)
    expect(page.locator("body")).to_contain_text(patient)
