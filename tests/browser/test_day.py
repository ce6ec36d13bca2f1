"""The three people's day in a real browser: roster, contract, register, visit, job, board, figures."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.pages import look, sign_in, submit
from tests.county import TOWN, VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

BIRTH = date(1958, 4, 2)
_serial = itertools.count(500)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    county.staff("town", "township_admin", TOWN, "华桂珍")
    county.lead()
    county.staff("commission", "commission", "411025", "周秋云")
    year = str(clock.today().year)
    county.run("population", "set", "--region", VILLAGE, "--year", year, "--resident", "400")
    county.run(
        "targets",
        "set",
        "--region",
        "411025",
        "--year",
        year,
        "--indicator",
        "contract_rate",
        "--percent",
        "60",
    )
    with county.serving():
        yield county


def a_roster(path: Path, village: str, name: str) -> None:
    """One person as a village would list them, below a title."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名册")
        sheet.write(0, 0, "颍桥回族镇居民花名册")
        sheet.write_row(1, 0, ["序号", "姓名", "性别", "身份证号", "联系电话", "村"])
        number = next(_serial)
        sheet.write_row(2, 0, ["1", name, "男", an_id_number(BIRTH, number), f"1380000{number:04d}", village])


def test_the_three_peoples_day(page: Page, county: County, tmp_path: Path) -> None:
    today = clock.today()
    name = "甲乙丙丁戊己庚辛壬癸"[next(_serial) % 10] + "山" + "子丑寅卯辰巳午未"[next(_serial) % 8]
    import_roster(page, county, tmp_path, name)
    person = find_person(page, county, name)
    sign_contract(page, person)
    enrol(page, person, today - timedelta(days=40))
    record_visit(page, person, today - timedelta(days=16))
    tomorrow = str(today + timedelta(days=1))
    found = county.run("jobs", "run", "overdue-scan", "--as-of", tomorrow, "--json").stdout
    assert '"new": 1' in found
    see_on_the_board(page, county, name)
    see_the_rates(page, county)


def import_roster(page: Page, county: County, folder: Path, name: str) -> None:
    sign_in(page, county, "town")
    village = county.village_name(VILLAGE)
    a_roster(folder / "roster.xlsx", village, name)
    page.goto(county.url + "/imports")
    look(page)
    page.set_input_files("[type=file]", folder / "roster.xlsx")
    submit(page)
    preview = page.locator("form[action$='/apply']")
    preview.wait_for(timeout=60_000)
    look(page)
    submit(page, "form[action$='/apply']")
    page.locator("dialog[open] button[type=submit], dialog[open] button").last.click()
    page.locator(".status-done, .figures").first.wait_for(timeout=60_000)
    expect(preview).to_have_count(0, timeout=60_000)


def find_person(page: Page, county: County, name: str) -> str:
    sign_in(page, county, "doctor")
    page.goto(county.url + "/worklist")
    look(page)
    page.goto(county.url + f"/residents?q={name}")
    look(page)
    page.locator("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()
    look(page)
    return page.url.split("?")[0]


def sign_contract(page: Page, person: str) -> None:
    page.goto(person + "/contracts/new")
    look(page)
    page.locator("[name=kind][value=paper]").check()
    submit(page)
    assert "/contracts/new" not in page.url
    look(page)


def enrol(page: Page, person: str, day: date) -> None:
    page.goto(person + "/conditions/new")
    look(page)
    page.locator("[name=disease][value=hypertension]").check()
    page.fill("[name=enrolled_on]", str(day))
    submit(page)
    assert "/conditions/new" not in page.url


def record_visit(page: Page, person: str, day: date) -> None:
    page.goto(person + "/visits/new")
    look(page)
    page.locator("[name=mode][value=clinic]").check()
    page.locator("details:has([name=visit_date])").evaluate("e => { e.open = true }")
    page.fill("[name=visit_date]", str(day))
    page.locator("[name=emergency_signs][value=none]").check()
    page.fill("[name=sbp]", "150")
    page.fill("[name=dbp]", "95")
    page.locator("[name='hypertension.symptoms'][value='1']").check()
    page.fill("[name=late_reason]", "停电")
    page.locator("[name='hypertension.adherence'][value='1']").check()
    page.locator(
        "button[form='visit-form'], #visit-form [type=submit]:visible"
    ).last.scroll_into_view_if_needed()
    page.locator("button[name=do][value=save]").click()
    page.wait_for_url(lambda url: "/visits/" in url and not url.endswith("/new"))
    look(page)
    due = day + timedelta(days=14)
    expect(page.locator("main")).to_contain_text(str(due.day))
    page.goto(person)
    expect(page.locator("main")).to_contain_text(re.compile("二周复访|[Tt]wo-week"))


def see_on_the_board(page: Page, county: County, name: str) -> None:
    sign_in(page, county, "lead")
    page.goto(county.url + "/overdue")
    look(page)
    expect(page.locator("main")).to_contain_text(name)
    page.goto(county.url + "/alerts")
    look(page)


def see_the_rates(page: Page, county: County) -> None:
    sign_in(page, county, "commission")
    page.goto(county.url + "/dashboard")
    look(page)
    expect(page.locator("main")).to_contain_text("400")
    page.goto(county.url + f"/indicators/contract_rate?region={VILLAGE}")
    look(page)
    expect(page.locator("main")).to_contain_text("*")
