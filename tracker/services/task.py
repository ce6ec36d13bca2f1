"""The one question about follow-up tasks: which are open on a day, for whom, in what order.

Every list, count and call is this question with filters, so that their numbers agree. Overdue is the day
after the due date; who is away, in hospital or reported dead stays on the list, apart from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import quarter_end
from tracker.domain.terms import Disease, Referral, Status, TaskKind
from tracker.models import Judgement, StatusEvent, StatusPeriod, Task
from tracker.services import responsibility
from tracker.services.scope import Scope, visible, within

SOON = timedelta(days=7)
QUARTER_WARNING = timedelta(days=30)
DAY = timedelta(days=1)


class View(StrEnum):
    """Which of the open tasks: `due` is the worklist, the others are parts of it, or `quarter` beside it."""

    DUE = "due"
    URGENT = "urgent"
    REVISIT = "revisit"
    OVERDUE = "overdue"
    WEEK = "week"
    QUARTER = "quarter"


class Bucket(StrEnum):
    """How long overdue, in days."""

    DAYS_1 = "1-6"
    DAYS_7 = "7-29"
    DAYS_30 = "30-89"
    DAYS_90 = "90+"


SPANS = {Bucket.DAYS_1: (1, 6), Bucket.DAYS_7: (7, 29), Bucket.DAYS_30: (30, 89), Bucket.DAYS_90: (90, None)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a list; `places` are code prefixes that must all hold."""

    view: View = View.DUE
    places: tuple[str, ...] = ()
    team_id: UUID | None = None
    doctor_id: UUID | None = None
    disease: Disease | None = None
    kind: TaskKind | None = None
    bucket: Bucket | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """How many tasks a list has, of how many people, and how many of the tasks stand apart."""

    total: int
    persons: int
    apart: int


def open_on(day: date, today: date) -> ColumnElement[bool]:
    """The criterion that a task is open on a day, as known now."""
    if day >= today:  # the short form, which the partial indexes serve
        return and_(Task.opened_on <= day, Task.ended_on.is_(None))
    return and_(Task.opened_on <= day, or_(Task.ended_on.is_(None), Task.ended_on > day))


def overdue(day: date) -> ColumnElement[bool]:
    return Task.due_on < day


def criteria(session: Session, scope: Scope, day: date, wanted: Wanted) -> list[ColumnElement[bool]]:
    """All criteria of a list; the statement only has to name the task table."""
    found = [open_on(day, scope.on), visible(scope, Task.village_code, Task.resident_id)]
    found.append(_of_view(wanted.view, day))
    found += [within(Task.village_code, place) for place in wanted.places]
    if wanted.disease is not None:
        found.append(Task.disease == wanted.disease)
    if wanted.kind is not None:
        found.append(Task.kind == wanted.kind)
    if wanted.bucket is not None:
        found.append(in_bucket(wanted.bucket, day))
    if wanted.team_id is not None:
        found.append(
            responsibility.under_team(session, wanted.team_id, day, Task.village_code, Task.resident_id)
        )
    return found + _of_doctor(session, day, wanted.doctor_id)


def _of_doctor(session: Session, day: date, doctor_id: UUID | None) -> list[ColumnElement[bool]]:
    if doctor_id is None:
        return []
    return [responsibility.under_doctor(session, doctor_id, day, Task.village_code, Task.resident_id)]


def _of_view(view: View, day: date) -> ColumnElement[bool]:
    due = Task.due_on <= day + SOON
    if view is View.URGENT:
        return and_(due, Task.kind == TaskKind.REFERRAL_TRACKING)
    if view is View.REVISIT:
        return and_(due, Task.kind == TaskKind.TWO_WEEK)
    if view is View.OVERDUE:
        return overdue(day)
    if view is View.WEEK:
        return and_(due, Task.due_on >= day)
    return quarter_unmet(day) if view is View.QUARTER else due


def quarter_unmet(day: date) -> ColumnElement[bool]:
    """In the quarter's last 30 days: the next visit of a register without a counted one in this quarter."""
    if day < quarter_end(day) - QUARTER_WARNING:
        return false()
    met = (
        select(Judgement.visit_id)
        .where(
            Judgement.condition_id == Task.condition_id,
            Judgement.counted,
            Judgement.visit_date.between(quarter_start(day), day),
        )
        .exists()
    )
    return and_(Task.chain, ~met)


