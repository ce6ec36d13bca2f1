"""The doctor's views without a network in real Chromium: the day, a call, a new person with a contract."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import LANGUAGES, SIZES
from tests.browser.pages import look, sign_in
from tests.browser.phone import NO_DIALLER, a_patient, a_visit, opened, set_up_by_hand
from tests.browser.test_card import the_code
from tests.county import VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

BORN = date(1961, 3, 8)
_serial = itertools.count(300)


@dataclass
class Known:
    """Who lies on the phone: one overdue with a card, one long overdue, one due much later."""

    county: County
    token: str
    late: str
    early: str
    code: str = ""

    def get(self, path: str) -> Any:
        status, answer = self.county.call("GET", f"/api/v1{path}", self.token)
        assert status == 200, answer
        return answer


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    county = County(tmp_path_factory.mktemp("views")).village()
    county.lead()
    with county.serving():
        token = county.token("doctor")
        late = a_patient(county, token, VILLAGE, 1, "王秀英")
        early = a_patient(county, token, VILLAGE, 2, "赵山")
        for resident, days in ((late, 99), (early, 20)):
            a_visit(county, token, resident, clock.today() - timedelta(days=days))
        yield Known(county, token, late, early)


@pytest.fixture(params=[("phone", "zh"), ("desk", "en")], ids=lambda p: "-".join(p))
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    size, language = request.param
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=LANGUAGES[language], timezone_id="Asia/Shanghai",
        has_touch=size == "phone", service_workers="allow",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    context.add_init_script(NO_DIALLER)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, known: Known) -> Iterator[Page]:
    """A phone that is set up, has its list, and has lost the network."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    sign_in(page, known.county, "doctor")
    known.code = the_code(page, known.county, f"{known.county.url}/residents/{known.early}")
    set_up_by_hand(page, known.county)
    context.set_offline(True)
    yield page
    assert errors == []


def test_the_day_without_a_network(page: Page, context: BrowserContext, known: Known) -> None:
    call_and_note(page, known)
    find(page, known)
    person = register(page)
    sign(page, person)
    context.set_offline(False)
    everything_arrives(page, known, person)


def call_and_note(page: Page, known: Known) -> None:
    opened(page, "/worklist")
    card = page.locator("#today .person", has=page.locator(f"a[href*='{known.late}']")).first
    expect(card).to_contain_text("132/84")
    look(page)
    page.locator(".counts a").nth(3).click()
    expect(page.locator(".counts [aria-current]")).to_contain_text("1")
    card.locator(".person-name").click()
    page.wait_for_url(f"**/residents/{known.late}/visits/new")
    expect(page.locator("body")).to_have_attribute("data-shell", "visit")
    opened(page, "/worklist")
    card.locator("a[href^='tel:']").click(no_wait_after=True)
    card.locator(f"a[href$='{known.late}/attempts/new']").click()
    page.wait_for_url("**/attempts/new")
    page.locator("#attempt-form [type=submit]").click()
    expect(page.locator("main .field-error")).to_be_visible()
    look(page)
    page.locator("[name=outcome][value=will_come]").check()
    promised = clock.today() + timedelta(days=3)
    page.fill("[name=until]", promised.isoformat())
    page.locator("#attempt-form [type=submit]").click()
    page.wait_for_url("**/worklist")
    expect(card).to_contain_text(str(promised.day))
    expect(page.locator("#sync")).to_have_attribute("data-state", "here")
    look(page)


def find(page: Page, known: Known) -> None:
    opened(page, "/residents")
    expect(page.locator("#found section .person")).to_have_count(1)
    look(page)
    for said, count in (("赵", 1), ("zs", 1), ("县山", 0), ("0002", 1), ("139 0000-0002", 1), ("002", 0)):
        page.fill("#q", said)
        expect(page.locator("#found .person")).to_have_count(count)
    look(page)
    village = County.village_name(VILLAGE)
    found = page.locator("#found .person", has=page.locator(f"a[href*='{known.early}']"))
    for group, count in (("县", 0), (village[2:], 1)):
        page.fill("#q", f"{village[:2]} {group}")
        expect(found).to_have_count(count)
    page.fill("#q", "王x英")
    page.fill("#q", "wx")
    page.locator("#found .person-name").click()
    page.wait_for_url(f"**/residents/{known.late}")
    expect(page.locator("#person-visit")).to_be_visible()
    expect(page.locator("#person")).to_contain_text("132/84")
    look(page)

    page.goto(f"{known.county.url}/c/{known.code}")
    page.wait_for_url(f"**/residents/{known.early}")
    expect(page.locator("#person h1")).to_contain_text("赵")
    opened(page, "/c")
    look(page)
    page.fill("#code", known.code[:-1] + ("2" if known.code[-1] != "2" else "3"))
    page.press("#code", "Enter")
    expect(page.locator("#card-wrong")).to_be_visible()


