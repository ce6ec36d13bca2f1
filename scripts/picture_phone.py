"""The scenes on a village doctor's phone that is set up: most of them without a network."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from playwright.sync_api import Locator, Page

from scripts.picture_county import LEAD
from tests.browser.phone import PIN
from tests.county import County
from tracker import clock

DRAWN = (
    "#visit-form, #visit-draft, #visit-kept, #today > .people, #phone-standing, #found > .people, "
    "#found > section, #person > .card"
)
LONG = 60_000


def set_up(page: Page, url: str) -> None:
    """As the manual says; the list has come down, and then the line is gone."""
    fill_set_up(page, url)
    page.click("#phone-form [type=submit]")
    page.wait_for_url("**/worklist*")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.goto(url + "/worklist")
    unlock(page)
    page.locator("#today > .people").first.wait_for(timeout=LONG)
    page.wait_for_timeout(3_000)
    page.context.set_offline(True)


def fill_set_up(page: Page, url: str) -> None:
    page.goto(url + "/phone")
    page.fill("#phone-pin", PIN)
    page.fill("#phone-again", PIN)


def unlock(page: Page) -> None:
    """The PIN, where the page before did not hand over the key."""
    for _ in range(200):
        type_pin(page)
        if page.locator(DRAWN).locator("visible=true").count():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("body"))


def type_pin(page: Page) -> None:
    locked = page.locator("#lock[open]")
    if locked.count():
        page.fill("#pin", PIN)
        page.click("#lock [type=submit]")
        locked.wait_for(state="detached", timeout=LONG)


def show_lock(page: Page, url: str) -> None:
    show_today(page, url)
    page.goto(url + "/phone")
    unlock(page)
    page.click("#phone-lock")
    page.locator("#lock[open]").wait_for()


def show_today(page: Page, url: str) -> None:
    page.goto(url + "/worklist")
    unlock(page)


@cache
def patients(page: Page, url: str, wanted: int = 3) -> list[str]:
    """The addresses of some who have hypertension alone and come from no referral."""
    page.goto(url + "/worklist?whose=team")
    unlock(page)
    names = page.locator("#today > .people a.person-name[href$='/visits/new']").all()
    found: list[str] = []
    for link in [name.get_attribute("href") or "" for name in names]:
        page.goto(url + link)
        unlock(page)
        others = "[data-disease=diabetes], [data-part=tracking]:not([hidden])"
        if not page.locator("#visit-form").locator(others).count():
            found.append(url + link.removesuffix("/visits/new"))
        if len(found) == wanted:
            return found
    raise AssertionError(f"only {len(found)} of {len(names)}")


def to_top(place: Locator) -> None:
    """Scroll until it stands right below the bar."""
    place.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 60)")


def show_form(page: Page, url: str, nth: int = 0) -> None:
    """The form with how they met and the danger signs answered."""
    page.goto(patients(page, url)[nth] + "/visits/new")
    unlock(page)
    if page.locator("#draft-off").is_visible():
        page.click("#draft-off")
        page.locator("#visit-form").wait_for()
    page.locator("[name=emergency_signs][value=none]").check()
    page.locator("[name=mode][value=clinic]").check()
    to_top(page.locator("#visit-form fieldset").first)


def show_readings(page: Page, url: str, nth: int = 0) -> None:
    """138/86 typed as one number."""
    show_form(page, url, nth)
    page.locator("#sbp").focus()
    page.keyboard.type("13886")
    to_top(page.locator("fieldset.card", has=page.locator("#sbp")))


def fill_visit(page: Page, url: str, nth: int = 0) -> None:
    show_readings(page, url, nth)
    page.locator("[name='hypertension.symptoms'][value='1']").check()
    same = page.locator("button[value='carry:hypertension.drugs']")
    if same.is_visible():
        same.click()
    page.locator("[name='hypertension.adherence'][value='1']").check()
    page.locator("[name='hypertension.adverse_reaction'][value='1']").check()


def show_medicines(page: Page, url: str) -> None:
    fill_visit(page, url)
    to_top(page.locator("fieldset.card", has=page.locator("[name='hypertension.symptoms']")).first)


def show_judgement(page: Page, url: str) -> None:
    """What stands there while one types, before anything is saved."""
    fill_visit(page, url)
    page.locator("#judgement .judgement").first.wait_for()
    to_top(page.locator("#judgement"))


def save(page: Page) -> None:
    page.click("#visit-save")
    page.locator("#visit-kept").wait_for()
    page.evaluate("scrollTo(0, 0)")


def show_kept(page: Page, url: str) -> None:
    fill_visit(page, url)
    save(page)


def refuse_one(page: Page, county: County) -> None:
    """A visit to somebody who, as only the server knows, had died before."""
    fill_visit(page, county.url, nth=1)
    resident = page.url.split("/")[-3]
    save(page)
    death = {"status": "dead", "on": str(clock.today() - timedelta(days=2)), "reason": "女儿电话告知"}
    answer = county.call("POST", f"/api/v1/residents/{resident}/status", county.token(LEAD), death)
    assert answer[0] < 300, answer
    page.context.set_offline(False)
    page.goto(county.url + "/phone")
    unlock(page)
    page.click("#phone-now")
    page.locator("#phone-items li p.muted").first.wait_for(timeout=LONG)
    page.context.set_offline(True)
    fill_visit(page, county.url, nth=2)
    save(page)


def show_records(page: Page, url: str) -> None:
    page.goto(url + "/phone")
    unlock(page)
    page.locator("#phone-items > li").first.wait_for()
    to_top(page.locator("#phone-now"))


def show_card(page: Page, url: str) -> None:
    page.goto(url + "/c")
    page.locator("[name=code]").wait_for()
    page.wait_for_timeout(1500)  # the page looks the same before and after the PIN
    type_pin(page)


def show_found(page: Page, url: str) -> None:
    page.goto(url + "/residents")
    unlock(page)
    page.locator("#found .people").first.wait_for()


def show_somebody(page: Page, url: str) -> None:
    page.goto(patients(page, url)[0])
    unlock(page)
    page.locator("#person > .card").first.wait_for()


def show_attempt(page: Page, url: str) -> None:
    page.goto(patients(page, url)[0] + "/attempts/new")
    page.locator("#attempt-form").wait_for()
