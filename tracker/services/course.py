"""The one writer of judgements, tasks and periods: replays people's histories and stores the difference.

Whatever changes a history (a visit, a correction, a status, an outcome, an attempt, an enrolment) ends
here, so that any order of the same events ends in the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.course import Course, Judgement, Period, Task
from tracker.domain.policy import Policy, load
from tracker.domain.replay import replay
from tracker.domain.terms import Disease, Status
from tracker.domain.timeline import Timeline, follows
from tracker.models import Change, Condition, Resident, StatusPeriod
from tracker.models import Judgement as StoredJudgement
from tracker.models import Task as StoredTask
from tracker.models.base import Base
from tracker.services.history import History, read

Row = dict[str, Any]
KEYS: dict[type[Base], tuple[str, ...]] = {
    StoredJudgement: ("visit_id", "disease", "policy_id"),
    StoredTask: ("id",),
    StatusPeriod: ("id",),
}


@dataclass(slots=True)
class Rows:
    """What should stand in the derived tables for some people."""

    judgements: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    periods: list[Row] = field(default_factory=list)

    def by_table(self) -> list[tuple[type[Base], list[Row]]]:
        return [(StoredJudgement, self.judgements), (StoredTask, self.tasks), (StatusPeriod, self.periods)]


def rewrite(
    session: Session, residents: Sequence[Resident], at: datetime, policy: Policy | None = None
) -> None:
    """Replay these people and store what differs. Call it holding the lock of `lock_residents`."""
    session.flush()
    policy, zone = policy or load(), clock.zone()
    rows, courses = Rows(), {}
    for history in read(session, residents).values():
        courses.update(replayed(history, policy, zone, rows))
    changed: dict[UUID, Row] = {}
    for table, wanted in rows.by_table():
        _store(session, table, [r.id for r in residents], wanted, changed, policy)
    for condition, course in courses.items():
        _note_change(session, condition, course, changed.get(condition.id), at)
        set_outcome(condition, course)
    session.flush()


def lock_residents(session: Session, ids: Iterable[UUID]) -> dict[UUID, Resident]:
    """Load people and hold their rows until the transaction ends, in one order so that nobody deadlocks."""
    wanted = sorted(set(ids))
    found = session.scalars(
        select(Resident).where(Resident.id.in_(wanted)).order_by(Resident.id).with_for_update()
    )
    return {resident.id: resident for resident in found}


def replayed(history: History, policy: Policy, zone: tzinfo, rows: Rows) -> dict[Condition, Course]:
    """Replay one person: what should stand in the derived tables is added to `rows`."""
    courses = {}
    for condition in history.conditions:
        course = replay(history.register(condition), history.events(condition.disease, zone), policy)
        courses[condition] = course
        rows.judgements += [judgement_row(condition, j) for j in course.judgements.values()]
        rows.tasks += [task_row(condition, t) for t in course.tasks]
        rows.periods += period_rows(
            condition.resident_id, condition.id, condition.village_code, course.periods
        )
    rows.periods += period_rows(
        history.resident.id, None, history.resident.village_code, person_periods(history, courses.values())
    )
    return courses


def person_periods(history: History, courses: Iterable[Course]) -> tuple[Period, ...]:
    """The person's own statuses; who was lost is found again by an evaluated visit for any disease."""
    timeline = Timeline(history.resident.birth_date)
    seen = {j.on for course in courses for j in course.judgements.values() if j.evaluated}
    events = sorted(
        (s for s in history.statuses if s.disease is None), key=lambda s: (s.on, s.recorded_at, s.id)
    )
    days = sorted(seen | {s.on for s in events})
    for day in days:
        timeline.reach(day)
        if day in seen and timeline.status is Status.LOST:
            timeline.set(Status.ACTIVE, day)
        for event in events:
            if event.on == day and follows(event.status, timeline.status):
                timeline.set(event.status, day, event.until)
    return timeline.periods()


