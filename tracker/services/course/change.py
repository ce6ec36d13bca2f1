"""What a replay changed under the figures, before and after, for the summaries to fold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tracker.domain.course import Course
from tracker.domain.terms import Disease
from tracker.models import Condition
from tracker.models import Judgement as StoredJudgement
from tracker.models import Task as StoredTask
from tracker.models.base import Base

Row = dict[str, Any]


def collect(
    changed: dict[UUID, Row],
    table: type[Base],
    gone: list[Row],
    old: list[Row],
    moved: list[Row],
    new: list[Row],
) -> None:
    """Note by condition what went and what came."""
    for side, rows in (("before", [*gone, *old]), ("after", [*moved, *new])):
        for row in rows:
            if row["condition_id"] is not None:
                entry = changed.setdefault(row["condition_id"], {"before": [], "after": []})
                entry[side].append(_flags(table, row))


def _flags(table: type[Base], row: Mapping[str, Any]) -> Row:
    """What a summary by village, month and disease needs to know of a row."""
    if table is StoredJudgement:
        shown = ("evaluated", "counted", "on_target", "classification")
        return {"of": "visit", "on": str(row["visit_date"]), **{k: row[k] for k in shown}}
    if table is StoredTask:
        ended = row["ended_on"]
        return {
            "of": "task",
            "kind": str(row["kind"]),
            "due": str(row["due_on"]),
            "ended": None if ended is None else str(ended),
            "timely": row["timely"],
        }
    return {"of": "status", "status": str(row["status"]), "on": str(row["from_on"])}


def change_row(condition: Condition, course: Course, entry: Row, at: datetime) -> Row:
    """What a replay changed under the figures, for the summaries."""
    return {
        "at": at,
        "resident_id": condition.resident_id,
        "village_code": condition.village_code,
        "disease": str(Disease(condition.disease)),
        "before": {"status": str(condition.status), "rows": entry["before"]},
        "after": {"status": str(course.status), "rows": entry["after"]},
    }
