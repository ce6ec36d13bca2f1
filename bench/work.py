"""A work, the floors it stands on, and how they are measured: in turns, so that other load hits all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Any
"""What was found or stored, in a form that can be compared."""
WARM_UP = 3
SETTLED = 30.0
"""Seconds after which the runs count, however few went before: what takes so long is not cold any more."""


@dataclass(frozen=True, slots=True)
class Side:
    """`prepare` makes one run ready, outside the clock; `rows` reads what the run found or stored."""

    what: str
    prepare: Callable[[], Callable[[], Any]]
    rows: Callable[[Any], Rows]
    counted: bool = False
    """A floor of as many rows, but not the same ones: what an easier question would cost."""
    elsewhere: Callable[[Any], float] = lambda _: 0.0
    """Seconds that other processes computed for a run, told from its result."""


@dataclass(frozen=True, slots=True)
class Work:
    name: str
    what: str
    ours: Side
    floors: Sequence[Side]
    repeat: int = 100
    pieces: int = 1
    """How many persons or visits a run brings: more than one are told as so many a second."""
    more: Callable[[], str] = lambda: ""
    """What else was found, in a sentence."""
    after: Callable[[], None] = lambda: None
    """Leaves a kept county as it was."""


def place(percent: int, count: int) -> int:
    """Where a percentile stands among so many that are sorted."""
    return -(-percent * count // 100) - 1


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each run, and how many of them were computing."""

    seconds: Sequence[float]
    computing: Sequence[float]

    @property
    def cpu(self) -> float:
        """What other load does not lengthen; it holds SQLite's work, but not that of a PostgreSQL server."""
        return statistics.median(self.computing)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The smallest time that 95 of 100 runs did not exceed."""
        return sorted(self.seconds)[place(95, len(self.seconds))]


@dataclass(frozen=True, slots=True)
class Measured:
    work: Work
    rows: Rows
    """Of the last run, the same on every side."""
    ours: Times
    floors: Sequence[Times]


class Different(AssertionError):
    """A floor found or stored something else, so that its time says nothing."""


def measure(work: Work, repeat: int | None = None, step: Callable[[], None] = lambda: None) -> Measured:
    """Run every side in turns. Different when the rows are not the same each time."""
    try:
        ours, *floors, rows = _in_turns(work, repeat or work.repeat, step)
    finally:
        work.after()
    return Measured(work, rows, ours, floors)


def warm_up(count: int) -> int:
    """How many runs go before those that count; a single one is a trial, and stands alone."""
    return min(WARM_UP, count - 1)


def _in_turns(work: Work, count: int, step: Callable[[], None]) -> list[Any]:
    """The times of every side, ours first, and the rows of the last run."""
    sides = [work.ours, *work.floors]
    spent: list[list[tuple[float, float]]] = [[] for _ in sides]
    rows: Rows = None
    began = time.monotonic()
    for _ in range(warm_up(count)):
        if time.monotonic() - began <= SETTLED:
            _turn(work, sides)
        step()
    for _ in range(count):
        seconds, rows = _turn(work, sides)
        for taken, one in zip(spent, seconds, strict=True):
            taken.append(one)
        step()
    return [*(Times(*zip(*taken, strict=True)) for taken in spent), rows]


def _turn(work: Work, sides: Sequence[Side]) -> tuple[list[tuple[float, float]], Rows]:
    """One run of every side: what each took, and the rows of ours."""
    spent: list[tuple[float, float]] = []
    rows: Rows = None
    for side in sides:
        seconds, found = _run(side)
        if side is work.ours:
            rows = found
        else:
            _compare(work, side, rows, found)
        spent.append(seconds)
    return spent, rows


def _compare(work: Work, side: Side, ours: Rows, floor: Rows) -> None:
    same = len(ours) == len(floor) if side.counted else ours == floor
    if not same:
        raise Different(f"{work.name}: {side.what}\nours:  {_short(ours)}\nfloor: {_short(floor)}")


def _run(side: Side) -> tuple[tuple[float, float], Rows]:
    run = side.prepare()
    began, computed = time.perf_counter(), time.thread_time()
    result = run()
    seconds, computing = time.perf_counter() - began, time.thread_time() - computed
    return (seconds, computing + side.elsewhere(result)), side.rows(result)


def _short(rows: Rows) -> str:
    return f"{len(rows)} rows: {rows}"[:600] if isinstance(rows, list) else str(rows)[:600]
