"""`python -m bench.paint`: how long a slow phone on a slow line waits for a picture, and for its first list.

A real server on a small county, asked on 127.0.0.1 by Chromium, whose line and processor are slowed down.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import machine
from bench.county import COMMISSION, LEAD, County
from bench.making import county
from bench.server import HOST, serving
from bench.table import ruled
from tests.browser.conftest import CHROMIUM, FLAGS
from tracker.domain.roles import Role
from tracker.models import Condition, Resident, Staff, StaffRegion

PIN = "260811"
SHOWN = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
"""In milliseconds from the tap."""
LISTED = re.compile("名单刚刚更新|名单更新于")
"""What the day's page says once the whole list has come."""
PATIENCE = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """Kilobits a second, milliseconds to the server and back, and how many times slower the processor is."""

    kilobits: int
    delay: int
    slower: int

    def __str__(self) -> str:
        return f"{self.kilobits / 1000:g} Mb/s, {self.delay} ms, CPU/{self.slower}"


GOOD, BAD = Line(1600, 150, 4), Line(400, 400, 6)


@dataclass(frozen=True, slots=True)
class Screen:
    """A page, and by whom it is opened."""

    name: str
    username: str
    path: str
    phone: bool = False
    """Shown by the phone's own worker the second time."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is measured: a browser, and a server with people."""

    browser: Browser
    made: County
    url: str

    @contextmanager
    def context(self, username: str) -> Iterator[BrowserContext]:
        """A browser that has never been here, in which somebody is signed in."""
        headers, _ = self.made.browser(username)
        context = self.browser.new_context(
            viewport={"width": 360, "height": 780},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=True,
        )
        context.set_default_timeout(PATIENCE)
        name, value = headers["Cookie"].split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": self.url}])
        try:
            yield context
        finally:
            context.close()


def slow(page: Page, line: Line) -> CDPSession:
    session = page.context.new_cdp_session(page)
    speed = line.kilobits * 1000 / 8
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": line.delay, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
    return session


def painted(page: Page, address: str) -> float:
    """Seconds from the tap to the first picture with something on it."""
    page.goto(address, wait_until="load")
    page.wait_for_function(SHOWN)
    return float(page.evaluate(SHOWN)) / 1000


def cold(room: Room, screen: Screen, line: Line) -> float:
    with room.context(screen.username) as context:
        page = context.new_page()
        slow(page, line)
        return painted(page, room.url + screen.path)


def warm(room: Room, screen: Screen, line: Line, repeat: int) -> list[float]:
    """Opened again: from the phone's worker where it has a shell, else from the browser's store."""
    with room.context(screen.username) as context:
        page = context.new_page()
        if screen.phone:
            set_up(page, room.url)
            listed(page)
        page.goto(room.url + screen.path)
        page.close()
        found = []
        for _ in range(repeat):
            page = context.new_page()
            slow(page, line)
            found.append(painted(page, room.url + screen.path))
            assert (page.locator("body[data-shell]").count() == 1) is screen.phone, page.url
            page.close()
        return found


def set_up(page: Page, url: str) -> float:
    """The moment of the tap that sets the phone up."""
    page.goto(url + "/phone")
    for name in ("pin", "again"):
        page.fill(f"#phone-{name}", PIN)
    began = time.perf_counter()
    page.locator("#phone-form [type=submit]").click(no_wait_after=True)
    return began


def listed(page: Page) -> float:
    """The moment at which the whole list has come and the day stands on the screen."""
    page.wait_for_url("**/worklist")
    page.get_by_text(LISTED).wait_for()
    return time.perf_counter()


def first_list(room: Room, username: str, line: Line) -> tuple[float, float]:
    """Seconds from the first question for the list to the day's page, and from setting the phone up."""
    with room.context(username) as context:
        page, asked = context.new_page(), list[float]()

        def note(request: Request) -> None:
            if "/sync" in request.url:
                asked.append(time.perf_counter())

        page.on("request", note)
        slow(page, line)
        began = set_up(page, room.url)
        ended = listed(page)
        return ended - asked[0], ended - began


@dataclass(frozen=True, slots=True)
class Village:
    """The largest one: its doctor, somebody with hypertension or diabetes, and how many live there."""

    doctor: str
    patient: str
    people: int
    patients: int


def village(made: County) -> Village:
    many = func.count(Resident.id)
    with Session(made.engine) as session:
        largest = select(Resident.village_code, many).group_by(Resident.village_code).order_by(many.desc())
        code, people = session.execute(largest.limit(1)).one()
        doctor = select(Staff.username).join(StaffRegion).where(StaffRegion.region_code == code)
        patients = session.scalars(
            select(Condition.resident_id).where(Condition.village_code == code).distinct()
        ).all()
        username = session.scalars(doctor.where(Staff.role == Role.VILLAGE_DOCTOR)).one()
        return Village(username, str(min(patients)), people, len(patients))


def figures(room: Room, screens: Sequence[Screen], repeat: int) -> Iterator[tuple[str, ...]]:
    yield ("first contentful paint", f"cold: {GOOD}", f"cold: {BAD}", f"warm: {GOOD}")
    for screen in screens:
        yield (
            screen.name,
            shown([cold(room, screen, GOOD) for _ in range(repeat)]),
            shown([cold(room, screen, BAD) for _ in range(repeat)]),
            shown(warm(room, screen, GOOD, repeat)),
        )


def shown(seconds: Sequence[float]) -> str:
    """Median and longest."""
    return f"{statistics.median(seconds):.2f} s · {max(seconds):.2f} s"


@click.command(help=__doc__)
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(1, 50))
@click.option("--size", default=2_800, show_default=True, type=click.IntRange(500, 100_000))
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="As for `python -m bench`.")
def main(repeat: int, size: int, keep: Path | None) -> None:
    with county("sqlite", size, keep) as made, serving(made.app) as server:
        own = village(made)
        screens = (
            Screen("village doctor's home", own.doctor, "/worklist", phone=True),
            Screen("team lead's home", LEAD, "/overdue"),
            Screen("commission's home", COMMISSION, "/dashboard"),
            Screen("visit page", own.doctor, f"/residents/{own.patient}/visits/new", phone=True),
        )
        click.echo(f"{machine.describe()}. Load average {machine.load()}. Median and longest of {repeat}.\n")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            room = Room(browser, made, f"http://{HOST}:{server.port}")
            for screen in screens:  # the server has answered each once: nobody waits for its first time
                cold(room, screen, GOOD)
            click.echo(ruled(list(figures(room, screens, repeat))))
            lists = [first_list(room, own.doctor, GOOD) for _ in range(repeat)]
            browser.close()
        asked, tapped = (shown([each[n] for each in lists]) for n in (0, 1))
        click.echo(
            f"\nFirst list of {own.people:,} people, {own.patients} of them patients, {GOOD}: "
            f"{asked} from the first question, {tapped} from the tap that sets the phone up. "
            f"Load average {machine.load()}."
        )


if __name__ == "__main__":
    main()
