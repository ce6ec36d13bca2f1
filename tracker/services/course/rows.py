"""What should stand in the derived tables for a person: the replay's answers as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any
from uuid import UUID, uuid5

from tracker.domain.course import Course, Judgement, Period, Task
from tracker.domain.policy import Policy
from tracker.domain.replay import replay
from tracker.domain.terms import Status
from tracker.domain.timeline import Timeline, follows
from tracker.models import Condition, StatusPeriod
from tracker.models import Judgement as StoredJudgement
from tracker.models import Task as StoredTask
from tracker.models.base import Base
from tracker.services.course.history import History

Row = dict[str, Any]


@dataclass(slots=True)
class Replayed:
    """The courses of people's registers, and all their derived rows."""

    courses: list[tuple[Condition, Course]] = field(default_factory=list)
    judgements: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    periods: list[Row] = field(default_factory=list)

    def by_table(self) -> list[tuple[type[Base], list[Row]]]:
        return [(StoredJudgement, self.judgements), (StoredTask, self.tasks), (StatusPeriod, self.periods)]

    def add(self, other: Replayed) -> None:
        self.courses += other.courses
        self.judgements += other.judgements
        self.tasks += other.tasks
        self.periods += other.periods


def replayed(history: History, policy: Policy, zone: tzinfo, since: date = date.min) -> Replayed:
    """Replay one person; of judgements there are rows from `since` on."""
    rows = Replayed()
    for condition in history.conditions:
        course = replay(history.register(condition), history.events(condition.disease, zone), policy, since)
        rows.courses.append((condition, course))
        rows.judgements += [judgement_row(condition, j) for j in course.judgements.values() if j.on >= since]
        rows.tasks += [task_row(condition, t) for t in course.tasks]
        rows.periods += period_rows(
            condition.resident_id, condition.id, condition.village_code, course.periods
        )
    rows.periods += period_rows(
        history.resident.id,
        None,
        history.resident.village_code,
        person_periods(history, [course for _, course in rows.courses]),
    )
    return rows


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


def outcome(course: Course) -> Row:
    """What the register itself shows of its course."""
    return {
        "status": course.status,
        "next_due": course.next_due,
        "next_task": course.next_task,
        "last_face_to_face_on": course.last_face_to_face_on,
        "last_evaluated_on": course.last_evaluated_on,
    }
