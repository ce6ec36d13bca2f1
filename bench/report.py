"""One county of each kind of database, measured work by work: Markdown to read, and the figures as data."""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.progress import Progress, TaskID

from bench import machine
from bench.county import RECOMMENDED, County
from bench.making import bars, in_steps
from bench.result import Report, result
from bench.table import sentences, table
from bench.work import Measured, measure, warm_up
from bench.works import WORKS

Keep = Callable[[str, Report], None]


def report(
    kind: str,
    size: int,
    names: Sequence[str],
    repeat: int | None = None,
    keep: Path | None = None,
    so_far: Keep = lambda *_: None,
    settings: str = RECOMMENDED,
) -> tuple[str, Report]:
    """A heading that says what was measured where, and the table; and the same as data.

    `so_far` is handed both after each work. A work that fails is noted, and the others are measured.
    """
    before, command = machine.load(), _command(kind, size, names, repeat, settings)
    found: list[Measured] = []
    failed: list[str] = []
    with bars() as shown, _no_log(), in_steps(shown, kind, size, keep, settings) as made:
        database, held = machine.database(made.plain), _held(made)

        def told() -> tuple[str, Report]:
            load, results = f"Load average before {before}, after {machine.load()}.", list(map(result, found))
            about = machine.describe()
            data = Report(
                kind, database, size, held, about, load, command, results, tuple(failed), machine.version()
            )
            return _text(data, found), data

        for name in names:
            try:
                found.append(_measured(shown, made, name, repeat))
            except Exception as error:
                shown.console.print(traceback.format_exc(), markup=False, highlight=False)
                failed.append(f"{name} failed: {type(error).__name__}: {' '.join(str(error).split())[:600]}")
                made.plain.rollback()
            so_far(*told())
        return told()


def _command(kind: str, size: int, names: Sequence[str], repeat: int | None, settings: str) -> str:
    """How to measure the same again; where the county lies does not matter."""
    chosen = [part for name in names if len(names) < len(WORKS) for part in ("--work", name)]
    runs = [] if repeat is None else ["--repeat", str(repeat)]
    given = ["--settings", settings] if kind == "postgresql" and settings != RECOMMENDED else []
    return " ".join(["python -m bench", "--size", str(size), "--database", kind, *chosen, *runs, *given])


def _text(data: Report, found: Sequence[Measured]) -> str:
    head = f"### {data.settings}\n\n{data.county}.\n{data.machine}.\n{data.load}"
    said = [*(said for each in found for said in sentences(each)), *data.failed]
    told = "\n".join(f"- {one}" for one in said)
    return f"{head}\n\n{table(found)}\n" + (f"\n{told}\n" if told else "")


def _measured(bar: Progress, made: County, name: str, repeat: int | None) -> Measured:
    work = WORKS[name](made)
    count = repeat or work.repeat
    line: TaskID = bar.add_task(name, total=count + warm_up(count))
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
