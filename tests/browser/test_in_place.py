"""Forms of the server's pages: sent by the page itself, and whatever the answer, what was typed stays."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import look, sign_in, submit
from tests.browser.phone import a_patient
from tests.county import PASSWORD, VILLAGE, County

SAID = "dialog[open]"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).village()
    county.lead()
    with county.serving():
        yield county


@pytest.fixture(scope="module")
def person(county: County) -> str:
    return f"{county.url}/residents/{a_patient(county, county.token('doctor'), VILLAGE, 1)}"


@pytest.fixture
def page(context: BrowserContext, county: County, person: str) -> Iterator[Page]:
    """A lead at a record, with something typed."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, county, "lead")
    page.goto(person + "/edit")
    page.fill("[name=address]", "三组 12 号")
    yield page
    assert errors == []


def saved(page: Page, person: str) -> None:
    """By the same button, whatever was said before."""
    submit(page)
    page.wait_for_url(person)
    expect(page.locator("main .alert-success, main [role=status].alert")).to_have_count(1)
    page.goto(person + "/edit")
    expect(page.locator("[name=address]")).to_have_value("三组 12 号")


def closed(page: Page) -> None:
    page.locator(f"{SAID} button").click()
    expect(page.locator(SAID)).to_have_count(0)
    expect(page.locator("[name=address]")).to_have_value("三组 12 号")


def test_what_is_refused_comes_back_as_typed_and_leaves_the_address_alone(page: Page, person: str) -> None:
    entries = page.evaluate("() => history.length")
    page.fill("[name=phones]", "139")
    submit(page)
    expect(page.locator("#phones-error")).to_be_visible()
    expect(page.locator("[name=phones]")).to_be_focused()
    expect(page.locator("[name=phones]")).to_have_value("139")
    assert (page.url, page.evaluate("() => history.length")) == (person + "/edit", entries)
    look(page)
    page.fill("[name=phones]", "13900000001")
    saved(page, person)


def test_without_a_line_nothing_is_lost(page: Page, context: BrowserContext, person: str) -> None:
    context.set_offline(True)
    submit(page)
    expect(page.locator(SAID)).to_contain_text("没有收到服务器的回答")
    look(page)
    closed(page)
    context.set_offline(False)
    saved(page, person)


def test_after_the_session_has_ended_the_same_button_saves(
    page: Page, context: BrowserContext, person: str
) -> None:
    context.clear_cookies()
    submit(page)
    expect(page.locator(SAID)).to_contain_text("登录已过期")
    with page.expect_popup() as opened:
        page.locator(f"{SAID} a").click()
    desk = opened.value
    desk.fill("[name=username]", "lead")
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url(lambda url: "/login" not in url)
    desk.close()
    closed(page)
    saved(page, person)


def test_a_form_of_an_earlier_session_is_sent_in_the_next_one_of_the_same_person_alone(
    page: Page, context: BrowserContext, county: County, person: str
) -> None:
    other = context.new_page()
    sign_in(other, county, "doctor")
    submit(page)
    expect(page.locator(SAID)).to_contain_text("现在登录的是另一个人")
    closed(page)
    sign_in(other, county, "lead")
    saved(page, person)


def test_who_leaves_after_the_session_has_ended_is_not_asked_to_sign_in_for_it(
    page: Page, context: BrowserContext, county: County
) -> None:
    page.goto(county.url + "/me")
    context.clear_cookies()
    page.locator("form[action='/logout'] [type=submit]").click()
    page.wait_for_url("**/login")


def test_a_refusal_without_a_form_takes_its_place(
    page: Page, context: BrowserContext, county: County
) -> None:
    """Of two pages that register the last disease, the second one is told that nothing is left to do."""
    someone = a_patient(county, county.token("doctor"), VILLAGE, 2, "李桂兰")
    last = f"{county.url}/residents/{someone}/conditions/new"
    page.goto(last)
    other = context.new_page()
    other.goto(last)
    for one in (other, page):
        one.locator("[name=disease][value=diabetes]").check()
        submit(one)
    expect(page.locator("main")).to_contain_text("都已登记")


def test_a_call_whose_answer_was_lost_is_noted_once(page: Page, county: County, person: str) -> None:
    """The button stands outside of its form on some pages, and is marked while it waits there, too."""
    address = person + "/attempts/new"
    page.goto(address)
    page.locator("[name=outcome]").first.check()
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(address, lose)
    submit(page)
    expect(page.locator(SAID)).to_contain_text("没有收到服务器的回答")
    assert lost == [204]
    page.locator(f"{SAID} button").click()
    submit(page)
    page.wait_for_url(person)
    with sqlite3.connect(county.folder / "tracker.db") as database:
        assert database.execute("SELECT count(*) FROM contact_attempt").fetchone() == (1,)


def test_a_button_outside_of_its_form_is_marked_while_it_waits(page: Page, person: str) -> None:
    page.goto(person + "/visits/new")
    save = page.locator("button[name=do][value=save]")
    assert save.evaluate("(one) => one.closest('form')") is None
    page.route(person + "/visits/new", lambda route: route.abort())
    page.evaluate(
        "() => { window.marks = []; const save = document.querySelector('button[value=save]');"
        " new MutationObserver(() => window.marks.push(save.getAttribute('aria-disabled')))"
        ".observe(save, { attributes: true }); }"
    )
    save.click()
    expect(page.locator(SAID)).to_be_visible()
    assert page.evaluate("() => window.marks") == ["true", None]


def test_a_page_of_an_error_is_told_over_the_form(page: Page, county: County, person: str) -> None:
    gone = f"{county.url}/residents/{uuid4()}/edit"
    page.evaluate("(there) => document.querySelector('main form').setAttribute('action', there)", gone)
    submit(page)
    expect(page.locator(SAID)).to_contain_text("不在您负责的范围内")
    expect(page.locator(f"{SAID} p").last).to_have_text("填的内容都还在。")
    closed(page)
    page.evaluate("() => document.querySelector('main form').setAttribute('action', '')")
    page.route(person + "/edit", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    submit(page)
    expect(page.locator(SAID)).to_contain_text("没有收到服务器的回答")
    closed(page)
    page.unroute(person + "/edit")
    saved(page, person)


def test_a_visit_that_comes_back_is_still_judged_while_it_is_typed(page: Page, person: str) -> None:
    page.goto(person + "/visits/new")
    page.locator("button[name=do][value=save]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("[name=mode][value=clinic]").check()
    page.locator("[name=emergency_signs][value=none]").check()
    page.fill("#sbp", "")
    page.locator("#sbp").press_sequentially("13286")
    expect(page.locator("#dbp")).to_have_value("86")
    page.locator("[name='hypertension.symptoms'][value='1']").check()
    expect(page.locator("#judgement .judgement")).to_be_visible()
    page.evaluate("() => document.getElementById('judgement').replaceChildren()")
    page.locator("button[name=do][value=look]:visible").click()
    expect(page.locator("#judgement .judgement")).to_be_in_viewport()  # as the server judges it
    page.locator("[name='hypertension.adherence'][value='1']").check()
    page.locator("button[name=do][value=save]").click()
    page.wait_for_url(re.compile("/visits/"))
    expect(page.locator("main")).to_contain_text("132")


def test_a_page_to_sign_in_that_is_too_old_is_there_anew(
    context: BrowserContext, county: County, person: str
) -> None:
    page = context.new_page()
    page.goto(county.url + "/login")
    context.clear_cookies()
    for _ in range(2):
        page.fill("[name=username]", "lead")
        page.fill("[name=password]", PASSWORD)
        with page.expect_event("load"):
            page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