def judgement_row(condition: Condition, judgement: Judgement) -> Row:
    return {
        "visit_id": judgement.visit_id,
        "disease": condition.disease,
        "policy_id": judgement.policy_id,
        "condition_id": condition.id,
        "resident_id": condition.resident_id,
        "village_code": condition.village_code,
        "visit_date": judgement.on,
        "evaluated": judgement.evaluated,
        "face_to_face": judgement.face_to_face,
        "counted": judgement.counted,
        "on_target": judgement.on_target,
        "classification": _plain(judgement.classification),
        "controlled": judgement.controlled,
        "next_step": _plain(judgement.next_step),
        "referral": judgement.referral,
        "reasons": [{"code": r.code, **r.params} for r in judgement.reasons]
        + [{"code": code, "advice": True} for code in judgement.advice],
        "next_due": judgement.next_due,
        "task": judgement.task,
    }


def _plain(value: int | None) -> int | None:
    return None if value is None else int(value)


def task_row(condition: Condition, task: Task) -> Row:
    return {
        "id": task.id,
        "condition_id": condition.id,
        "resident_id": condition.resident_id,
        "village_code": condition.village_code,
        "disease": condition.disease,
        "kind": task.kind,
        "chain": task.chain,
        "due_on": task.due_on,
        "opened_on": task.opened_on,
        "opened_by": task.opened_by,
        "closed_on": task.closed_on,
        "closed_by": task.closed_by,
        "cancelled_on": task.cancelled_on,
        "cancel_reason": None if task.cancel_reason is None else str(task.cancel_reason),
        "ended_on": task.closed_on or task.cancelled_on,
        "timely": task.timely,
        "counts": task.counts,
    }


def period_rows(
    resident_id: UUID, condition_id: UUID | None, village_code: str, periods: Iterable[Period]
) -> list[Row]:
    """Only what differs from active is kept: most people have no row at all."""
    return [
        {
            "id": uuid5(condition_id or resident_id, f"{period.status}:{period.from_on}"),
            "resident_id": resident_id,
            "condition_id": condition_id,
            "village_code": village_code,
            "status": period.status,
            "from_on": period.from_on,
            "to_on": period.to_on,
        }
        for period in periods
        if period.status is not Status.ACTIVE
    ]


def set_outcome(condition: Condition, course: Course) -> None:
    """What the register itself shows of its course."""
    condition.status = course.status
    condition.next_due = course.next_due
    condition.next_task = course.next_task
    condition.last_face_to_face_on = course.last_face_to_face_on
    condition.last_evaluated_on = course.last_evaluated_on


def _store(
    session: Session,
    table: type[Base],
    resident_ids: list[UUID],
    wanted: list[Row],
    changed: dict[UUID, Row],
    policy: Policy,
) -> None:
    stored = _stored(session, table, resident_ids, policy)
    keys = KEYS[table]
    rows = {tuple(row[k] for k in keys): row for row in wanted}
    gone = [key for key in stored if key not in rows]
    new = [row for key, row in rows.items() if key not in stored]
    moved = [row for key, row in rows.items() if key in stored and stored[key] != row]
    for key in gone:
        session.execute(
            delete(table).where(*(getattr(table, k) == v for k, v in zip(keys, key, strict=True)))
        )
    # Only one task of a chain may be open at any moment: whoever leaves that place goes first.
    for row in sorted(moved, key=lambda row: bool(row.get("chain")) and row["ended_on"] is None):
        values = {k: v for k, v in row.items() if k not in keys}
        session.execute(update(table).where(*(getattr(table, k) == row[k] for k in keys)).values(values))
    if new:
        session.execute(insert(table), new)
    collect(
        changed,
        table,
        [stored[k] for k in gone],
        [stored[tuple(r[k] for k in keys)] for r in moved],
        moved,
        new,
    )


def _stored(
    session: Session, table: type[Base], resident_ids: list[UUID], policy: Policy
) -> dict[tuple[Any, ...], Row]:
    columns = list(table.__table__.columns)
    query = select(*columns).where(table.__table__.c.resident_id.in_(resident_ids))
    if table is StoredJudgement:
        query = query.where(StoredJudgement.policy_id == policy.id)
    rows = [dict(row._mapping) for row in session.execute(query)]
    return {tuple(row[k] for k in KEYS[table]): row for row in rows}


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


def _note_change(
    session: Session, condition: Condition, course: Course, entry: Row | None, at: datetime
) -> None:
    if entry is not None:
        session.add(Change(**change_row(condition, course, entry, at)))


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
