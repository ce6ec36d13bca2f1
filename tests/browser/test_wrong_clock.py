"""A phone whose clock is wrong: the day's list, ages, forms and judgements go by the server's time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import LANGUAGES
from tests.browser.pages import look, sign_in
from tests.browser.phone import NO_DIALLER, a_patient, a_village, a_visit, opened, set_up_by_hand
from tests.county import VILLAGE, County
from tracker import clock

SHIFT = """(() => {
  const True = Date, off = %d;
  globalThis.Date = class extends True {
    constructor(...given) { given.length ? super(...given) : super(True.now() + off); }
    static now() { return True.now() + off; }
  };
})()"""
"""A page whose clock is off by so many milliseconds, and goes on."""


def to_1970(now: datetime) -> datetime:
    return datetime(1970, 1, 1, 8, 3, tzinfo=UTC)


def a_year_back(now: datetime) -> datetime:
    return now - timedelta(days=365)


def a_year_ahead(now: datetime) -> datetime:
    return now + timedelta(days=365)


Shows = Callable[[datetime], datetime]
BACK = pytest.mark.parametrize("shows", [to_1970, a_year_back])


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_village(tmp_path_factory.mktemp("clock")) as county:
        yield county


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor")


@pytest.fixture
def late(county: County, token: str, request: pytest.FixtureRequest) -> str:
    """Somebody born in 1956 whose visit is overdue."""
    number = 10 + list(request.session.items).index(request.node) % 900
    resident = a_patient(county, token, VILLAGE, number, "王秀英")
    a_visit(county, token, resident, clock.today() - timedelta(days=99))
    return resident


@pytest.fixture(params=list(LANGUAGES.values()), ids=list(LANGUAGES))
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 360, "height": 780}, locale=request.param, timezone_id="Asia/Shanghai",
        has_touch=True, service_workers="allow",
    )  # fmt: skip
    made.set_default_timeout(15_000)
    made.add_init_script(NO_DIALLER)
    yield made
    made.close()


ZH = pytest.mark.parametrize("context", ["zh-CN"], ids=["zh"], indirect=True)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def put_clock(context: BrowserContext, shows: Shows) -> None:
    now = clock.now()
    context.add_init_script(SHIFT % round((shows(now) - now).total_seconds() * 1000))


def walk(page: Page, resident: str) -> None:
    """From the list to the person and the form, and back with the visit kept."""
    today = clock.today()
    opened(page, "/worklist")
    told_of_the_clock(page, today)
    card = page.locator("#today .person", has=page.locator(f"a[href*='{resident}']")).first
    years = today.year - 1956 - ((today.month, today.day) < (5, 4))
    expect(card).to_contain_text(str(years))
    expect(card.locator(".status-overdue, .status-late").first).to_be_visible()
    look(page)
    opened(page, f"/residents/{resident}")
    expect(page.locator("#person")).to_contain_text(str(years))
    opened(page, f"/residents/{resident}/visits/new")
    told_of_the_clock(page, today)
    expect(page.locator("#visit-form")).to_be_visible()
    expect(page.locator("#who")).to_contain_text(str(years))
    expect(page.locator("[name=visit_date]")).to_have_value(today.isoformat())
    fill(page)
    expect(page.locator("#judgement")).to_contain_text(str((today + timedelta(days=60)).year))
    page.locator(".action [type=submit]").click()
    expect(page.locator("#visit-kept")).to_be_visible()


def fill(page: Page) -> None:
    for box in ("[name=mode][value=home]", "[name=emergency_signs][value=none]"):
        page.locator(box).check()
    page.fill("#sbp", "128")
    page.fill("#dbp", "80")
    page.locator("[name='hypertension.symptoms'][value='1']").check()


def told_of_the_clock(page: Page, today: date) -> None:
    expect(page.locator("#clock-wrong")).to_be_visible()
    expect(page.locator("#clock-wrong [data-clock=true]")).to_contain_text(str(today.year))


def arrived(county: County, page: Page, resident: str) -> tuple[str, int]:
    """The day of the visit as it is stored, and by how many seconds the phone was off."""
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    with sqlite3.connect(county.folder / "tracker.db") as db:
        asked = "SELECT visit_date, clock_offset FROM visit WHERE resident_id = ? ORDER BY received_at DESC"
        day, off = db.execute(asked, [UUID(resident).hex]).fetchone()
    return str(day), int(off)


@BACK
def test_a_wrong_clock_is_said_and_the_day_goes_on_by_the_servers_time(
    page: Page, context: BrowserContext, county: County, late: str, shows: Shows
) -> None:
    put_clock(context, shows)
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    walk(page, late)
    day, off = arrived(county, page, late)
    assert day == clock.today().isoformat()
    assert off == pytest.approx((shows(clock.now()) - clock.now()).total_seconds(), abs=120)


@ZH
@pytest.mark.parametrize("before", [None, a_year_back], ids=["right", "wrong"])
@BACK
def test_without_a_network_the_time_goes_on_from_the_last_contact(
    page: Page, context: BrowserContext, county: County, late: str, shows: Shows, before: Shows | None
) -> None:
    """The battery was empty: the clock begins anew, and nobody can be asked."""
    if before:
        put_clock(context, before)
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    context.set_offline(True)
    if not before:
        put_clock(context, shows)
    elif shows is to_1970:
        put_clock(context, lambda now: to_1970(now) + timedelta(days=365))
    walk(page, late)
    context.set_offline(False)
    assert arrived(county, page, late)[0] == clock.today().isoformat()


@ZH
def test_a_clock_that_runs_ahead_is_found_out_at_the_next_contact(
    page: Page, context: BrowserContext, county: County, late: str
) -> None:
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    expect(page.locator("#clock-wrong")).to_be_hidden()
    put_clock(context, a_year_ahead)
    sign_in(page, county, "doctor")
    walk(page, late)
    assert arrived(county, page, late)[0] == clock.today().isoformat()


@ZH
def test_a_clock_that_was_mended_without_a_network_is_believed_again(
    page: Page, context: BrowserContext, county: County, late: str
) -> None:
    put_clock(context, a_year_back)
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    expect(page.locator("#clock-wrong")).to_be_visible()
    context.set_offline(True)
    put_clock(context, a_year_ahead)  # on top of the year that it was back
    opened(page, "/worklist")
    expect(page.locator(f"#today a[href*='{late}']").first).to_be_visible()
    expect(page.locator("#clock-wrong")).to_be_hidden()
    opened(page, f"/residents/{late}/attempts/new")
    expect(page.locator("[name=attempted_at]")).to_have_value(re.compile(clock.today().isoformat()))
