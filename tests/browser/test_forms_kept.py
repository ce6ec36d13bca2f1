"""The phone's forms: a draft turns into its record in one step; what is refused comes back as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.modules import bundled
from tests.browser.pages import look, sign_in
from tests.browser.phone import (
    a_body,
    a_patient,
    call,
    kill,
    opened,
    own_browser,
    parts_page,
    set_up,
    set_up_by_hand,
    signed_in,
    unlock,
)
from tests.county import VILLAGE, County
from tests.factories import an_id_number
from tracker import clock
from tracker.schemas.resident import PHONES_AT_MOST

BORN = date(1961, 3, 8)
LOG = """
  window.writes = [];
  const numbers = new Map();
  const number = (transaction) => numbers.get(transaction) ?? numbers.set(transaction, numbers.size).size - 1;
  for (const name of ["put", "delete"]) {
    const was = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      window.writes.push([name, this.name, number(this.transaction)]);
      return was.apply(this, given);
    };
  }
"""
"""Tells of every write to the browser's database in which transaction it was."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    county.lead()
    with county.serving(workers=2):
        yield county


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor")


@pytest.fixture(scope="module")
def patients(county: County, token: str) -> list[str]:
    return [a_patient(county, token, VILLAGE, number, name) for number, name in ((1, "王秀英"), (2, "赵山"))]


@pytest.fixture
def page(context: BrowserContext, county: County, patients: list[str]) -> Iterator[Page]:
    """The doctor's phone without a line."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, county, "doctor")
    set_up_by_hand(page, county)
    context.set_offline(True)
    yield page
    assert errors == []


def a_visit(page: Page) -> None:
    page.locator("[name=mode][value=clinic]").first.check()
    page.locator("[name=emergency_signs][value=none]").first.check()
    page.fill("#sbp", "138/86")
    page.locator("[name='hypertension.symptoms'][value='1']").first.check()


def an_attempt(page: Page) -> None:
    page.locator("[name=outcome][value=unreachable]").check()
    page.fill("[name=note]", "打了三次没人接")


def a_contract(page: Page) -> None:
    choose(page, "years", "3")
    choose(page, "by", "guardian")
    page.locator("[name=kind][value=drawn]").check()
    sign(page)


def a_person(page: Page) -> None:
    page.fill("[name=name]", "周冬梅")
    page.fill("[name=id_number]", an_id_number(BORN, 301, male=False))
    page.press("[name=id_number]", "Tab")
    page.fill("[name=phones]", "13912345678（儿子）")
    page.fill("[name=allergies]", "青霉素")


def choose(page: Page, name: str, value: str) -> None:
    """One of several, in a list or by a tap."""
    field = page.locator(f"#{name}")
    if field.evaluate("(node) => node.tagName") == "SELECT":
        field.select_option(value)
    else:
        page.locator(f"[name={name}][value='{value}']").check()


def chosen(page: Page, name: str) -> str:
    found: str = page.evaluate(
        "(name) => new FormData(document.querySelector('main form')).getAll(name).join()", name
    )
    return found


def sign(page: Page) -> None:
    pad = page.locator("#pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()


MANY = "、".join(f"139123456{n:02d}" for n in range(PHONES_AT_MOST + 1))
"""Telephone numbers, more than the server takes."""
FORMS = {
    "visits/new": (a_visit, ".action [type=submit]"),
    "attempts/new": (an_attempt, "#attempt-form [type=submit]"),
    "contracts/new": (a_contract, "#contract-form [type=submit]"),
    "new": (a_person, "#resident-form [type=submit]"),
}


def address(form: str, patient: str) -> str:
    return "/residents/new" if form == "new" else f"/residents/{patient}/{form}"


def form_of(page: Page, path: str) -> None:
    opened(page, path)
    page.locator("main form:visible").first.wait_for()


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("tracker");
          opening.onsuccess = () => {
            const asked = opening.result.transaction("drafts").objectStore("drafts").getAllKeys();
            asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
          };
        })"""
    )
    return found


