"""What the phone shows of what others did, beside the server's own pages: referrals, calls, contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import LANGUAGES, SIZES
from tests.browser.pages import look, sign_in
from tests.browser.phone import a_patient, opened, set_up_by_hand
from tests.browser.test_visit_screen import Taps, answer
from tests.county import VILLAGE, County
from tracker import clock
from tracker.models.attempt import AttemptOutcome

HANDED = {"zh": "已交给团队长", "en": "Left to the team lead"}
URGENT = {"zh": "紧急转诊", "en": "Urgent referral"}


@dataclass
class People:
    county: County
    token: str
    lead: str
    urgent: str
    routine: str

    def post(self, path: str, body: Any, token: str | None = None) -> Any:
        status, answer = self.county.call("POST", f"/api/v1{path}", token or self.token, body)
        assert status in (200, 201), answer
        return answer


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    county = County(tmp_path_factory.mktemp("list")).village()
    county.lead()
    with county.serving():
        token, lead = county.token("doctor"), county.token("lead")
        found = People(
            county, token, lead, a_patient(county, token, VILLAGE, 1, "周冬梅"),
            a_patient(county, token, VILLAGE, 2, "王秀英"),
        )  # fmt: skip
        a_visit(found, found.urgent, 9, 188, 114)
        a_visit(found, found.routine, 99, 132, 84)
        yield found


def a_visit(people: People, resident: str, ago: int, sbp: int, dbp: int) -> None:
    body = {
        "id": str(uuid4()), "resident_id": resident, "mode": "home", "emergency_signs": [], "sbp": sbp,
        "visit_date": (clock.today() - timedelta(days=ago)).isoformat(), "dbp": dbp,
        "recorded_at": clock.now().isoformat(), "late_reason": "停电",
        "hypertension": {"symptoms": [1], "drugs": []},
    }  # fmt: skip
    (answer,) = people.post("/visits", {"visits": [body]})["results"]
    assert answer["status"] == "accepted", answer


def a_contract(people: People, resident: str, ends: date) -> None:
    begins = ends.replace(year=ends.year - 1) + timedelta(days=1)
    body = {
        "id": str(uuid4()), "resident_id": resident, "team": "颍桥一队", "years": 1,
        "packages": ["BASIC"], "signed_on": begins.isoformat(), "signature": {"kind": "paper"},
    }  # fmt: skip
    assert people.post("/contracts", body)["end_on"] == ends.isoformat()


@pytest.fixture(params=[("phone", "zh"), ("phone", "en")], ids=lambda p: "-".join(p))
def phone(
    request: pytest.FixtureRequest, chromium: Browser, people: People
) -> Iterator[tuple[Page, BrowserContext, str]]:
    """A phone that is set up and has its list."""
    size, language = request.param
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=LANGUAGES[language], timezone_id="Asia/Shanghai",
        has_touch=True, service_workers="allow",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    sign_in(page, people.county, "doctor")
    set_up_by_hand(page, people.county)
    yield page, context, language
    context.close()
    assert errors == []


def test_an_urgent_referral_is_marked_wherever_the_person_stands(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, context, language = phone
    context.set_offline(True)
    places = {
        "/worklist": page.locator("#today .person").first,
        f"/residents/{people.urgent}": page.locator("#person"),
        f"/residents/{people.urgent}/visits/new": page.locator("#who"),
        "/residents": page.locator("#found .person", has=page.locator(f"a[href$='{people.urgent}']")).last,
    }
    for path, place in places.items():
        opened(page, path)
        expect(place.locator(".status-urgent")).to_have_text(f"▲{URGENT[language]}")
        look(page)
    context.set_offline(False)
    for path, part in (
        ("/worklist", ".person"),
        (f"/residents/{people.urgent}", "main"),
        (f"/residents/{people.urgent}/visits/new", ".who"),
    ):
        page.goto(f"{people.county.url}{path}?server")
        assert page.locator("body[data-shell]").count() == 0
        mark = page.locator(part).first.locator(".status-urgent")
        expect(mark).to_have_text(f"▲{URGENT[language]}")
        look(page)


def test_a_call_that_somebody_else_made_moves_the_reminder(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, _context, _language = phone
    card = page.locator("#today .person", has=page.locator(f"a[href*='{people.routine}']")).first
    expect(card).to_be_visible()
    until = clock.today() + timedelta(days=4)
    attempt = {
        "attempted_at": clock.now().isoformat(), "outcome": "will_come", "until": until.isoformat(),
    }  # fmt: skip
    people.post(f"/residents/{people.routine}/attempts", attempt, people.lead)
    opened(page, "/worklist")
    promised = page.locator("#today h2 + .people .person", has=page.locator(f"a[href*='{people.routine}']"))
    expect(promised).to_contain_text("李夏水")
    expect(promised).to_contain_text(str(until.day))
    look(page)
    opened(page, f"/residents/{people.routine}")
    expect(page.locator("#person")).to_contain_text("李夏水")
    page.goto(f"{people.county.url}/residents/{people.routine}/attempts/new")
    page.locator("[name=outcome][value=unreachable]").check()
    page.locator("#attempt-form [type=submit]").click()
    page.wait_for_url(lambda url: "attempts" not in url)
    opened(page, "/worklist")
    expect(card).to_be_visible()  # the newest try counts, and that is this phone's
    expect(promised).to_have_count(0)
    expect(card).not_to_contain_text("李夏水")


def test_a_server_that_did_not_answer_is_asked_again_soon(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, context, language = phone
    context.route("**/api/v1/**", lambda route: route.abort())
    opened(page, "/worklist")
    expect(page.locator("#sync")).to_contain_text({"zh": "没有网络", "en": "No network"}[language])
    context.unroute("**/api/v1/**")
    expect(page.locator("#sync")).to_have_text({"zh": "已同步", "en": "Synced"}[language])


def test_a_contract_is_renewed_without_a_network(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    """Only inside its window, with the first day that the server would compute, and once."""
    page, context, language = phone
    number = 10 + ["zh", "en"].index(language)
    person = a_patient(people.county, people.token, VILLAGE, number, "李续约")
    early = a_patient(people.county, people.token, VILLAGE, 20 + number, "李还早")
    ends = clock.today() + timedelta(days=30)
    a_contract(people, person, ends)
    a_contract(people, early, clock.today() + timedelta(days=90))
    opened(page, "/residents")
    expect(page.locator(f"#found a[href$='{early}']").last).to_be_visible(timeout=20_000)
    context.set_offline(True)
    opened(page, f"/residents/{early}")
    expect(page.locator("#person")).to_contain_text("颍桥一队")
    expect(page.locator("#person a[href*='/contracts/new']")).to_have_count(0)
    opened(page, f"/residents/{person}")
    look(page)
    page.locator("#person a[href$='/contracts/new?renew']").click()
    page.wait_for_url("**/contracts/new?renew")
    expect(page.locator("#contract-head")).to_contain_text("颍桥一队")
    for name in ("team", "start_on"):
        expect(page.locator(f"[name={name}]")).to_be_hidden()
    look(page)
    page.fill("[name=signed_on]", (ends - timedelta(days=61)).isoformat())
    page.locator("[name=years][value='2']").check()
    page.locator("[name=kind][value=paper]").check()
    page.locator("#contract-form [type=submit]").click()
    expect(page.locator("#signed_on-error")).to_contain_text(str(ends.day))
    look(page)
    page.fill("[name=signed_on]", clock.today().isoformat())
    page.locator("#contract-form [type=submit]").click()
    page.wait_for_url(f"**/residents/{person}")
    expect(page.locator("#person a[href*='/contracts/new']")).to_have_count(0)
    context.set_offline(False)
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    status, found = people.county.call("GET", f"/api/v1/contracts?resident_id={person}", people.token)
    assert status == 200
    newest = max(found["contracts"], key=lambda each: each["start_on"])["id"]
    _, after = people.county.call("GET", f"/api/v1/contracts/{newest}", people.token)
    assert (after["start_on"], after["kind"], after["years"]) == (
        str(ends + timedelta(days=1)), "renewal", 2,
    )  # fmt: skip
    opened(page, f"/residents/{person}")
    expect(page.locator("#person")).to_contain_text(
        {"zh": "已有下一份协议", "en": "Next contract starts"}[language], timeout=20_000
    )
    expect(page.locator("#person a[href*='/contracts/new']")).to_have_count(0)
    look(page)


def test_a_visit_after_a_death_is_left_to_the_lead_and_the_reason_names_the_day(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, _context, language = phone
    _person, died = a_visit_of_somebody_dead(phone, people, 50)
    opened(page, "/phone")
    refused = page.locator("#phone-items .card", has=page.locator("[data-hand]")).first
    day = (
        f"{died.year}年{died.month}月{died.day}日"
        if language == "zh"
        else f"{died.day} {died:%b} {died.year}"
    )
    expect(refused).to_contain_text(day)
    expect(refused.locator("p.muted")).to_have_count(1)
    look(page)
    refused.locator("[data-hand]").click()
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced")
    handed = page.locator("#phone-items .card", has_text=HANDED[language])
    expect(handed).to_have_count(1)
    expect(handed.locator(".status-done")).to_have_count(0)  # the server has not taken it
    expect(page.locator("#phone-line")).to_contain_text({"zh": "团队长", "en": "lead"}[language])
    look(page)


def test_a_mistyped_day_after_a_death_is_read_and_mended_on_the_phone(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, _context, language = phone
    person, died = a_visit_of_somebody_dead(phone, people, 60)
    opened(page, f"/residents/{person}")
    expect(page.locator("#person h1")).to_contain_text({"zh": "已去世", "en": "Died"}[language])
    look(page)
    opened(page, "/phone")
    page.locator("#phone-items .card a[href*='visits/new?item=']").click()
    page.wait_for_url("**/visits/new?item=*")
    expect(page.locator("#visit-form")).to_be_visible()
    assert (page.input_value("#sbp"), page.input_value("#dbp")) == ("132", "84")
    look(page)
    page.fill("#visit_date", (died - timedelta(days=2)).isoformat())
    page.evaluate("() => document.getElementById('late_reason').closest('details').open = true")
    page.fill("#late_reason", "日期填错了")
    page.locator("#visit-save").tap()
    page.locator("#visit-kept").wait_for()
    expect(page.locator("#sync")).to_have_attribute("data-state", "synced", timeout=20_000)
    opened(page, "/phone")
    expect(page.locator("#phone-items .status-done")).to_have_count(1)


def a_visit_of_somebody_dead(
    phone: tuple[Page, BrowserContext, str], people: People, number: int
) -> tuple[str, date]:
    """Recorded here without a network after a death that the lead had entered meanwhile, and refused."""
    page, context, language = phone
    number += ["zh", "en"].index(language)
    person = a_patient(people.county, people.token, VILLAGE, number, "王去世")
    opened(page, "/residents")
    expect(page.locator(f"#found a[href$='{person}']").last).to_be_visible(timeout=20_000)
    context.set_offline(True)
    opened(page, f"/residents/{person}/visits/new")
    answer(Taps(page), "13284")
    page.locator("#visit-save").tap()
    page.locator("#visit-kept").wait_for()
    died = clock.today() - timedelta(days=3)
    body = {"status": "dead", "on": died.isoformat(), "reason": "家属告知"}
    people.post(f"/residents/{person}/status", body, people.lead)
    context.set_offline(False)
    expect(page.locator("#sync")).to_have_attribute("data-state", "attention", timeout=20_000)
    return person, died


def test_each_outcome_of_a_call_stands_in_its_own_word(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    """As the form itself calls it, on the person's page and in the day's list."""
    page, context, language = phone
    person = a_patient(people.county, people.token, VILLAGE, 70 + ["zh", "en"].index(language), "周联系")
    opened(page, "/residents")
    expect(page.locator(f"#found a[href$='{person}']").last).to_be_visible(timeout=20_000)
    context.set_offline(True)
    for outcome in AttemptOutcome:
        opened(page, f"/residents/{person}/attempts/new")
        box = page.locator(f"[name=outcome][value={outcome}]")
        word = box.locator("xpath=..").inner_text().strip().lower()
        assert word
        box.check()
        page.locator("#attempt-form [type=submit]").click()
        page.wait_for_url(lambda url: "attempts" not in url)
        opened(page, f"/residents/{person}")
        newest = page.locator("#person section:nth-of-type(2) p").last
        expect(newest).to_contain_text(re.compile(rf"· {re.escape(word)} ·", re.IGNORECASE))
        opened(page, "/worklist")
        marks = page.locator("#today .person", has=page.locator(f"a[href*='{person}']")).last
        expect(marks).to_contain_text(re.compile(rf"· {re.escape(word)} ·", re.IGNORECASE))


def test_a_search_of_everybody_without_a_line_keeps_what_was_typed(
    phone: tuple[Page, BrowserContext, str], people: People
) -> None:
    page, context, _language = phone
    opened(page, "/residents")
    page.fill("#q", "周冬梅")
    context.set_offline(True)
    button = page.locator("#everywhere [type=submit]")
    button.evaluate("(button) => { button.click(); button.click(); }")
    expect(page.locator("dialog[open] p")).to_have_count(2)
    look(page)
    page.locator("dialog[open] button").click()
    expect(page.locator("#q")).to_have_value("周冬梅")
    context.set_offline(False)
    button.click()
    expect(page.locator("body[data-shell]")).to_have_count(0)
    expect(page.locator(".person-name")).to_have_text(["周冬梅"])


def test_a_search_of_everybody_after_the_session_has_ended_asks_to_sign_in(
    phone: tuple[Page, BrowserContext, str],
) -> None:
    page, context, _language = phone
    opened(page, "/residents")
    page.fill("#q", "周冬梅")
    context.clear_cookies(name="session")
    page.locator("#everywhere [type=submit]").click()
    page.wait_for_url(lambda url: "/login" in url)
