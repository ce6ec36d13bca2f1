"""The nightly scan for overdue tasks: a first run, and a second one for the same day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, delete

from bench.county import County
from bench.floor import ids, plain_id
from bench.plain import Plain
from bench.work import Rows, Side, Work
from bench.work_list import AWAY, IN_FORCE
from tracker import clock
from tracker.models import Alert, AlertKind, Episode
from tracker.services.task import overdue

OVERDUE = """
    SELECT id, resident_id, village_code, disease, due_on FROM task WHERE ended_on IS NULL AND due_on < :day
"""
APART = f"""
    (t.resident_id IN (SELECT p.resident_id FROM status_period p WHERE p.condition_id IS NULL AND {AWAY})
     OR t.condition_id IN (SELECT p.condition_id FROM status_period p
                           WHERE p.condition_id IS NOT NULL AND {AWAY})
     OR t.resident_id IN (SELECT e.resident_id FROM status_event e WHERE e.status = 'dead'
                          AND e.on_date <= :day AND e.approved_at IS NULL AND e.withdrawn_at IS NULL))
"""
REACHED = """
    CASE WHEN t.due_on <= :since90 THEN 90 WHEN t.due_on <= :since30 THEN 30 WHEN t.due_on <= :since7 THEN 7
         ELSE 1 END
"""
RECORD = f"""
    INSERT INTO bench_episode (task_id, resident_id, village_code, disease, due_on, found_on, found_at, level)
    SELECT id, resident_id, village_code, disease, due_on, :day, CURRENT_TIMESTAMP,
           CASE WHEN {APART} THEN 0 ELSE {REACHED} END
    FROM task t
    WHERE ended_on IS NULL AND due_on < :day
      AND NOT EXISTS (SELECT 1 FROM bench_episode e WHERE e.task_id = t.id)
    ORDER BY id
    RETURNING task_id
"""
"""In order, so that all are found before the first is stored: PostgreSQL might look through what it fills."""
TELL = """
    INSERT INTO bench_alert (id, kind, key, role, region_code, team_id, resident_id, subject_id, code, params,
                             raised_on, raised_at)
    SELECT {new_id}, 'overdue', 'overdue:' || step || ':' || role || ':' || task_id, role, village_code, team,
           resident_id, task_id, 'overdue', {params}, :day, CURRENT_TIMESTAMP
    FROM (
        SELECT t.id AS task_id, t.village_code, t.resident_id, r.role,
               CASE WHEN {reached} >= r.high THEN r.high
                    WHEN {reached} >= r.low THEN r.low ELSE 0 END AS step,
               coalesce(
                   (SELECT c.team_id FROM contract c
                    WHERE c.resident_id = t.resident_id AND {in_force} LIMIT 1),
                   (SELECT v.team_id FROM team_village v WHERE v.village_code = t.village_code
                    AND v.from_on <= :day AND (v.to_on IS NULL OR v.to_on >= :day)
                    ORDER BY v.from_on, v.team_id LIMIT 1)) AS team
        FROM task t CROSS JOIN (
            SELECT 'village_doctor' AS role, 1 AS low, 7 AS high UNION ALL SELECT 'team_lead', 7, 30
            UNION ALL SELECT 'township_admin', 30, 30) r
        WHERE t.ended_on IS NULL AND t.due_on < :day AND NOT {apart}
    ) told
    WHERE step > 0
