"""Browser, worker, line and server are killed at random: every visit that the phone keeps arrives, and once.

`TRACKER_TEST_KILLS` and `TRACKER_TEST_VISITS` make it longer than a test run needs (25 and 500, say).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.modules import bundled
from tests.browser.phone import (
    a_body,
    a_patient,
    at_once,
    call,
    kept,
    kill,
    own_browser,
    parts_page,
    sent,
    set_up,
    signed_in,
)
from tests.county import ROOT, TRACKER, VILLAGE, County

KILLS = int(os.environ.get("TRACKER_TEST_KILLS", "6"))
VISITS = int(os.environ.get("TRACKER_TEST_VISITS", "60"))
KINDS = ("browser", "worker", "server", "line")


class Server:
    """The county's server, which can be killed with its workers and started again on the same port."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.county.folder / "serve.log").open("a") as log:
            command = [str(TRACKER), "serve", "--port", str(self.county.port), "--workers", "2"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.county.env, stdout=log, stderr=log, start_new_session=True
            )
        self.county._wait(self.process)

    def kill(self) -> None:
        """Master and workers, at once, whatever they are doing."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    county = County(tmp_path / "county")
    county.village()
    server = Server(county)
    server.start()
    yield server
    server.kill()


class Day:
    """A doctor's day with a phone that dies, a line that is cut and a server that is killed."""

    def __init__(self, driver: Playwright, server: Server, folder: Path) -> None:
        self.driver, self.server, self.county = driver, server, server.county
        self.profile, self.module = folder / "profile", bundled(folder)
        self.chance = random.Random(20261123)
        self.promised: set[str] = set()
        self.killed: Counter[str] = Counter()
        self.checked = 0

    def begin(self) -> None:
        with own_browser(self.driver, self.profile) as context:
            signed_in(context, self.county, "doctor")
            set_up(parts_page(context, self.county, self.module))
            page = context.new_page()
            page.goto(self.county.url + "/phone")  # which brings the worker
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def record(self, bodies: list[dict[str, Any]], how: str) -> None:
        """Keep the visits, sending now and then; something breaks after the last while more is on its way."""
        with own_browser(self.driver, self.profile) as context:
            page = parts_page(context, self.county, self.module)
            self.look(page)
            for body in bodies:
                context.set_offline(self.chance.random() < 0.4)
                kept(page, body)
                self.promised.add(body["id"])
                chance = self.chance.random()
                if chance < 0.3:
                    call(page, "window.sending = sync.synchronise();")
                elif chance < 0.5:  # the worker, on its own
                    call(
                        page,
                        "(await navigator.serviceWorker.ready).sync?.register('upload').catch(() => {});",
                    )
            context.set_offline(False)
            call(page, "window.sending = sync.synchronise();")
            time.sleep(self.chance.random() * 0.4)
            self.killed[how] += 1
            if how == "browser":
                kill(self.profile)
            elif how == "worker":
                kill_worker(context)
                self.look(page)
            elif how == "server":
                self.server.kill()
                self.server.start()
                self.look(page)
            else:
                context.set_offline(True)
                self.look(page)

    def look(self, page: Page) -> None:
        """What the phone calls uploaded lies on the server, each once; the phone is asked first."""
        said, there = uploaded(page), on_server(self.county)
        assert {there.get(one) for one in said} <= {1}
        self.checked += 1

    def end(self) -> dict[str, Any]:
        """With a line at last: how things stand on the phone when nothing is left, or after many runs."""
        found: dict[str, Any] = {}
        with own_browser(self.driver, self.profile) as context:
            page = parts_page(context, self.county, self.module)
            for _ in range(30):
                at_once(page)
                found = sent(page)
                if found["uploaded"] == len(self.promised):
                    break
                time.sleep(0.2)
        return found


def kill_worker(context: BrowserContext) -> None:
    """End the process of the worker, if the browser runs one now; it starts again when it is needed."""
    browser = context.new_cdp_session(context.pages[0])
    browser.send("ServiceWorker.enable")
    browser.send("ServiceWorker.stopAllWorkers")
    browser.detach()


def uploaded(page: Page) -> set[str]:
    """What the phone says the server has."""
    found = call(page, "return (await outbox.items()).filter(({ state }) => state === 'uploaded');")
    return {item["id"] for item in found}


def on_server(county: County) -> dict[str, int]:
    with sqlite3.connect(county.folder / "tracker.db") as database:
        rows = database.execute("SELECT id, count(*) FROM visit GROUP BY id").fetchall()
    return {str(UUID(key)): count for key, count in rows}


def test_every_visit_arrives_once_whatever_is_killed(
    driver: Playwright, server: Server, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    token = server.county.token("doctor")
    people = [a_patient(server.county, token, VILLAGE, number) for number in range(5)]
    day = Day(driver, server, tmp_path)
    day.begin()
    bodies = [a_body(day.chance.choice(people), sbp=day.chance.randint(100, 170)) for _ in range(VISITS)]
    for number in range(KILLS):
        day.record(bodies[number::KILLS], KINDS[number % len(KINDS)])
    found = day.end()
    assert (found["uploaded"], found["here"], found["attention"]) == (VISITS, 0, 0)
    assert on_server(server.county) == dict.fromkeys(day.promised, 1)
    assert len(day.promised) == VISITS
    for name, value in (("visits", VISITS), ("kills", dict(day.killed)), ("looks", day.checked)):
        record_property(name, value)
    kills = ", ".join(f"{kind} {count}" for kind, count in sorted(day.killed.items()))
    print(  # noqa: T201
        f"\n{VISITS} visits, {sum(day.killed.values())} kills ({kills}): each on the server once;"
        f" looked {day.checked} times, nothing was called uploaded that was not there"
    )
