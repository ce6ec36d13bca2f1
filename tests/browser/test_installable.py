"""The page can be put on the home screen and opens from there without a network: Chromium says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.pages import sign_in
from tests.browser.phone import a_patient, opened, own_browser, set_up_by_hand
from tests.county import VILLAGE, County


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    with county.serving(workers=2):
        a_patient(county, county.token("doctor"), VILLAGE, 1)
        yield county


def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(
    driver: Playwright, county: County, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In a profile of its own: browsers install nothing from a private window."""
    with own_browser(driver, tmp_path_factory.mktemp("profile")) as context:
        context.set_default_timeout(15_000)
        page = context.new_page()
        sign_in(page, county, "doctor")
        set_up_by_hand(page, county)
        asked = context.new_cdp_session(page)
        assert asked.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        found = asked.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        icons = {(icon["purpose"], icon["sizes"]) for icon in manifest["icons"]}
        assert {
            ("maskable", "192x192"),
            ("maskable", "512x512"),
            ("any", "192x192"),
            ("any", "512x512"),
        } <= icons
        for icon in manifest["icons"]:
            answer = page.request.get(county.url + icon["src"])
            assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert (manifest["display"], manifest["scope"]) == ("standalone", "/")

        context.set_offline(True)
        shown = page.goto(county.url + manifest["start_url"])
        assert shown is not None
        assert shown.from_service_worker
        assert shown.status == 200
        opened(page, manifest["start_url"])
        expect(page.locator("#today .person").first).to_be_visible()
