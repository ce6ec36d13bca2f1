"""`python -m bench.load`: many doctors at once at a real server on this machine, for a while, and no more.

Each goes through the pages of a working day with pauses in between; 127.0.0.1 is the only address asked.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench import beside, machine
from bench.county import KINDS, County
from bench.day import Doctor, doctors, work
from bench.load_table import pages, processes
from bench.making import county
from bench.process import Memory, computed, memory
from bench.server import WORKERS, Server, serving
from bench.visitor import Asked, Wrong

MOST_DOCTORS, LONGEST = 1000, 3600
WARM_UP = 24
"""Requests for each worker."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One process of the server: before, in the middle and at the end; seconds it computed."""

    memory: Sequence[Memory]
    computed: float


@dataclass(frozen=True, slots=True)
class Loaded:
    seconds: float
    asked: Sequence[Asked]
    workers: Sequence[Worker]
    own: float
    """Seconds that this generator itself computed."""
    beside: Sequence[beside.Ran] = ()


def load(
    made: County,
    count: int,
    seconds: float,
    pause: float,
    workers: int,
    meanwhile: beside.Commands | None = None,
) -> Loaded:
    """The server is up and has answered each page a few times before the first figure is taken."""
    with serving(made.app, workers) as server:
        people = doctors(made, count)
        asyncio.run(_warm(made, server, people[:workers], WARM_UP * workers))
        return asyncio.run(_run(made, server, people, seconds, pause, meanwhile or iter(())))


async def _warm(made: County, server: Server, people: Sequence[Doctor], enough: int) -> None:
    asked: list[Asked] = []
    days = [asyncio.create_task(_day(made, server, each, asked, 0)) for each in people]
    while len(asked) < enough:
        await asyncio.sleep(0.1)
    await _end(days)


async def _end(days: Sequence[asyncio.Task[None]]) -> None:
    """No day ends by itself: one that has is a mistake of this generator."""
    for day in days:
        day.cancel()
    for ended in await asyncio.gather(*days, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _run(
    made: County,
    server: Server,
    people: Sequence[Doctor],
    seconds: float,
    pause: float,
    meanwhile: beside.Commands,
) -> Loaded:
    asked: list[Asked] = []
    before = {pid: (memory(pid), computed(pid)) for pid in server.workers}
    own, began = _own(), time.perf_counter()
    days = [asyncio.create_task(_day(made, server, each, asked, pause)) for each in people]
    jobs = asyncio.create_task(beside.run(made, meanwhile, seconds))
    await asyncio.sleep(seconds / 2)
    middle = {pid: memory(pid) for pid in server.workers}
    await asyncio.sleep(seconds / 2)
    await _end(days)
    spent, own = time.perf_counter() - began, _own() - own
    ran = await jobs
    found = [
        Worker([then, middle[pid], memory(pid)], computed(pid) - used)
        for pid, (then, used) in before.items()
        if pid in middle and pid in server.workers
    ]
    return Loaded(spent, asked, found, own, ran)


async def _day(made: County, server: Server, doctor: Doctor, asked: list[Asked], pause: float) -> None:
    """A doctor who is answered wrongly begins again; the answer is counted."""
    while True:
        try:
            await work(doctor, server.port, asked, made, pause)
        except Wrong:
            await asyncio.sleep(max(pause, 0.5))


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@click.command(help=__doc__)
@click.option("--size", default=10_000, show_default=True, type=click.IntRange(100, 5_000_000))
@click.option("--database", default="sqlite", show_default=True, type=click.Choice(KINDS))
@click.option("--doctors", "count", default=300, show_default=True, type=click.IntRange(1, MOST_DOCTORS))
@click.option("--seconds", default=300.0, show_default=True, type=click.FloatRange(1, LONGEST))
@click.option(
    "--pause",
    default=20.0,
    show_default=True,
    type=click.FloatRange(0, 600),
    help="Seconds between two pages of a doctor, on average; 0: as fast as answers come.",
)
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 16))
@click.option(
    "--beside", "names", multiple=True, type=click.Choice(list(beside.JOBS)), help="Run it meanwhile."
)
@click.option(
    "--import",
    "rows",
    default=0,
    type=click.IntRange(0, 50_000),
    help="Import rosters of so many new people meanwhile; they are taken out again.",
)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="As for `python -m bench`.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the tables here too.")
def main(
    size: int,
    database: str,
    count: int,
    seconds: float,
    pause: float,
    workers: int,
    names: tuple[str, ...],
    rows: int,
    keep: Path | None,
    out: Path | None,
) -> None:
    with county(database, size, keep) as made:
        head = f"### {machine.database(made.plain)}\n\n{size:,} residents. {machine.describe()}."
        before = machine.load()
        with beside.ready(made, names, rows) as meanwhile:
            found = load(made, count, seconds, pause, workers, meanwhile)
    busy = f"Load average before {before}, after {machine.load()}."
    rate = f"{count} doctors, {pause:g} s between two pages on average, {workers} workers."
    told = "\n".join([head, rate, busy, "", pages(found), "", processes(found), ""])
    click.echo(told)
    if out is not None:
        out.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
