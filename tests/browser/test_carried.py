"""What a lead does with the phones' work in real Chromium: a file carried by hand, what waits for a word."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.modules import bundled
from tests.browser.pages import look, sign_in
from tests.browser.phone import a_body, a_patient, call, kept, parts_page, set_up, signed_in, unlock
from tests.county import TEAM, VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

_serial = itertools.count(10)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("carried")).village()
    county.staff("second", "village_doctor", VILLAGE, "吴冬青", TEAM)
    county.lead()
    with county.serving():
        yield county


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor")


def a_new_person() -> dict[str, Any]:
    born = date(1966, 7, 8)
    return {
        "id": str(uuid4()), "name": "孙小满", "id_number": an_id_number(born, 91), "sex": "male",
        "birth_date": born.isoformat(), "phones": [], "region_code": VILLAGE, "groups": [],
        "registered": True,
    }  # fmt: skip


def an_attempt() -> dict[str, Any]:
    return {"id": str(uuid4()), "attempted_at": clock.now().isoformat(), "outcome": "unreachable"}


def visits_of(county: County, token: str, resident: str) -> list[str]:
    status, answer = county.call("GET", f"/api/v1/residents/{resident}/visits", token)
    assert status == 200, answer
    return [visit["id"] for visit in answer["visits"]]


def exported(page: Page, county: County, folder: Path) -> Path:
    """The file that the phone's own page hands out while nothing reaches the server."""
    page.context.route("**/challenge", lambda route: route.abort())
    page.goto(county.url + "/phone")
    unlock(page)
    with page.expect_download() as download:
        page.click("#phone-export")
    file = folder / "records.json"
    download.value.save_as(file)
    return file


def test_a_lead_carries_a_phones_records_in_a_file_and_nothing_comes_twice(
    chromium: Browser, county: County, token: str, tmp_path: Path
) -> None:
    patient = a_patient(county, token, VILLAGE, 1)
    phone = chromium.new_context(service_workers="block", locale="zh-CN", accept_downloads=True)
    signed_in(phone, county, "doctor")
    parts = parts_page(phone, county, bundled(tmp_path))
    set_up(parts)
    phone.set_offline(True)
    visit, person = a_body(patient), a_new_person()
    kept(parts, visit)
    kept(parts, person, "resident")
    call(
        parts, "await outbox.keep({ id: body.id, kind: 'attempt', resident_id: patient, body });",
        body=an_attempt(), patient=patient,
    )  # fmt: skip
    call(
        parts, "await store.put('outbox', id, { ...(await store.get('outbox', id)), phone: 'earlier' });",
        id=person["id"],
    )  # fmt: skip
    phone.set_offline(False)
    page = phone.new_page()
    file = exported(page, county, tmp_path)
    records = json.loads(json.loads(file.read_text())["content"])["records"]
    numbers = {record["kind"]: record.get("device_sequence") for record in records}
    assert numbers == {"visit": 1, "resident": None, "attempt": 3}  # of this registration
    assert patient in file.read_text()
    assert "孙小满" not in file.read_text()
    assert visits_of(county, token, patient) == []

    desk = chromium.new_context(locale="zh-CN")
    lead = desk.new_page()
    sign_in(lead, county, "lead")
    for _ in range(2):
        lead.goto(county.url + "/uploads/file")
        lead.set_input_files("#file", file)
        lead.click("#upload [type=submit]")
        expect(lead.locator(".status-done")).to_have_count(3)
        expect(lead.get_by_role("status").first).to_contain_text("共 3 条")
        look(lead)
    assert visits_of(county, token, patient) == [visit["id"]]
    desk.close()

    phone.unroute("**/challenge")
    page.reload()
    unlock(page)
    page.click("#phone-now")
    expect(page.locator("#phone-items .status-done")).to_have_count(3, timeout=20_000)
    assert visits_of(county, token, patient) == [visit["id"]]
    assert county.call("GET", f"/api/v1/residents/{person['id']}", token)[0] == 200
    phone.close()


def brought(county: County, token: str, number: int) -> None:
    """A refused record, two bodies of one id, and two doctors at one person."""
    patient = a_patient(county, token, VILLAGE, number)
    stored, on = a_body(patient, bp_source=1), clock.today() - timedelta(days=2)
    other = county.token("second")
    for who, body in (
        (token, a_body(patient, sbp=700, dbp=None, note="胸闷两天")), (token, stored),
        (token, {**stored, "sbp": 158, "note": "量了两遍"}), (other, a_body(patient, on, late_reason="停电")),
    ):  # fmt: skip
        status, answer = county.call("POST", "/api/v1/visits", who, {"visits": [body]})
        assert status == 200, answer


def test_every_page_of_what_phones_brought_is_fit_to_look_at(page: Page, county: County, token: str) -> None:
    brought(county, token, next(_serial))
    sign_in(page, county, "lead")
    for path in ("/overdue", "/uploads", "/uploads/file", "/devices"):
        page.goto(county.url + path)
        look(page)
    page.goto(county.url + "/uploads")
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
    look(page)
    page.locator("form[action$='/leave'] [type=submit]").first.click()
    expect(page.locator("form[action$='/leave'] [aria-invalid=true]")).to_have_count(1)
    look(page)
    page.locator("a[href^='/uploads/'][href$='/visit']").first.click()
    expect(page.locator("[name=sbp]")).to_have_value("700")
    expect(page.locator("[name=visited_by]")).to_have_value("doctor")
    look(page)
