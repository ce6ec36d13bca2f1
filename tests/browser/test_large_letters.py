"""The head and foot of the phone's pages on a small screen: long badges, and letters twice as large."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LANGUAGES
from tests.browser.pages import look, sign_in
from tests.browser.phone import a_patient, a_visit, opened, set_up_by_hand
from tests.county import VILLAGE, County
from tracker import clock

RECORDS = """() => new Promise((resolve) => {
  indexedDB.open("tracker").onsuccess = ({ target }) => {
    const made_at = new Date(Date.now() - 2 * 3600e3).toISOString();
    const writing = target.result.transaction("outbox", "readwrite");
    for (const state of ["here", "here", "attention"]) {
      const id = crypto.randomUUID();
      const record = { id, kind: "visit", state, made_at, resident_id: id, sequence: 1, tries: 0, next: 0 };
      writing.objectStore("outbox").put(record, id);
    }
    writing.oncomplete = resolve;
  };
})"""
OUTSIDE = """() => [...document.querySelectorAll(".bar > *, .bar-menu summary, .tabs a, .tabs a > *")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, { width, left, right }]) => width && (left < -1 || right > innerWidth + 1))
  .map(([one]) => one.outerHTML)"""
LINES = """() => {
  const line = document.querySelector("#sync a > span");
  return Math.round(line.getBoundingClientRect().height / parseFloat(getComputedStyle(line).lineHeight));
}"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("letters")).village()
    with county.serving():
        token = county.token("doctor")
        a_visit(county, token, a_patient(county, token, VILLAGE, 1), clock.today() - timedelta(days=99))
        yield county


@pytest.fixture(params=[(w, lang) for w in (320, 360) for lang in LANGUAGES], ids=lambda p: f"{p[0]}-{p[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser, county: County) -> Iterator[Page]:
    """A phone without a network, on which records wait and one needs attention."""
    width, language = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 780}, locale=LANGUAGES[language], timezone_id="Asia/Shanghai",
        service_workers="allow",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    context.set_offline(True)
    page.evaluate(RECORDS)
    yield page
    context.close()


def test_the_badge_takes_two_lines_at_most_and_nothing_leaves_the_screen(page: Page) -> None:
    opened(page, "/worklist")
    expect(page.locator("#sync")).to_have_attribute("data-parts", "4")
    assert page.evaluate(LINES) <= 2
    assert page.evaluate(OUTSIDE) == []
    look(page)


def test_letters_twice_as_large_leave_the_menu_and_the_tabs_in_reach(page: Page) -> None:
    opened(page, "/worklist")
    expect(page.locator("#sync")).to_have_attribute("data-parts", "4")
    page.evaluate("() => { document.documentElement.style.fontSize = '212.5%'; }")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(OUTSIDE.replace(".bar > *", "main *")) == []
    page.locator(".tabs a").last.click(trial=True)
    page.locator(".bar-menu summary").click()
    for place in page.locator(".bar-menu a").all():
        box = place.bounding_box()
        width = page.viewport_size["width"]  # type: ignore[index]
        assert box
        assert 0 <= box["x"] <= width - box["width"]
