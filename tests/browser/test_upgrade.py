"""A newer release meets a phone with a queue and an open draft: worker and database change, nothing is lost.

The newer release is made of this one: another version of the phone's database with one store more, another
worker, and other pages. It is served in place of the old one, at the same address, by a real server.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.modules import bundled
from tests.browser.pages import sign_in
from tests.browser.phone import a_body, a_patient, call, opened, parts_page, set_up, set_up_by_hand, signed_in
from tests.county import ROOT, VILLAGE, County
from tests.frontend import FRONTEND, node

STORES = 'const STORES = ["meta", "people", "drafts", "outbox"];'
NEWER = 'const STORES = ["meta", "people", "drafts", "outbox", "later"];'
MARK = "() => { window.mark = 'the page of before'; }"
MARKED = "() => window.mark"
DATABASE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("tracker");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const { version, objectStoreNames } = opening.result;
    opening.result.close();
    resolve([version, [...objectStoreNames]]);
  };
})"""
WAITING = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const found = registration.installing ?? registration.waiting;
  while (found?.state === "installing") await new Promise((done) => setTimeout(done, 50));
  return found?.state;
}"""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next release: its own package, pages and built files."""
    folder = tmp_path_factory.mktemp("newer")
    leave = shutil.ignore_patterns("node_modules", "__pycache__", "dist")
    for name in ("tracker", "templates", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for file in ("config.py", "wsgi.py"):
        shutil.copy(ROOT / file, folder / file)
    frontend = folder / "tracker" / "frontend"
    (frontend / "node_modules").symlink_to(FRONTEND / "node_modules")
    change(frontend / "src/phone/store.js", "const VERSION = 1;", "const VERSION = 2;")
    change(frontend / "src/phone/store.js", STORES, NEWER)
    change(frontend / "src/sw.js", "const PASSING = 15_000;", "const PASSING = 14_000;")
    change(folder / "templates/phone/visit.html", '{{ _("保存随访") }}', '{{ _("保存随访") }}！')
    node(frontend / "build.mjs", cwd=folder)
    return folder


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, (file, before)
    file.write_text(text.replace(before, after), encoding="utf-8")


@contextlib.contextmanager
def release(county: County, folder: Path) -> Iterator[None]:
    """The county's server, of another release."""
    before = dict(county.env)
    county.env["PYTHONPATH"] = str(folder)
    with county.serving(workers=2):
        yield
    county.env.clear()
    county.env.update(before)


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path).village()


def a_tab(context: BrowserContext, county: County) -> Page:
    page = context.new_page()
    page.goto(county.url + "/healthz")
    return page


def visits(county: County, token: str, resident: str) -> list[str]:
    status, answer = county.call("GET", f"/api/v1/residents/{resident}/visits", token)
    assert status == 200, answer
    return sorted(visit["note"] for visit in answer["visits"])


def fill(page: Page, figures: str, note: str) -> None:
    page.locator("[name=mode][value=clinic]").first.tap()
    page.locator("[name=emergency_signs][value=none]").first.tap()
    page.fill("#sbp", figures)
    page.locator("[name='hypertension.symptoms'][value='1']").first.tap()
    page.evaluate("() => document.getElementById('note').closest('details').open = true")
    page.fill("#note", note)


def form_of(page: Page, resident: str) -> None:
    opened(page, f"/residents/{resident}/visits/new")
    expect(page.locator("#visit-form")).to_be_visible()


def save(page: Page) -> None:
    page.locator(".action [type=submit]").first.tap()