"""


def first(county: County) -> Work:
    """Everything overdue is new: recorded, and told to whom it concerns."""
    _tables(county.plain)

    def forget() -> Callable[[], Any]:
        with county.writing() as session:
            session.execute(delete(Episode))
            session.execute(delete(Alert).where(Alert.kind == AlertKind.OVERDUE))
        county.plain.tidy("episode", "alert")
        return lambda: scan(county)

    def empty() -> Callable[[], Any]:
        county.plain.run("DELETE FROM bench_episode")
        county.plain.run("DELETE FROM bench_alert")
        county.plain.tidy("bench_episode", "bench_alert")
        return lambda: tell(county)

    return Work(
        "scan-first",
        "overdue scan, first run: episodes and alerts stored",
        Side("scan", forget, lambda _: stored(county, "episode", "alert")),
        (
            Side(
                "the same episodes and alerts by one INSERT … SELECT each, committed",
                empty,
                lambda _: stored(county, "bench_episode", "bench_alert"),
            ),
        ),
        repeat=15,
    )


def again(county: County) -> Work:
    """Nothing is new."""
    _tables(county.plain)
    scan(county)
    record(county)
    county.plain.tidy("episode", "alert", "bench_episode")
    before = held(county)

    def written(result: Any) -> Rows:
        """Nothing, or what the scan said and how many there are then."""
        return [] if result["new"] == 0 and held(county) == before else [result, held(county)]

    return Work(
        "scan-again",
        "overdue scan, second run of the day: nothing to store",
        Side("scan", lambda: lambda: scan(county), written),
        (
            Side("the INSERT … SELECT of the episodes finding nothing", lambda: lambda: record(county), list),
            Side("one SELECT of what is overdue", lambda: lambda: found(county), lambda _: []),
        ),
        repeat=30,
    )


def scan(county: County) -> Any:
    at = datetime.combine(county.day, time(1), clock.zone())
    with county.writing() as session:
        return overdue.scan(session, county.day, at)


def stored(county: County, episodes: str, alerts: str) -> Rows:
    """Who was recorded with which level, and who was told of what and by which team."""
    kept = county.plain.all(f"SELECT task_id, level FROM {episodes}")
    told = county.plain.all(
        f"SELECT key, team_id, params FROM {alerts} WHERE kind = 'overdue' AND subject_id IS NOT NULL"
    )
    return sorted((plain_id(task), level) for task, level in kept), sorted(
        (plain_id(key), plain_id(team), str(json.loads(params))) for key, team, params in told
    )


def held(county: County) -> Rows:
    """How many episodes and alerts there are."""
    return [county.plain.all(f"SELECT count(*) FROM {table}")[0][0] for table in ("episode", "alert")]


def record(county: County) -> Rows:
    return ids(county.plain.write(RECORD, **_values(county)))


def tell(county: County) -> None:
    """Both statements in one transaction."""
    plain = county.plain
    plain.begin()
    plain.run(RECORD.replace("RETURNING task_id", ""), **_values(county))
    plain.run(_tell(plain), **_values(county))
    plain.commit()


def found(county: County) -> Rows:
    return ids(county.plain.all(OVERDUE, day=county.day.isoformat()))


def _tell(plain: Plain) -> str:
    params = """CASE step WHEN 1 THEN '{"days": 1}' WHEN 7 THEN '{"days": 7}' ELSE '{"days": 30}' END"""
    return TELL.format(
        new_id="gen_random_uuid()" if plain.postgres else "lower(hex(randomblob(16)))",
        params=f"CAST({params} AS json)" if plain.postgres else params,
        reached=REACHED, in_force=IN_FORCE, apart=APART,
    )  # fmt: skip


def _values(county: County) -> dict[str, str]:
    since = {f"since{days}": date.fromordinal(county.day.toordinal() - days) for days in (7, 30, 90)}
    return {name: day.isoformat() for name, day in {"day": county.day, **since}.items()}


def _tables(plain: Plain) -> None:
    """Tables like the product's, with the same indexes and without foreign keys."""
    for name in ("episode", "alert"):
        plain.run(f"DROP TABLE IF EXISTS bench_{name}")
        plain.run(f"CREATE TABLE bench_{name} AS SELECT * FROM {name} WHERE 1 = 0")
    for table in (Episode.__table__, Alert.__table__):
        for index in _indexes(table, "postgresql" if plain.postgres else "sqlite"):
            plain.run(index)


def _indexes(table: Any, database: str) -> Iterator[str]:
    """Those of the product's table, by its model."""
    unique = [part for part in table.constraints if isinstance(part, PrimaryKeyConstraint | UniqueConstraint)]
    for number, part in enumerate([*unique, *sorted(table.indexes, key=lambda index: str(index.name))]):
        only = "UNIQUE" if part in unique or part.unique else ""
        where = None if part in unique else part.dialect_options[database]["where"]
        columns = ", ".join(column.name for column in part.columns)
        yield (
            f"CREATE {only} INDEX bench_{table.name}_{number} ON bench_{table.name} ({columns})"
            + ("" if where is None else f" WHERE {where}")
        )


WORKS = {"scan-first": first, "scan-again": again}