def register(page: Page) -> str:
    opened(page, "/residents/new")
    page.fill("[name=name]", "周冬梅")
    number = an_id_number(BORN, next(_serial), male=False)
    page.fill("[name=id_number]", number[:-1] + ("1" if number[-1] != "1" else "2"))
    page.press("[name=id_number]", "Tab")
    expect(page.locator("main .field-error")).to_be_visible()
    look(page)
    page.fill("[name=id_number]", number)
    page.press("[name=id_number]", "Tab")
    expect(page.locator("[name=birth_date]")).to_have_value(BORN.isoformat())
    expect(page.locator("[name=sex]:checked")).to_have_value("female")
    page.fill("[name=phones]", "1391234（儿子）")
    page.locator("#resident-form [type=submit]").click()
    expect(page.locator("#phones-error")).to_contain_text("7")
    page.fill("[name=phones]", "13912345678（儿子）")
    page.wait_for_timeout(600)
    page.reload()  # a draft outlives the page
    opened(page, "/residents/new")
    expect(page.locator("[name=name]")).to_have_value("周冬梅")
    page.locator("#resident-form [type=submit]").click()
    page.wait_for_url(re.compile("/residents/[0-9a-f-]{36}$"))
    expect(page.locator("#person h1")).to_contain_text("周冬梅")
    look(page)
    return page.url.rsplit("/", 1)[1]


def sign(page: Page, person: str) -> None:
    page.locator(f"#person a[href$='{person}/contracts/new']").click()
    page.wait_for_url("**/contracts/new")
    expect(page.locator("[name=team]")).to_have_value("颍桥一队")
    page.locator("[name=kind][value=drawn]").check()
    page.locator("#contract-form [type=submit]").click()
    expect(page.locator("main .field-error")).to_be_visible()
    pad = page.locator("#pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    look(page)
    page.locator("#contract-form [type=submit]").click()
    page.wait_for_url(f"**/residents/{person}")
    expect(page.locator("#person")).to_contain_text("颍桥一队")


def everything_arrives(page: Page, known: Known, person: str) -> None:
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    resident = known.get(f"/residents/{person}")
    assert (resident["name"], resident["sex"], resident["birth_date"]) == ("周冬梅", "female", str(BORN))
    assert resident["contract"]["team"] == "颍桥一队"
    opened(page, "/phone")
    expect(page.locator("#phone-items .status-done")).to_have_count(3)
    look(page)
    browser = page.context.browser
    assert browser
    with browser.new_context(locale="zh-CN") as desk:
        board = desk.new_page()
        sign_in(board, known.county, "lead")
        board.goto(known.county.url + "/overdue")
        expect(board.locator("#overdue")).to_contain_text("联系：答应来")


@pytest.mark.parametrize("context", [("phone", "zh")], ids=["phone-zh"], indirect=True)
def test_what_the_server_refuses_comes_back_with_its_reason(
    page: Page, context: BrowserContext, known: Known
) -> None:
    """The same ID number twice: only the server can know."""
    opened(page, "/residents/new")
    page.fill("[name=name]", "王秀英")
    page.fill("[name=id_number]", an_id_number(date(1956, 5, 4), 1, male=False))
    page.press("[name=id_number]", "Tab")
    page.locator("#resident-form [type=submit]").click()
    page.wait_for_url(re.compile("/residents/[0-9a-f-]{36}$"))
    context.set_offline(False)
    expect(page.locator("#sync")).to_have_attribute("data-state", "attention", timeout=20_000)
    opened(page, "/phone")
    refused = page.locator("#phone-items .card").first
    expect(refused.locator("ul li").first).to_be_visible()
    look(page)
    refused.locator("a[href*='/residents/new?item=']").click()
    page.wait_for_url("**/residents/new?item=*")
    expect(page.locator("[name=name]")).to_have_value("王秀英")
    expect(page.locator("main .field-error").first).to_be_visible()


@pytest.mark.parametrize("context", [("phone", "zh")], ids=["phone-zh"], indirect=True)
def test_saving_may_follow_the_id_number_in_the_same_tap(page: Page, context: BrowserContext) -> None:
    """What the number says is there for it, and what is missing stays said."""
    opened(page, "/residents/new")
    page.fill("[name=name]", "吴秋霞")
    page.evaluate("document.querySelector('[name=region_code]').value = ''")
    page.locator("[name=id_number]").focus()
    page.keyboard.type(an_id_number(BORN, next(_serial), male=False))
    page.locator("#resident-form [type=submit]").click()
    page.wait_for_timeout(300)
    expect(page.locator("#region_code-error")).to_be_visible()
    expect(page.locator("main .field-error[data-said]")).to_have_count(1)
    page.select_option("[name=region_code]", VILLAGE)
    page.locator("[name=id_number]").focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(an_id_number(BORN, next(_serial), male=False))
    page.locator("#resident-form [type=submit]").click()
    page.wait_for_url(re.compile("/residents/[0-9a-f-]{36}$"))


@pytest.mark.parametrize("context", [("phone", "zh")], ids=["phone-zh"], indirect=True)
def test_nobody_is_older_than_anybody_ever_was(page: Page, context: BrowserContext) -> None:
    opened(page, "/residents/new")
    page.evaluate("for (const fold of document.querySelectorAll('#resident-form details')) fold.open = true")
    for name, said in (("name", "吴秋霞"), ("no_id_reason", "丢失"), ("birth_date", "1850-01-01")):
        page.fill(f"[name={name}]", said)
    page.locator("#resident-form [type=submit]").click()
    expect(page.locator("#birth_date-error")).to_contain_text("130")
    expect(page.locator("[name=birth_date]")).to_have_value("1850-01-01")
    look(page)