def test_each_form_turns_its_draft_into_the_record_in_one_transaction(
    context: BrowserContext, page: Page, patients: list[str]
) -> None:
    context.add_init_script(LOG)
    for form, (fill, submit) in FORMS.items():
        form_of(page, address(form, patients[0]))
        fill(page)
        page.wait_for_timeout(700)
        assert len(drafts(page)) == 1, form
        page.evaluate("() => { window.writes.length = 0; }")
        # The page that comes next has a log of its own: what was written is told before it goes.
        page.evaluate(
            "() => addEventListener('pagehide', () => "
            "sessionStorage.setItem('writes', JSON.stringify(window.writes)))"
        )
        page.locator(submit).first.click()
        if form == "visits/new":
            expect(page.locator("#visit-kept")).to_be_visible()
            opened(page, "/worklist")
        else:
            page.wait_for_url(re.compile(rf"(?<!/{form})$"))
        writes = page.evaluate("() => JSON.parse(sessionStorage.getItem('writes'))")
        record = [transaction for name, store, transaction in writes if (name, store) == ("put", "outbox")]
        removed = [
            transaction for name, store, transaction in writes if (name, store) == ("delete", "drafts")
        ]
        assert (len(record), removed) == (1, record), (form, writes)
        assert drafts(page) == [], form


def test_after_a_kill_there_is_either_the_draft_or_the_record(
    county: County, driver: Playwright, patients: list[str], tmp_path: Path
) -> None:
    profile, module = tmp_path / "profile", bundled(tmp_path)
    draft_of = "visit:" + patients[1]
    with own_browser(driver, profile) as context:
        signed_in(context, county, "doctor")
        set_up(parts_page(context, county, module))
    seen = set()
    for after in (0, 4, 9, 16, 40):
        body = a_body(patients[1])
        with own_browser(driver, profile) as context:
            page = parts_page(context, county, module)
            context.set_offline(True)
            call(
                page,
                "await store.put('drafts', key, { iv: 1, data: body.id });"
                "const { id, resident_id } = body;"
                "outbox.keep({ id, kind: 'visit', resident_id, body, draft: key });"
                "await new Promise((done) => setTimeout(done, after));",
                body=body, key=draft_of, after=after,
            )  # fmt: skip
            kill(profile)
        with own_browser(driver, profile) as context:
            page = parts_page(context, county, module)
            there = "return [await store.get('drafts', key), await store.get('outbox', id)].map(Boolean);"
            draft, record = call(page, there, key=draft_of, id=body["id"])
        assert draft != record, after
        seen.add((draft, record))
    assert (False, True) in seen


def test_what_is_refused_comes_back_as_it_was_typed_with_the_reasons_beside_the_fields(
    context: BrowserContext, page: Page, county: County, token: str, patients: list[str]
) -> None:
    signer, dead = patients[0], a_patient(county, token, VILLAGE, 3, "孙大山")
    context.set_offline(False)
    opened(page, "/worklist")
    expect(page.locator("#today")).to_contain_text("孙*山", timeout=20_000)
    context.set_offline(True)
    today = clock.today()
    form_of(page, address("attempts/new", dead))
    an_attempt(page)
    kept_by(page, "attempts/new")
    form_of(page, address("contracts/new", signer))
    a_contract(page)
    page.fill("[name=start_on]", (today - timedelta(days=3)).isoformat())
    drawn = chosen(page, "image")
    assert drawn.startswith("data:image/svg")
    kept_by(page, "contracts/new")
    form_of(page, "/residents/new")
    a_person(page)
    page.fill("[name=phones]", MANY)
    kept_by(page, "new")
    told = {"status": "dead", "on": (today - timedelta(days=2)).isoformat(), "reason": "家属告知"}
    assert county.call("POST", f"/api/v1/residents/{dead}/status", county.token("lead"), told)[0] == 201

    context.set_offline(False)
    opened(page, "/phone")
    expect(page.locator("#phone-items [data-hand]")).to_have_count(3, timeout=20_000)
    look(page)

    mend(page, "attempts/new")
    expect(page.locator("#attempted_at-error")).to_contain_text("去世")
    assert (chosen(page, "outcome"), page.input_value("[name=note]")) == ("unreachable", "打了三次没人接")
    page.fill("[name=attempted_at]", f"{today - timedelta(days=5)}T09:30")
    kept_by(page, "attempts/new")

    mend(page, "contracts/new")
    expect(page.locator("#start_on-error")).to_be_visible()
    assert [chosen(page, name) for name in ("years", "by", "kind", "image")] == [
        "3",
        "guardian",
        "drawn",
        drawn,
    ]
    assert strokes(page) > 0
    look(page)
    page.fill("[name=start_on]", today.isoformat())
    page.wait_for_timeout(700)
    page.reload()  # what is being mended has a draft of its own
    opened(page, page.url.removeprefix(county.url))
    expect(page.locator("[name=start_on]")).to_have_value(today.isoformat())
    assert chosen(page, "image") == drawn
    kept_by(page, "contracts/new")

    mend(page, "new")
    expect(page.locator("#phones-error")).to_be_visible()
    values = [page.input_value(f"[name={name}]") for name in ("name", "phones", "allergies", "birth_date")]
    assert values == ["周冬梅", MANY, "青霉素", BORN.isoformat()]
    page.fill("[name=phones]", "13912345678")
    kept_by(page, "new")

    opened(page, "/phone")
    expect(page.locator("#phone-items .status-done")).to_have_count(3, timeout=20_000)
    assert drafts(page) == []
    shown = county.call("GET", f"/api/v1/residents/{signer}", token)[1]
    assert shown["contract"]["team"] == "颍桥一队"


