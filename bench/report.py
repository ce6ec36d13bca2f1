"""One county of each kind of database, measured work by work: Markdown to read, and the figures as data."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bench import machine
from bench.county import County, county
from bench.result import Report, result
from bench.table import sentences, table
from bench.work import WARM_UP, Measured, measure
from bench.works import WORKS
from tracker import clock

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


def report(
    kind: str, size: int, names: Sequence[str], repeat: int | None = None, keep: Path | None = None
) -> tuple[str, Report]:
    """A heading that says what was measured where, and the table; and the same as data."""
    before = machine.load()
    with (
        Progress(*COLUMNS, console=Console(file=sys.stderr), transient=True, auto_refresh=False) as bar,
        _no_log(),
    ):
        line = bar.add_task(f"{kind}: county", total=size)
        shown = partial(bar.update, line, refresh=True)
        with county(kind, size, clock.today(), lambda done: shown(completed=done), keep) as made:
            settings, held = machine.database(made.plain), _held(made)
            found = [_measured(bar, made, name, repeat) for name in names]
    load = f"Load average before {before}, after {machine.load()}."
    data = Report(
        database=kind,
        settings=settings,
        size=size,
        county=held,
        machine=machine.describe(),
        load=load,
        command=_command(kind, size, names, repeat),
        results=[result(each) for each in found],
    )
    return _text(data, found), data


def _command(kind: str, size: int, names: Sequence[str], repeat: int | None) -> str:
    """How to measure the same again; where the county lies does not matter."""
    chosen = [part for name in names if len(names) < len(WORKS) for part in ("--work", name)]
    runs = [] if repeat is None else ["--repeat", str(repeat)]
    return " ".join(["python -m bench", "--size", str(size), "--database", kind, *chosen, *runs])


def _text(data: Report, found: Sequence[Measured]) -> str:
    head = f"### {data.settings}\n\n{data.county}.\n{data.machine}.\n{data.load}"
    told = "\n".join(f"- {said}" for each in found for said in sentences(each))
    return f"{head}\n\n{table(found)}\n" + (f"\n{told}\n" if told else "")


def _measured(bar: Progress, made: County, name: str, repeat: int | None) -> Measured:
    work = WORKS[name](made)
    count = repeat or work.repeat
    line: TaskID = bar.add_task(name, total=count + min(WARM_UP, count))
    return measure(work, count, lambda: bar.update(line, advance=1, refresh=True))


def _held(made: County) -> str:
    """What is in the county."""
    counted = {f"{table}s": f"SELECT count(*) FROM {table}" for table in ("visit", "contract", "team")}
    counted["tasks overdue"] = "SELECT count(*) FROM task WHERE ended_on IS NULL AND due_on < :day"
    found = {what: made.plain.all(query, day=made.day.isoformat())[0][0] for what, query in counted.items()}
    people = {"residents": made.loaded.residents, "patients": made.loaded.patients}
    rows = ", ".join(f"{number:,} {what}" for what, number in {**people, **found}.items())
    return f"{made.day}: {rows}"


@contextlib.contextmanager
def _no_log() -> Iterator[None]:
    """The product's log lines are made and written as always, to nowhere."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        yield
