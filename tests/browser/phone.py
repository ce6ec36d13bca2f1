"""A doctor's phone in tests: a browser, and the phone's own modules at hand in a page of the server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.county import PASSWORD, ROOT, County
from tests.factories import an_id_number
from tracker import clock

FRONTEND = ROOT / "tracker" / "frontend"
PIN = "260811"
MODULE = "/static/parts.js"


TOWN, VILLAGE = "411025101", "411025101202"


@contextlib.contextmanager
def a_village(folder: Path) -> Iterator[County]:
    """A county that answers, with one village and its doctor."""
    county = County(folder).prepare()
    county.run("teams", "add", "--name", "颍桥一队", "--township", TOWN, "--villages", VILLAGE)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", "颍桥一队")
    with county.serving():
        yield county


def bundled(folder: Path) -> Path:
    """The phone's modules as one file, made as the pages' scripts are."""
    made = folder / "parts.js"
    esbuild = FRONTEND / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--format=esm", "--target=chrome80,safari15", f"--outfile={made}"]
    source = ROOT / "tests" / "browser" / "parts.js"
    env = {"NODE_PATH": str(FRONTEND / "node_modules"), "PATH": "/usr/bin:/bin"}
    subprocess.run([esbuild, str(source), *options], cwd=FRONTEND, check=True, capture_output=True, env=env)
    return made


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


def sign_in(page: Page, county: County, username: str) -> None:
    page.goto(county.url + "/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


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
    """Send and fetch once; how things stand afterwards."""
    script = "await sync.synchronise(); return { ...(await outbox.standing()), last: sync.state.last };"
    found: dict[str, Any] = call(page, script)
    return found


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
