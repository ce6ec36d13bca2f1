"""What else runs in a county while doctors work: the nightly scan by hand, and a roster read and applied."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.county import County
from bench.server import ROOT, TRACKER, environment

JOBS = {"scan": ["jobs", "run", "overdue-scan"], "targets": ["jobs", "run", "target-check"]}
SOME_REFUSED = 3
"""How an import ends that left out some rows."""
QUIET = 0.25
"""The part of the time at the beginning in which the doctors are alone, to compare with."""


@dataclass(frozen=True, slots=True)
class Ran:
    name: str
    began: float
    ended: float


def commands(county: County, names: Sequence[str], roster: Path | None = None) -> dict[str, list[str]]:
    """What to call, by name; a roster is applied, so that its people stay in the county."""
    found = {name: JOBS[name] for name in names}
    if roster is not None:
        code = county.plain.all("SELECT code FROM region WHERE level = 'county'")[0][0]
        found["import"] = ["residents", "import", str(roster.resolve()), "--county", code, "--apply"]
    return found


async def run(county: County, asked: Mapping[str, Sequence[str]], seconds: float) -> list[Ran]:
    """One after the other, again and again until the time is over."""
    ran: list[Ran] = []
    await asyncio.sleep(seconds * QUIET)
    until = time.perf_counter() + seconds * (1 - QUIET)
    while asked and time.perf_counter() < until:
        for name, command in asked.items():
            ran += [await _once(county, name, command)]
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
