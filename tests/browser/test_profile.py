"""The lost phone: of a thousand planted names, ID numbers and telephones none stands in the browser's files.

A doctor works a day on a real profile. Its files are then searched raw, while the browser runs and after it
has ended; and what the site has laid down is read out by the browser's own interfaces, for LevelDB
presses its blocks together.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.pages import sign_in, submit, until
from tests.browser.phone import a_patient, opened, own_browser, set_up_by_hand
from tests.county import VILLAGE, County
from tests.factories import an_id_number
from tracker import clock
from tracker.domain.masking import mask_name

PLANTED = 350
FIRST, LAST = "鬰龘灪爨麤厵靐龗齾鑫", "瀧驫鱻飝虋釁鸞讟钃"
BORN = date(1956, 5, 4)
SAVED_AFTER = 5_000
"""Milliseconds after which the browser has written its tabs down."""
SHELL = 'data-shell="residents"'
DUMP = """async () => {
  const told = (value) => {
    if (value instanceof ArrayBuffer) return { bytes: [...new Uint8Array(value)] };
    if (ArrayBuffer.isView(value)) return { bytes: [...new Uint8Array(value.buffer)] };
    if (Array.isArray(value)) return value.map(told);
    if (value instanceof CryptoKey) return { extractable: value.extractable, usages: value.usages };
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, told(one)]));
    return value;
  };
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = [await asked(rows.getAllKeys()), await asked(rows.getAll())];
      found[`${name}/${store}`] = keys.map((key, place) => [key, told(values[place])]);
    }
    database.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found[request.url] = await (await (await caches.open(name)).match(request)).text();
  found.words = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
  return JSON.stringify(found);
}"""
"""All that the site has laid down in the browser, as its own interfaces read it: nothing pressed together."""


class Planted:
    """People of whom each has a rare name, a number and a telephone; masked they lie on no phone either."""

    def __init__(self) -> None:
        pairs = [a + b for a in FIRST for b in LAST]
        self.names = [f"{'王李赵孙'[n // len(pairs)]}{pairs[n % len(pairs)]}" for n in range(PLANTED)]
        self.numbers = [an_id_number(BORN, n + 1, male=False) for n in range(PLANTED)]
        self.phones = [f"1390000{n + 1:04d}" for n in range(PLANTED)]

    def texts(self) -> list[str]:
        return [*self.names, *{mask_name(name) for name in self.names}, *self.numbers, *self.phones]


@pytest.fixture(scope="module")
def planted() -> Planted:
    return Planted()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, planted: Planted) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    with county.serving(workers=2):
        yield county


@pytest.fixture(scope="module")
def people(county: County, planted: Planted) -> list[str]:
    """The first are followed up, so that the list of the day shows them; all are residents of the village."""
    token = county.token("doctor")
    found = [a_patient(county, token, VILLAGE, n + 1, name) for n, name in enumerate(planted.names[:30])]
    for n in range(30, PLANTED):
        body = {
            "name": planted.names[n], "id_number": planted.numbers[n], "sex": "female",
            "birth_date": BORN.isoformat(), "phones": [planted.phones[n]], "region_code": VILLAGE,
            "groups": [], "registered": True,
        }  # fmt: skip
        status, person = county.call("POST", "/api/v1/residents", token, body)
        assert status == 201, person
        found.append(person["id"])
    # Long ago enough that they are due.
    with sqlite3.connect(county.folder / "tracker.db") as database:
        due = [(str(clock.today() - timedelta(days=3)), UUID(key).hex) for key in found[:30]]
        database.executemany("UPDATE task SET due_on = ? WHERE resident_id = ?", due)
    return found


def copied(profile: Path, target: Path) -> None:
    """While the browser goes on: what it takes away in between is not there to be copied."""
    for _ in range(5):
        try:
            unlocked = shutil.ignore_patterns("Singleton*")
            shutil.copytree(profile, target, ignore=unlocked, dirs_exist_ok=True)
        except (shutil.Error, FileNotFoundError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError("the profile never held still")


def test_a_copied_profile_names_nobody(
    driver: Playwright, county: County, people: list[str], planted: Planted, tmp_path: Path
) -> None:
    profile, texts = tmp_path / "profile", planted.texts()
    assert len({*planted.names, *planted.numbers, *planted.phones}) >= 1_000
    with own_browser(driver, profile) as context:
        context.set_default_timeout(15_000)
        page = context.new_page()
        sign_in(page, county, "doctor")
        set_up_by_hand(page, county)
        expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
        a_day(page, people, planted)
        shown = at_the_server(page, people, planted)
        copied(profile, tmp_path / "running")
        dump = page.evaluate(DUMP)
        assert len(dump) > 100_000
    for folder in (tmp_path / "running", profile):
        assert found_in(b"".join(contents(folder)), texts) == []
    assert found_in(bare(dump), texts) == []
    # It finds what is there: a word of a shell, and of the server's page the address and the title.
    assert found_in(bare(dump), [SHELL]) == [SHELL]
    assert found_in(b"".join(contents(profile)), shown) == shown
    assert '"extractable":true' not in dump.replace('"extractable":true,"usages":["verify"]', "")


def a_day(page: Page, people: list[str], planted: Planted) -> None:
    """The list, a search, people opened, visits and a call that wait, a new person, a draft."""
    page.context.set_offline(True)
    opened(page, "/residents")
    page.fill("#q", "王")
    expect(page.locator("#found .person").first).to_be_visible()
    for person in people[:3]:
        opened(page, f"/residents/{person}")
        expect(page.locator("#person h1")).to_contain_text("*")
    for person, number in zip(people[:2], planted.numbers, strict=False):
        opened(page, f"/residents/{person}/visits/new")
        page.locator("#visit-form").wait_for()
        page.locator("[name=mode][value=clinic]").first.check()
        page.locator("[name=emergency_signs][value=none]").first.check()
        page.fill("#sbp", "138/86")
        page.locator("[name='hypertension.symptoms'][value='1']").first.check()
        page.evaluate("() => document.getElementById('note').closest('details').open = true")
        page.fill("#note", f"{planted.names[0]} {number} {planted.phones[0]}")
        page.locator(".action [type=submit]").first.click()
        expect(page.locator("#visit-kept")).to_be_visible()
    opened(page, f"/residents/{people[2]}/visits/new")
    page.locator("#visit-form").wait_for()
    page.evaluate("() => document.getElementById('note').closest('details').open = true")
    page.fill("#note", f"草稿 {planted.names[1]} {planted.numbers[1]}")
    page.wait_for_timeout(700)
    opened(page, "/residents/new")
    page.locator("#resident-form").wait_for()
    page.fill("[name=name]", planted.names[5])
    page.fill("[name=id_number]", planted.numbers[5])  # somebody who is known: the server refuses it by name
    page.press("[name=id_number]", "Tab")
    page.fill("[name=phones]", planted.phones[5])
    page.locator("#resident-form [type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith("/new"))
    page.context.set_offline(False)
    opened(page, "/phone")
    expect(page.locator("#phone-items [data-hand]")).to_have_count(1, timeout=20_000)
    opened(page, "/worklist")
    expect(page.locator("#today .person").first).to_be_visible()


def at_the_server(page: Page, people: list[str], planted: Planted) -> list[str]:
    """A person's own pages, and searches from the phone's page and the server's; what may be found of it."""
    base = "/".join(page.url.split("/")[:3])
    for texts in (planted.names, planted.numbers, planted.phones):
        opened(page, "/residents")
        page.fill("#q", texts[40])
        page.locator("#everywhere [type=submit]").click()
        expect(page.locator(".person-name")).to_have_text([planted.names[40]])
        page.fill("#q", texts[41])
        page.press("#q", "Enter")
        expect(page.locator(".person-name")).to_have_text([planted.names[41]])
    refused_forms(page, base, people, planted)
    page.goto(f"{base}/residents/{people[3]}/visits/new?server")
    expect(page.locator("main h1")).to_contain_text(planted.names[3])
    page.goto(f"{base}/residents/{people[3]}?server")
    expect(page.locator("main h1")).to_contain_text(planted.names[3])
    return [page.url, page.title()]