def kept_by(page: Page, form: str) -> None:
    before = page.url
    page.locator(FORMS[form][1]).first.click()
    page.wait_for_url(lambda url: url != before)


def mend(page: Page, form: str) -> None:
    opened(page, "/phone")
    page.locator(f"#phone-items a[href*='/{form}?item=']:visible").first.click()
    page.wait_for_url(re.compile(r"\?item="))
    page.locator("main form:visible").first.wait_for()


def strokes(page: Page) -> int:
    """How many points of the pad are inked."""
    found: int = page.evaluate(
        "() => { const pad = document.querySelector('#pad canvas'); const { data } = pad.getContext('2d')"
        ".getImageData(0, 0, pad.width, pad.height); let n = 0;"
        " for (let at = 3; at < data.length; at += 4) n += data[at] > 0; return n; }"
    )
    return found


def test_a_record_that_was_sent_meanwhile_is_not_said_to_be_changed(
    context: BrowserContext, page: Page, county: County, patients: list[str]
) -> None:
    """Mended in one page while another page has sent it: what is typed stays on the screen and as a draft."""
    form_of(page, address("attempts/new", patients[0]))
    an_attempt(page)
    kept_by(page, "attempts/new")
    found: list[dict[str, Any]] = page.evaluate(ITEMS)
    (item,) = found
    opened(page, f"/residents/{patients[0]}/attempts/new?item={item['id']}")
    expect(page.locator("[name=note]")).to_have_value("打了三次没人接")
    page.fill("[name=note]", "后来接了")
    page.evaluate(UPLOADED, item["id"])
    page.locator(FORMS["attempts/new"][1]).first.click()
    expect(page.locator("main .field-error")).to_contain_text("已经上传")
    expect(page.locator("[name=note]")).to_have_value("后来接了")


def test_a_second_page_of_a_form_waits_and_begins_another_record(
    context: BrowserContext, page: Page, county: County
) -> None:
    form_of(page, "/residents/new")
    a_person(page)
    page.wait_for_timeout(700)
    page.evaluate(COPY, ["drafts", "meta"])
    second = context.new_page()
    second.goto(county.url + "/residents/new")
    unlock(second)
    expect(second.locator("#elsewhere")).to_be_visible()
    expect(second.locator("#resident-form")).to_be_hidden()
    look(second)
    kept_by(page, "new")
    expect(second.locator("#elsewhere")).to_be_hidden()
    page.evaluate(COPY, ["meta", "drafts"])  # a draft that outlived its record
    opened(second, "/residents/new")
    expect(second.locator("#resident-form")).to_be_visible()
    expect(second.locator("[name=name]")).to_have_value("")
    a_person(second)
    kept_by(second, "new")
    assert len(page.evaluate(ITEMS)) == 2


COPY = """(way) => new Promise((resolve) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const transaction = opening.result.transaction(way, "readwrite");
    const [from, to] = way.map((name) => transaction.objectStore(name));
    from.get("resident").onsuccess = ({ target }) => to.put(target.result, "resident");
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
ITEMS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result.map(({ id }) => ({ id }))); };
  };
})"""
UPLOADED = """(id) => new Promise((resolve) => {
  const opening = indexedDB.open("tracker");
  opening.onsuccess = () => {
    const store = opening.result.transaction("outbox", "readwrite").objectStore("outbox");
    store.get(id).onsuccess = ({ target }) => {
      store.put({ ...target.result, state: "uploaded", acked_at: Date.now() }, id).onsuccess = () => {
        opening.result.close();
        resolve();
      };
    };
  };
})"""
