"""What else runs in a county while doctors work: the nightly scan by hand, and rosters read and applied."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from sqlalchemy import delete

from bench.brought import Brought
from bench.county import County
from bench.roster_file import write
from bench.server import ROOT, TRACKER, environment
from bench.work_roster import places
from tracker.models import Alert, AlertKind, Episode

JOBS = {"scan": ["jobs", "run", "overdue-scan"], "targets": ["jobs", "run", "target-check"]}
SOME_REFUSED = 3
"""How an import ends that left out some rows."""
QUIET = 0.25
"""The part of the time at the beginning in which the doctors are alone, to compare with."""
ROSTERS = 30
"""At most; when they are used up, the jobs go on alone."""
BEHIND = 500_000
"""Nobody in the county has a number from here on."""
Commands = Iterator[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Ran:
    name: str
    began: float
    ended: float


@contextlib.contextmanager
def ready(county: County, names: Sequence[str], rows: int = 0) -> Iterator[Commands]:
    """Commands with their names, as if nothing had been scanned today; each roster brings new people."""
    jobs = [(name, JOBS[name]) for name in names]
    brought = Brought(county.plain)
    if "scan" in names:
        with county.writing() as session:
            session.execute(delete(Episode))
            session.execute(delete(Alert).where(Alert.kind == AlertKind.OVERDUE))
    if rows:
        brought.remove()
    with tempfile.TemporaryDirectory() as folder:
        files = [
            write(Path(folder, f"{n}.xlsx"), rows, places(county), county.day, BEHIND + n * rows)
            for n in range(ROSTERS if rows else 0)
        ]
        yield _rounds(county, jobs, files)
    if rows:
        brought.remove()


def _rounds(county: County, jobs: Sequence[tuple[str, Sequence[str]]], files: Sequence[Path]) -> Commands:
    code = county.plain.all("SELECT code FROM region WHERE level = 'county'")[0][0]
    for file in files:
        yield from jobs
        yield "import", ["residents", "import", str(file), "--county", code, "--apply"]
    yield from cycle(jobs)


async def run(county: County, commands: Commands, seconds: float) -> list[Ran]:
    """One after the other until the time is over."""
    ran: list[Ran] = []
    await asyncio.sleep(seconds * QUIET)
    until = time.perf_counter() + seconds * (1 - QUIET)
    while time.perf_counter() < until and (asked := next(commands, None)):
        ran.append(await _once(county, *asked))
    return ran


async def _once(county: County, name: str, command: Sequence[str]) -> Ran:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        TRACKER, *command, cwd=ROOT, env=environment(county.app, 1),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, told = await process.communicate()
    assert process.returncode in (0, SOME_REFUSED), f"{name}: {told.decode()[-2000:]}"
    return Ran(name, began, time.perf_counter())