def quarter_start(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def in_bucket(bucket: Bucket, day: date) -> ColumnElement[bool]:
    least, most = SPANS[bucket]
    found = Task.due_on <= day - least * DAY
    return found if most is None else and_(found, Task.due_on >= day - most * DAY)


def apart(day: date) -> ColumnElement[bool]:
    """The criterion that the person is away, in hospital or reported dead."""
    periods = absent_on(day)
    return or_(
        Task.resident_id.in_(
            select(StatusPeriod.resident_id).where(StatusPeriod.condition_id.is_(None), periods)
        ),
        Task.condition_id.in_(
            select(StatusPeriod.condition_id).where(StatusPeriod.condition_id.is_not(None), periods)
        ),
        Task.resident_id.in_(select(StatusEvent.resident_id).where(reported_dead(day))),
    )


def absent_on(day: date) -> ColumnElement[bool]:
    return and_(
        StatusPeriod.status.in_((Status.AWAY, Status.HOSPITALISED)),
        StatusPeriod.from_on <= day,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > day),
    )


def reported_dead(day: date) -> ColumnElement[bool]:
    """A death that waits for approval silences reminders at once."""
    return and_(
        StatusEvent.status == Status.DEAD,
        StatusEvent.on <= day,
        StatusEvent.approved_at.is_(None),
        StatusEvent.withdrawn_at.is_(None),
    )


def urgent() -> ColumnElement[bool]:
    """The criterion that a tracking task follows an urgent referral."""
    return (
        select(Judgement.visit_id)
        .where(
            Judgement.visit_id == Task.opened_by,
            Judgement.disease == Task.disease,
            Judgement.referral == Referral.URGENT,
        )
        .exists()
    )


def urgency(day: date) -> tuple[ColumnElement[Any], ...]:
    """The order of every list: those apart last, referrals first, then by kind and by days overdue."""
    rank = case(
        (and_(Task.kind == TaskKind.REFERRAL_TRACKING, urgent()), 0),
        (Task.kind == TaskKind.REFERRAL_TRACKING, 1),
        (Task.kind == TaskKind.TWO_WEEK, 2),
        (and_(Task.kind == TaskKind.ROUTINE, overdue(day)), 3),
        (Task.kind == TaskKind.RECONTACT, 4),
        else_=5,
    )
    last = case((apart(day), 1), else_=0)
    return (last, rank, Task.due_on.expression, Task.id.expression)


def size(session: Session, day: date, listed: Sequence[ColumnElement[bool]]) -> Size:
    """How long the list of some criteria is."""
    row = session.execute(
        select(
            func.count(),
            func.count(Task.resident_id.distinct()),
            func.count().filter(apart(day)),
        )
        .select_from(Task)
        .where(*listed)
    ).one()
    return Size(*row)


def counts(session: Session, scope: Scope, day: date, doctor_id: UUID | None = None) -> dict[View, int]:
    """The length of each list, of one doctor's people or of all; one statement with the lists' criteria."""
    sums = [func.count().filter(_of_view(view, day)).label(view) for view in View]
    row = session.execute(
        select(*sums)
        .select_from(Task)
        .where(
            open_on(day, scope.on),
            visible(scope, Task.village_code, Task.resident_id),
            *_of_doctor(session, day, doctor_id),
        )
    ).one()
    return dict(zip(View, row, strict=True))


def found_on(session: Session, day: date, today: date) -> int:
    """How many tasks of the whole installation are overdue on a day."""
    counted = select(func.count()).select_from(Task).where(open_on(day, today), overdue(day))
    return session.scalar(counted) or 0


def later(
    session: Session, scope: Scope, day: date, doctor_id: UUID | None = None
) -> list[ColumnElement[bool]]:
    """The criteria of what comes after the worklist."""
    return [
        open_on(day, scope.on),
        visible(scope, Task.village_code, Task.resident_id),
        Task.due_on > day + SOON,
        *_of_doctor(session, day, doctor_id),
    ]
