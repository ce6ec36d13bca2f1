"""A county's roster: read and compared with what is on file; imported; the memory of the process for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.brought import Brought, Put
from bench.county import County
from bench.process import peak
from bench.roster_file import Place, write
from bench.server import ROOT, environment
from bench.work import Side, Work
from tracker import clock
from tracker.jobs.roster import Run
from tracker.models import Level, Region, Roster, RosterState, Staff
from tracker.services.audit import SYSTEM
from tracker.services.roster.draft import Setting
from tracker.services.roster.file import Folder
from tracker.services.roster.place import county as place_of
from tracker.services.roster.worker import FOLDER

MOST = 100_000
WATCHED = 0.02
"""Seconds between two looks at another process."""


def check(county: County) -> Work:
    """Every cell judged, everybody looked for on file; nothing is written."""
    file, rows = roster(county)
    Brought(county.plain).remove()
    return Work(
        "roster-check",
        "a roster read, judged and compared",
        Side("dry run", lambda: lambda: run(county, file, write=False), lambda counts: [counts["rows"]]),
        (Side("every cell read with calamine", lambda: lambda: cells(file), lambda found: [found - 1]),),
        repeat=3,
        pieces=rows,
    )


def apply(county: County) -> Work:
    file, rows = roster(county)
    brought = Brought(county.plain)

    def ours() -> Callable[[], Any]:
        brought.remove()
        return lambda: run(county, file, write=True)

    def floor(put: Put) -> Callable[[], Callable[[], Any]]:
        def prepare() -> Callable[[], Any]:
            again = brought.again(put)

            def both() -> None:
                cells(file)
                again()

            return both

        return prepare

    ways = {"one executemany a table": county.plain.many}
    if county.plain.postgres:
        ways["one COPY a table"] = county.plain.copy
    return Work(
        "roster-apply",
        "a roster imported",
        Side("import", ours, lambda _: brought.count()),
        [
            Side(
                f"every cell read with calamine, the rows it brought by {way}, one commit",
                floor(put),
                lambda _: brought.count(),
            )
            for way, put in ways.items()
        ],
        repeat=3,
        pieces=rows,
        after=brought.remove,
    )


def child(county: County) -> Work:
    """The process that an upload starts: reading it, then applying it; how much memory it took at most."""
    file, rows = roster(county)
    brought, peaks = Brought(county.plain), dict[str, float]()

    def ours() -> Callable[[], Any]:
        brought.remove()
        key = uploaded(county, file)
        return lambda: _both(county, key, peaks)

    def floor() -> Callable[[], Any]:
        return lambda: cells(file)

    def told() -> str:
        allowed = 60 + 1.5 * rows / 1000
        found = ", ".join(f"{what} {used:.0f} MB" for what, used in peaks.items())
        return f"roster-child, {rows:,} rows: most memory {found}; 60 MB + 1.5 KB a row are {allowed:.0f} MB"

    return Work(
        "roster-child",
        "an uploaded roster read and applied by a process of its own",
        Side("the process of an upload, twice", ours, lambda _: [0]),
        (Side("every cell read with calamine", floor, lambda _: [0]),),
        repeat=1,
        more=told,
        after=brought.remove,
    )


def roster(county: County) -> tuple[Path, int]:
    """As many rows as the county has people, a hundred thousand at most; written once for a kept county."""
    rows = min(county.loaded.residents, MOST)
    file = Path(county.app.config["SETTINGS"].instance) / f"roster-{rows}.xlsx"
    if not file.exists():
        write(file, rows, places(county), county.day)
    return file, rows


def places(county: County) -> list[Place]:
    """Where people of a roster live."""
    with Session(county.engine) as session:
        names = dict(session.execute(select(Region.code, Region.name)).all())
        villages = session.scalars(select(Region).where(Region.level == Level.VILLAGE)).all()
        return [(names[village.code[:9]], village.name) for village in villages]


def run(county: County, file: Path, *, write: bool) -> dict[str, int]:
    with Session(county.engine) as session:
        code = session.scalars(select(Region.code).where(Region.level == Level.COUNTY)).one()
        setting = Setting(place_of(session, code), county.day, clock.now())
    work = Run(lambda: Session(county.engine), file, setting, SYSTEM if write else None)
    for _ in work.findings():
        pass
    return work.counts.summary()


def cells(file: Path) -> int:
    with CalamineWorkbook.from_path(file) as workbook:
        return sum(1 for _ in workbook.get_sheet_by_index(0).iter_rows())


def uploaded(county: County, file: Path) -> UUID:
    """As the page leaves a file: sealed, waiting to be read."""
    key, at = uuid4(), clock.now()
    Folder(Path(county.app.config["SETTINGS"].instance) / FOLDER).keep(key, file.read_bytes())
    with county.writing() as session:
        code = session.scalars(select(Region.code).where(Region.level == Level.COUNTY)).one()
        staff = session.scalars(select(Staff).limit(1)).one()
        session.add(
            Roster(
                id=key, county_code=code, region_codes=[code], file_name=file.name, file_hash=bytes(32),
                state=RosterState.WAITING, uploaded_at=at, touched_at=at, staff_id=staff.id,
            )
        )  # fmt: skip
    return key


def _both(county: County, key: UUID, peaks: dict[str, float]) -> None:
    for what, state in (("reading", RosterState.READ), ("applying", RosterState.APPLIED)):
        peaks[what] = max(_worked(county, key), peaks.get(what, 0))
        with county.writing() as session:
            found = session.get_one(Roster, key)
            assert found.state is state, found.error
            if state is RosterState.READ:
                found.state = RosterState.APPROVED


def _worked(county: County, key: UUID) -> float:
    command = [sys.executable, "-m", "tracker.jobs.roster_child", str(key)]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(county.app, 1), stdout=nowhere, stderr=nowhere
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, peak(process.pid))
        time.sleep(WATCHED)
    return most


WORKS = {"roster-check": check, "roster-apply": apply, "roster-child": child}