def refused_forms(page: Page, base: str, people: list[str], planted: Planted) -> None:
    """What the server sends back, and what finds no server: neither lies in the tabs that are remembered."""
    page.goto(f"{base}/residents/{people[3]}/edit")
    page.fill("[name=name]", planted.names[300])
    page.fill("[name=id_number]", f"{planted.numbers[301]}{planted.numbers[302]}")
    page.fill("[name=phones]", planted.phones[303])
    submit(page)
    expect(page.locator(".error-summary")).to_be_visible()
    page.goto(f"{base}/residents?server")
    page.fill("#q", planted.numbers[304])
    page.context.set_offline(True)
    until(page, "() => fetch('/healthz').then(() => false, () => true)")  # what was open answers no more
    submit(page)
    expect(page.locator("dialog[open]")).to_be_visible()
    page.context.set_offline(False)
    page.goto(f"{base}/residents/{people[3]}?server")
    page.wait_for_timeout(SAVED_AFTER)


def contents(folder: Path) -> Iterator[bytes]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes()


def found_in(content: bytes, texts: list[str]) -> list[str]:
    """Those that stand there, also as an address writes them down."""

    def stands(text: str) -> bool:
        written = {text.encode(), text.encode("utf-16-le"), quote(text, safe=":/?").encode()}
        return any(form in content for form in written)

    return [text for text in texts if stands(text)]


def bare(dump: str) -> bytes:
    """The texts of the dump, and its bytes as the bytes they are."""
    parts: list[bytes] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict) and set(value) == {"bytes"}:
            parts.append(bytes(value["bytes"]))
        elif isinstance(value, dict):
            for key, one in value.items():
                parts.append(key.encode())
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        else:
            parts.append(str(value).encode())

    walk(json.loads(dump))
    return b"\n".join(parts)
