"""A bar for each step in which a county is made: a million people take half an hour."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bench import county as counties
from bench.county import County
from tracker import clock

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@contextlib.contextmanager
def county(kind: str, size: int, keep: Path | None) -> Iterator[County]:
    """Today's, with bars until it is there."""
    with contextlib.ExitStack() as opened:
        with bars() as shown:
            made = opened.enter_context(in_steps(shown, kind, size, keep))
        yield made


def bars() -> Progress:
    """On standard error: what was measured goes to the other."""
    return Progress(*COLUMNS, console=Console(file=sys.stderr), transient=True, auto_refresh=False)


@contextlib.contextmanager
def in_steps(
    shown: Progress, kind: str, size: int, keep: Path | None, settings: str = counties.RECOMMENDED
) -> Iterator[County]:
    """Today's county, with a bar for each step; one that was there already is complete at once."""
    lines: dict[str, TaskID] = {}

    def step(what: str, done: int, total: int) -> None:
        if what not in lines:
            lines[what] = shown.add_task(f"{kind}: {what}", total=total)
        shown.update(lines[what], completed=done, refresh=True)

    with counties.county(kind, size, clock.today(), step, keep, settings) as made:
        step("county", size, size)
        yield made