def test_an_open_draft_and_a_queue_outlive_a_new_worker_and_a_new_database(
    context: BrowserContext, county: County, newer: Path
) -> None:
    with county.serving(workers=2):
        token = county.token("doctor")
        first, second = (
            a_patient(county, token, VILLAGE, n, name) for n, name in ((1, "王秀英"), (2, "赵山"))
        )
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, county, "doctor")
        set_up_by_hand(page, county)
        context.set_offline(True)
        form_of(page, first)
        fill(page, "136/84", "旧版记的")
        save(page)
        expect(page.locator("#visit-kept")).to_be_visible()
        form_of(page, second)
        fill(page, "148/92", "旧版起草")
        page.evaluate(MARK)
    with release(county, newer):
        context.set_offline(False)
        assert page.evaluate(WAITING) == "installed"
        draft_stands(page)
        list_page = a_tab(context, county)
        opened(
            list_page, "/worklist"
        )  # the list lets the newer worker take over: nothing is being typed there
        list_page.wait_for_function("() => navigator.serviceWorker.getRegistration().then((r) => !r.waiting)")
        opened(list_page, "/worklist")
        expect(list_page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
        assert list_page.evaluate(DATABASE) == [2, ["drafts", "later", "meta", "outbox", "people"]]
        assert visits(county, token, first) == ["旧版记的"]
        draft_stands(page)

        page.fill("#note", "旧版起草，新版时接着写")
        page.wait_for_timeout(900)
        again = a_tab(context, county)
        opened(again, f"/residents/{second}/visits/new")
        expect(again.locator("#elsewhere")).to_be_visible()
        save(page)
        expect(page.locator("#visit-kept")).to_be_visible()
        assert page.evaluate(MARKED) == "the page of before"
        for other in (again, page):  # the one that waits first: it opens anew when the other goes
            other.close()
        opened(list_page, "/worklist")
        expect(list_page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
        assert visits(county, token, second) == ["旧版起草，新版时接着写"]
        form_of(list_page, second)  # no draft of it is left
        expect(list_page.locator("#visit-save")).to_contain_text("！")
    assert errors == []


def draft_stands(page: Page) -> None:
    assert page.evaluate(MARKED) == "the page of before"
    assert page.input_value("#note") == "旧版起草"
    assert (page.input_value("#sbp"), page.input_value("#dbp")) == ("148", "92")


OLDER = """const made = await outbox.items();
  for (const { id, kind, resident_id, author, sequence, made_at, sealed, copy } of made) {
    const { author: _later, ...envelope } = sealed;
    const older = { id, kind, resident_id, author, sequence, made_at, sealed: envelope, copy, state: "here" };
    await store.put("outbox", id, older);
  }
  return made.length;"""
"""Records as the first phones kept them: without the phone's id, tries and times, no author"""


def test_a_queue_and_a_draft_of_an_older_database_are_taken_over_and_sent(
    chromium: Browser, county: County, newer: Path, tmp_path: Path
) -> None:
    module = bundled(tmp_path)
    with chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True) as context:
        context.set_default_timeout(15_000)
        with county.serving(workers=2):
            token = county.token("doctor")
            resident = a_patient(county, token, VILLAGE, 3)
            signed_in(context, county, "doctor")
            page = parts_page(context, county, module)
            set_up(page)
            call(page, "await sync.synchronise();")
            context.set_offline(True)
            bodies = [a_body(resident, sbp=sbp, note=f"旧库 {sbp}") for sbp in (131, 133, 135)]
            assert queued(page, bodies) == len(bodies)
            draft = {"id": str(UUID(int=7)), "at": 1, "entries": [["sbp", "171"], ["note", "旧库的草稿"]]}
            call(
                page, "await store.put('drafts', key, await keys.encrypt(draft, key));",
                draft=draft, key=f"visit:{resident}",
            )  # fmt: skip
            assert page.evaluate(DATABASE) == [1, ["drafts", "meta", "outbox", "people"]]
            page.close()
        with release(county, newer):
            context.set_offline(False)
            page = context.new_page()
            page.goto(county.url + "/phone")
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            opened(page, "/phone")
            expect(page.locator("#phone-items .status-done")).to_have_count(3, timeout=20_000)
            assert page.evaluate(DATABASE)[0] == 2
            assert visits(county, token, resident) == ["旧库 131", "旧库 133", "旧库 135"]
            opened(page, f"/residents/{resident}/visits/new")
            page.locator("#draft-on").tap()
            assert (page.input_value("#sbp"), page.input_value("#note")) == ("171", "旧库的草稿")


def queued(page: Page, bodies: list[dict[str, Any]]) -> int:
    for body in bodies:
        call(
            page, "await outbox.keep({ id: body.id, kind: 'visit', resident_id: body.resident_id, body });",
            body=body,
        )  # fmt: skip
    found: int = call(page, OLDER)
    return found
