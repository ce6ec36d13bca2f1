"""A doctor's phone in tests: a browser, and the phone's own modules at hand in a page of the server."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.modules import MODULE
from tests.browser.pages import sign_in
from tests.county import County
from tests.factories import an_id_number
from tracker import clock

PIN = "260811"


NO_DIALLER = (
    "addEventListener('click', (e) => e.target.closest('a[href^=\"tel:\"]') && e.preventDefault(), true)"
)
"""A browser without a telephone waits for a program that takes the number, and hears no more taps."""


@contextlib.contextmanager
def a_village(folder: Path) -> Iterator[County]:
    """A county that answers, with one village and its doctor."""
    county = County(folder).village()
    with county.serving():
        yield county


@contextlib.contextmanager
def own_browser(driver: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """A browser whose profile stays on the disk; it may be killed inside."""
    context = driver.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=FLAGS, viewport={"width": 360, "height": 780}
    )
    try:
        yield context
    finally:
        with contextlib.suppress(Error):
            context.close()


def kill(profile: Path) -> None:
    """End the browser of this profile at once, as an empty battery does."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (process / "cmdline").read_bytes().decode().replace("\0", " ")
            if f"--user-data-dir={profile}" in line:
                os.kill(int(process.name), signal.SIGKILL)


def call(page: Page, script: str, **given: Any) -> Any:
    """Run `script`, the body of an async function, with the modules by name and `given`."""
    names = ", ".join(["device, keys, outbox, people, server, store, sync, upload", *given])
    return page.evaluate(
        f"async (given) => {{ const parts = await import('{MODULE}');"
        f" const {{ {names} }} = {{ ...parts, ...given }}; {script} }}",
        given,
    )


def signed_in(context: BrowserContext, county: County, username: str) -> None:
    """In a page of its own that is closed again, so that nothing of it goes on."""
    page = context.new_page()
    sign_in(page, county, username)
    page.close()


def parts_page(context: BrowserContext, county: County, module: Path) -> Page:
    """A page of the server without scripts of its own, on which the modules can be called."""
    page = context.new_page()
    page.route(f"**{MODULE}", lambda route: route.fulfill(path=module, content_type="text/javascript"))
    page.goto(county.url + "/healthz")
    return page


def set_up(page: Page) -> dict[str, Any]:
    """Register this browser for who is signed in; open afterwards."""
    script = (
        "const { staff } = await server.session(); await device.setUp('手机', pin, staff);"
        "return { id: (await device.device()).id, staff };"
    )
    found: dict[str, Any] = call(page, script, pin=PIN)
    return found


def set_up_by_hand(page: Page, county: County) -> None:
    """The same by the pages that offer it; the list of the day is open afterwards."""
    page.goto(county.url + "/worklist")
    page.locator("#phone-offer a").click()
    choose_a_pin(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    opened(page, "/worklist")
    expect(page.locator("#today .person").first).to_be_visible()


def choose_a_pin(page: Page) -> None:
    """On the page of this phone."""
    for name in ("pin", "again"):
        page.fill(f"#phone-{name}", PIN)
    page.locator("#phone-form [type=submit]").click()
    page.wait_for_url("**/worklist")


def opened(page: Page, path: str) -> None:
    """Go to one of the phone's own pages, and wait for what it shows."""
    base = "/".join(page.url.split("/")[:3])
    page.goto(base + path)
    assert page.locator("body[data-shell]").count() == 1, path
    unlock(page)


def unlock(page: Page) -> None:
    """The PIN, where the key was not handed over; what is behind it shows afterwards."""
    shown, locked = page.locator("main[aria-busy=false]"), page.locator("#lock[open]")
    shown.or_(locked).first.wait_for(state="attached")
    if locked.count():
        page.fill("#lock input", PIN)
        page.press("#lock input", "Enter")
        shown.wait_for(state="attached")


def a_body(resident: str, on: date | None = None, **changed: Any) -> dict[str, Any]:
    """A routine visit of a person with hypertension, as the form makes it."""
    day = on or clock.today()
    return {
        "id": str(uuid4()), "resident_id": resident, "visit_date": day.isoformat(), "mode": "home",
        "recorded_at": clock.now().isoformat(), "emergency_signs": [], "sbp": 132, "dbp": 84,
        "hypertension": {"symptoms": [1], "drugs": []}, **changed,
    }  # fmt: skip


def kept(page: Page, body: dict[str, Any], kind: str = "visit") -> None:
    call(
        page,
        "await outbox.keep({ id: body.id, kind, resident_id: body.resident_id ?? null, body });",
        body=body, kind=kind,
    )  # fmt: skip


def at_once(page: Page) -> None:
    """What was put off waits no longer."""
    call(page, "for (const { id } of await outbox.items()) await outbox.note(new Map([[id, { next: 0 }]]));")


def sent(page: Page) -> dict[str, Any]:
    """Send and fetch once, after whatever page does it just now; how things stand afterwards."""
    script = (
        "await sync.synchronise({ wait: true });"
        "return { ...(await outbox.standing()), last: sync.state.last };"
    )
    found: dict[str, Any] = call(page, script)
    return found


def a_visit(county: County, token: str, resident: str, on: date) -> None:
    body = {
        "id": str(uuid4()), "resident_id": resident, "visit_date": on.isoformat(), "mode": "home",
        "recorded_at": clock.now().isoformat(), "emergency_signs": [], "sbp": 132, "dbp": 84,
        "late_reason": "停电", "hypertension": {"symptoms": [1], "drugs": []},
    }  # fmt: skip
    status, answer = county.call("POST", "/api/v1/visits", token, {"visits": [body]})
    assert (status, answer["results"][0]["status"]) == (200, "accepted"), answer


def a_patient(county: County, token: str, village: str, number: int, name: str = "王秀英") -> str:
    """A resident with hypertension, enrolled a hundred days ago; the id."""
    body = {
        "name": name, "id_number": an_id_number(date(1956, 5, 4), number, male=False), "sex": "female",
        "birth_date": "1956-05-04", "phones": [f"1390000{number:04d}"], "region_code": village, "groups": [],
        "registered": True,
    }  # fmt: skip
    status, person = county.call("POST", "/api/v1/residents", token, body)
    assert status == 201, person
    since = (clock.today() - timedelta(days=100)).isoformat()
    condition = {"disease": "hypertension", "diagnosed_on": since, "enrolled_on": since}
    status, answer = county.call("POST", f"/api/v1/residents/{person['id']}/conditions", token, condition)
    assert status == 201, answer
    return str(person["id"])
