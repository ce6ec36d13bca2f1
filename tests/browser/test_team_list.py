"""Who looks after the whole team's list goes on with it after a record, until they choose their own again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import sign_in
from tests.browser.phone import a_patient, opened, set_up_by_hand
from tests.county import TEAM, VILLAGE, County

NEXT_VILLAGE = f"{VILLAGE[:9]}201"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("team")).prepare()
    county.team(TEAM, VILLAGE, NEXT_VILLAGE)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", TEAM)
    county.staff("neighbour", "village_doctor", NEXT_VILLAGE, "林秋水", TEAM)
    county.lead()
    with county.serving():
        own, next_door = county.token("doctor"), county.token("neighbour")
        for number, name in ((1, "周冬梅"), (2, "孙秀英")):
            a_patient(county, own, VILLAGE, number, name)
        for number, name in ((3, "钱桂兰"), (4, "李玉珍")):
            a_patient(county, next_door, NEXT_VILLAGE, number, name)
        yield county


def names(page: Page) -> set[str]:
    return set(page.locator("#today > .people .person-name").all_inner_texts())


def test_the_choice_of_the_whole_team_outlasts_a_record(context: BrowserContext, county: County) -> None:
    page = context.new_page()
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    context.set_offline(True)
    opened(page, "/worklist")
    expect(page.locator("#today > .people .person")).to_have_count(2)
    assert names(page) == {"周*梅", "孙*英"}
    page.get_by_text("看全队的").click()
    expect(page.locator("#today > .people .person")).to_have_count(4)
    page.get_by_text("钱*兰").click()
    by_phone(page)
    expect(page.locator("#visit-kept")).to_contain_text("下一位")
    page.locator("#visit-kept .btn", has_text="回到今日").click()
    expect(page.locator("#today > .people .person")).to_have_count(4)
    page.locator(".counts a", has_text="逾期").click()
    page.get_by_text("只看归我管的").click()
    expect(page.locator("#today > .people .person")).to_have_count(2)
    expect(page.locator(".counts a[aria-current]")).to_contain_text("逾期")
    for address, count in (("/worklist", 2), ("/worklist?whose=team", 4), ("/worklist", 4)):
        opened(page, address)
        expect(page.locator("#today > .people .person")).to_have_count(count)


def test_who_comes_next_was_not_recorded_today(context: BrowserContext, county: County) -> None:
    """Neither while the record waits nor once the server has it, though it has no figures."""
    page = context.new_page()
    sign_in(page, county, "lead")
    set_up_by_hand(page, county)
    next_one = page.locator("#visit-kept .btn", has_text="下一位")
    seen = [page.locator("#today > .people .person-name").first.inner_text()]
    page.locator("#today > .people .person-name").first.click()
    while len(seen) < 4:
        by_phone(page)
        expect(page.locator("#visit-kept h1 [data-now=uploaded]")).to_be_visible(timeout=20_000)
        expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
        context.set_offline(True)
        page.reload()
        expect(page.locator("#who")).to_contain_text("今天已记过")
        by_phone(page)
        context.set_offline(False)
        if not next_one.count():
            break
        seen.append(next_one.inner_text().removeprefix("下一位："))
        next_one.click()
    assert len(seen) == len(set(seen)) == 4, seen


def by_phone(page: Page) -> None:
    """A call that brings no figures."""
    expect(page.locator("#visit-form")).to_be_visible()
    for name, value in (("mode", "phone"), ("emergency_signs", "none")):
        page.locator(f"[name={name}][value={value}]").first.tap()
    page.locator(".action [type=submit]").click()
    expect(page.locator("#visit-kept")).to_be_visible()
