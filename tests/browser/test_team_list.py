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
    for name, value in (("mode", "phone"), ("emergency_signs", "none")):
        page.locator(f"[name={name}][value={value}]").first.tap()
    page.locator(".action [type=submit]").click()
    expect(page.locator("#visit-kept")).to_contain_text("下一位")
    page.locator("#visit-kept .btn", has_text="回到今日").click()
    expect(page.locator("#today > .people .person")).to_have_count(4)
    page.get_by_text("只看归我管的").click()
    expect(page.locator("#today > .people .person")).to_have_count(2)
    opened(page, "/worklist")
    expect(page.locator("#today > .people .person")).to_have_count(2)
