"""What each picture of the documentation shows, and the way there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page

from scripts import picture_phone as phone
from scripts.picture_county import COMMISSION, DOCTOR, LEAD, SYSADMIN, TOWN
from tests.county import County
from tests.factories import an_id_number
from tracker import clock


@dataclass(frozen=True)
class Shot:
    """One picture: whose page, how big, and how to get there from the role's first page."""

    name: str
    username: str
    size: str
    go: Callable[[Page, str], None]
    english: bool = False
    kept: bool = False
    """On a phone that is set up and has no network."""
    first: Callable[[Page, County], None] | None = None


def at(path: str) -> Callable[[Page, str], None]:
    """The page of an address, from its top."""

    def go(page: Page, url: str) -> None:
        page.goto(url + path)

    return go


def person(page: Page, url: str, query: str = "?disease=hypertension") -> str:
    """The address of somebody of the list."""
    page.goto(url + "/residents" + query)
    link = page.locator(".people a.person-name").first.get_attribute("href")
    assert link is not None, page.url
    return url + link


def show_person(page: Page, url: str) -> None:
    page.goto(person(page, url))


def show_beside(path: str) -> Callable[[Page, str], None]:
    """A page that hangs below a person's."""

    def go(page: Page, url: str) -> None:
        page.goto(person(page, url) + path)

    return go


def show_contract(page: Page, url: str) -> None:
    """The agreement of somebody who has none yet."""
    for link in page_of_people(page, url):
        page.goto(url + link)
        offered = page.locator("a[href$='/contracts/new']")
        if offered.count():
            offered.click()
            return
    raise AssertionError("everybody has a contract")


def page_of_people(page: Page, url: str) -> list[str]:
    page.goto(url + "/residents")
    return [link.get_attribute("href") or "" for link in page.locator(".people a.person-name").all()]


def a_roster(path: Path) -> None:
    """A village's list as it comes: a title, good rows, and some that need a word."""
    day = clock.today().replace(year=1956)
    rows = [
        ["1", "姚春山", "男", an_id_number(day, 101), "13800000101", "北大街居委会"],
        ["2", "姚桂英", "女", an_id_number(day, 202), "13800000202", "北大街居委会"],
        ["3", "姚秀兰", "女", "999025195602304527", "13800000303", "北大街居委会"],
        ["4", "姚铁柱", "男", an_id_number(day, 303), "1380000030", "北大街居委会"],
        ["5", "姚小满", "男", an_id_number(day, 505), "13800000505", "没有这个村"],
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名册")
        sheet.write(0, 0, "居民花名册")
        for number, row in enumerate([["序号", "姓名", "性别", "身份证号", "联系电话", "村"], *rows], 1):
            sheet.write_row(number, 0, row)


def show_import(page: Page, url: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        a_roster(Path(name) / "居民花名册.xlsx")
        page.goto(url + "/imports")
        page.set_input_files("[type=file]", Path(name) / "居民花名册.xlsx")
        page.locator("#upload [type=submit]").click()
        page.locator("form[action$='/apply']").wait_for(timeout=60_000)


def show_new_staff(page: Page, url: str) -> None:
    page.goto(url + "/admin/staff/new")


def show_team(page: Page, url: str) -> None:
    page.goto(url + "/admin/teams")
    page.locator("main table a").first.click()
    page.wait_for_load_state()


SHOTS = (
    Shot("login", "", "phone", at("/login"), english=True),
    Shot("phone-setup", DOCTOR, "phone", phone.fill_set_up, english=True),
    Shot("status", DOCTOR, "phone", show_beside("/status")),
    Shot("contract", DOCTOR, "phone", show_contract),
    Shot("messages", DOCTOR, "phone", at("/alerts")),
    Shot("today", DOCTOR, "phone", phone.show_today, english=True, kept=True),
    Shot("phone-lock", DOCTOR, "phone", phone.show_lock, kept=True),
    Shot("visit", DOCTOR, "phone", phone.show_form, english=True, kept=True),
    Shot("readings", DOCTOR, "phone", phone.show_readings, english=True, kept=True),
    Shot("medicines", DOCTOR, "phone", phone.show_medicines, kept=True),
    Shot("judgement", DOCTOR, "phone", phone.show_judgement, english=True, kept=True),
    Shot("residents", DOCTOR, "phone", phone.show_found, kept=True),
    Shot("card", DOCTOR, "phone", phone.show_card, kept=True),
    Shot("person", DOCTOR, "phone", phone.show_somebody, english=True, kept=True),
    Shot("attempt", DOCTOR, "phone", phone.show_attempt, kept=True),
    Shot("kept", DOCTOR, "phone", phone.show_kept, english=True, kept=True),
    Shot(
        "phone-records", DOCTOR, "phone", phone.show_records, english=True, kept=True, first=phone.refuse_one
    ),
    Shot("uploads", LEAD, "desk", at("/uploads")),  # what the phone of the picture before could not hand in
    Shot("overdue", LEAD, "desk", at("/overdue"), english=True),
    Shot("approvals", LEAD, "desk", at("/approvals")),
    Shot("referrals", LEAD, "desk", at("/referrals")),
    Shot("record", LEAD, "desk", show_person),
    Shot("dashboard", COMMISSION, "desk", at("/dashboard"), english=True),
    Shot("persons", COMMISSION, "desk", at("/indicators/control_rate?group=hypertension")),
    Shot("targets", COMMISSION, "desk", at("/targets")),
    Shot("contracts", TOWN, "desk", at("/contracts?status=expiring")),
    Shot("import", TOWN, "desk", show_import, english=True),
    Shot("staff", TOWN, "desk", at("/admin/staff")),
    Shot("new-staff", TOWN, "desk", show_new_staff),
    Shot("team", TOWN, "desk", show_team),
    Shot("jobs", SYSADMIN, "desk", at("/admin/jobs"), english=True),
    Shot("audit", SYSADMIN, "desk", at("/admin/audit")),
)
