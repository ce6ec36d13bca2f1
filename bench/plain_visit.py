"""The least that saving a visit can be: one INSERT and one UPDATE, in tables without foreign keys."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from bench.plain import Plain

WHAT = "INSERT visit, UPDATE task, commit; JSON in and out"
INSERT = """
    INSERT INTO bench_visit (id, resident_id, village_code, visit_date, recorded_at, sbp, dbp, body)
    VALUES (:id, :resident, :village, :day, :at, :sbp, :dbp, :body)
"""
UPDATE = "UPDATE bench_task SET due_on = :due WHERE id = :task"
NEXT = timedelta(days=90)


def completed(body: dict[str, Any], village: str, task: str, day: date) -> dict[str, Any]:
    """The body of a visit with what the product would look up or work out."""
    return {**body, "village": village, "task": task, "due": (day + NEXT).isoformat()}


def store(plain: Plain, sent: dict[str, Any]) -> None:
    plain.begin()
    plain.run(
        INSERT,
        id=sent["id"].replace("-", ""),
        resident=sent["resident_id"].replace("-", ""),
        village=sent["village"],
        day=sent["visit_date"],
        at=sent["recorded_at"],
        sbp=sent["sbp"],
        dbp=sent["dbp"],
        body=json.dumps(sent),
    )
    plain.run(UPDATE, due=sent["due"], task=sent["task"])
    plain.commit()


def make_tables(plain: Plain) -> None:
    """As full as the product's own, with indexes for the same lists and without foreign keys."""
    for name, columns, criterion in (
        ("visit", "id, resident_id, village_code, visit_date, recorded_at, sbp, dbp, body", "1 = 1"),
        ("task", "id, resident_id, village_code, disease, kind, due_on", "ended_on IS NULL"),
    ):
        plain.run(f"DROP TABLE IF EXISTS bench_{name}")
        plain.run(f"CREATE TABLE bench_{name} AS SELECT {columns} FROM {name} WHERE {criterion}")
        plain.run(f"CREATE UNIQUE INDEX bench_{name}_key ON bench_{name} (id)")
    plain.run("CREATE INDEX bench_visit_of ON bench_visit (resident_id, visit_date)")
    plain.run("CREATE INDEX bench_task_due ON bench_task (village_code, due_on)")
