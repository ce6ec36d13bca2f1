"""What else runs in a county while doctors work: the nightly scan by hand, and a roster read and applied."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.county import County
from bench.server import ROOT, TRACKER, environment

JOBS: dict[str, Callable[[County], list[str]]] = {
    "scan": lambda _: ["jobs", "run", "overdue-scan"],
    "targets": lambda _: ["jobs", "run", "target-check"],
}
QUIET = 0.25
"""The part of the time at the beginning in which the doctors are alone, to compare with."""


@dataclass(frozen=True, slots=True)
class Ran:
    name: str
    began: float
    ended: float


async def run(county: County, names: Sequence[str], seconds: float) -> list[Ran]:
    """One after the other, again and again until the time is over."""
    ran: list[Ran] = []
    await asyncio.sleep(seconds * QUIET)
    until = time.perf_counter() + seconds * (1 - QUIET)
    while names and time.perf_counter() < until:
        for name in names:
            ran += [await _once(county, name)]
    return ran


async def _once(county: County, name: str) -> Ran:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        TRACKER, *JOBS[name](county), cwd=ROOT, env=environment(county.app, 1),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, told = await process.communicate()
    assert process.returncode == 0, f"{name}: {told.decode()[-2000:]}"
    return Ran(name, began, time.perf_counter())
