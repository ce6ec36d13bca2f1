"""A file that is too big, in a real browser: refused before it travels, told in words where it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import look, sign_in
from tests.county import County

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("upload")).prepare()
    county.staff("town", "township_admin", "411025101", "华桂珍")
    with county.serving():
        yield county


def test_a_roster_that_is_too_big_is_refused_in_words(page: Page, county: County, tmp_path: Path) -> None:
    sign_in(page, county, "town")
    page.goto(f"{county.url}/imports")
    big, small = tmp_path / "big.csv", tmp_path / "small.csv"
    big.write_bytes(b"0" * 26 * MEGABYTE)
    small.write_text("姓名\n", encoding="utf-8")
    error, button = page.locator("#file-error"), page.locator("#upload button[type=submit]")
    page.set_input_files("#file", big)
    expect(error).to_have_text(re.compile(r"26\.0 MB"))
    look(page)
    button.click()
    expect(error).to_be_visible()
    assert page.url.endswith("/imports")
    page.set_input_files("#file", small)
    expect(error).to_have_text("")
    page.evaluate("() => { document.querySelector('#file').dataset.most = '1e12' }")
    page.set_input_files("#file", big)
    button.click()
    expect(error).to_have_text(re.compile("20 MB"))
    assert page.locator(".error-summary").count() == 1


def test_how_much_of_a_roster_has_gone_out_is_shown(page: Page, county: County, tmp_path: Path) -> None:
    sign_in(page, county, "town")
    page.goto(f"{county.url}/imports")
    roster = tmp_path / "roster.csv"
    roster.write_text("姓名,村\n" + "张三,柳树村\n" * 40_000, encoding="utf-8")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.set_input_files("#file", roster)
    page.locator("#upload button[type=submit]").click()
    page.wait_for_function(
        "() => { const bar = document.querySelector('#upload progress[aria-label]');"
        " return bar && bar.value > 0 && bar.value < bar.max; }"
    )
    page.wait_for_url("**/imports/*")
