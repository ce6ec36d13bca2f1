"""The nightly scan for overdue tasks: a first run, and a second one for the same day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, select

from bench.county import County
from bench.floor import ids
from bench.work import Rows, Side, Work
from tracker import clock
from tracker.models import Alert, AlertKind, Episode
from tracker.services import overdue

OVERDUE = """
    SELECT id, resident_id, village_code, disease, due_on FROM task WHERE ended_on IS NULL AND due_on < :day
"""
RECORD = """
    INSERT INTO bench_episode (task_id, resident_id, village_code, disease, due_on, found_on, found_at, level)
    SELECT id, resident_id, village_code, disease, due_on, :day, CURRENT_TIMESTAMP, 0 FROM task t
    WHERE ended_on IS NULL AND due_on < :day
      AND NOT EXISTS (SELECT 1 FROM bench_episode e WHERE e.task_id = t.id)
    RETURNING task_id
"""


def first(county: County) -> Work:
    """Everything overdue is new: recorded, and told to whom it concerns."""
    _table(county)

    def forget() -> Callable[[], Any]:
        with county.writing() as session:
            session.execute(delete(Episode))
            session.execute(delete(Alert).where(Alert.kind == AlertKind.OVERDUE))
        return lambda: scan(county)

    def empty() -> Callable[[], Any]:
        county.plain.write("DELETE FROM bench_episode RETURNING task_id")
        return lambda: record(county)

    return Work(
        "scan-first",
        "overdue scan, first run: episodes and alerts stored",
        Side("scan", forget, lambda _: recorded(county)),
        (
            Side("one INSERT … SELECT of the episodes alone, committed", empty, sorted),
            Side("one SELECT of the same rows", lambda: lambda: found(county), sorted),
        ),
        repeat=15,
    )


def again(county: County) -> Work:
    """Nothing is new."""
    _table(county)
    scan(county)
    record(county)
    return Work(
        "scan-again",
        "overdue scan, second run of the day: nothing to store",
        Side("scan", lambda: lambda: scan(county), lambda result: [] if result["new"] == 0 else result),
        (Side("the same INSERT … SELECT finding nothing", lambda: lambda: record(county), list),),
        repeat=30,
    )


def scan(county: County) -> Any:
    at = datetime.combine(county.day, time(1), clock.zone())
    with county.writing() as session:
        return overdue.scan(session, county.day, at)


def recorded(county: County) -> Rows:
    with county.writing() as session:
        return sorted(key.hex for key in session.scalars(select(Episode.task_id)))


def record(county: County) -> Rows:
    return ids(county.plain.write(RECORD, day=county.day.isoformat()))


def found(county: County) -> Rows:
    return ids(county.plain.all(OVERDUE, day=county.day.isoformat()))


def _table(county: County) -> None:
    """A table like the product's, with the same indexes and without foreign keys."""
    county.plain.run("DROP TABLE IF EXISTS bench_episode")
    county.plain.run("CREATE TABLE bench_episode AS SELECT * FROM episode WHERE 1 = 0")
    county.plain.run("CREATE UNIQUE INDEX bench_episode_key ON bench_episode (task_id)")
    county.plain.run("CREATE INDEX bench_episode_village ON bench_episode (village_code)")


WORKS = {"scan-first": first, "scan-again": again}
