"""The one question about follow-up tasks: which are open on a day, for whom, in what order.

Every list, count and call is this question with filters, so that their numbers agree. Overdue is the day
after the due date; who is away, in hospital or reported dead stays on the list, apart from the others.
A statement is built once for each form of the question and run with its values: building costs more than
running it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import quarter_end
from tracker.domain.terms import Disease, Referral, Status, TaskKind
from tracker.models import Judgement, StatusEvent, StatusPeriod, Task
from tracker.services.store import trip
from tracker.services.store.trip import rows_of
from tracker.services.workforce import responsibility
from tracker.services.workforce import scope as scopes
from tracker.services.workforce.scope import Day, Scope, between, ends, visible

SOON = timedelta(days=7)
QUARTER_WARNING = timedelta(days=30)
DAY = timedelta(days=1)


class View(StrEnum):
    """Which of the open tasks: `due` is the worklist; `revisit`, `overdue` and `week` are parts of it.

    `urgent` has every referral without an outcome from the day it was made, `quarter` who was not met in it.
    """

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


@dataclass(frozen=True, slots=True)
class Form:
    """What of a question decides how its statements read: which filters there are, not what they ask for."""

    scope: scopes.Form
    past: bool
    """Of a day before today, when tasks may have been open that have ended since."""
    closing: bool
    """In the last 30 days of a quarter."""
    view: View | None
    """None for what comes after the worklist."""
    places: int = 0
    team: bool = False
    doctor: bool = False
    disease: bool = False
    kind: bool = False
    bucket: Bucket | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A form, and the values that its statements are run with."""

    scope: Scope
    day: date
    form: Form
    values: dict[str, Any]

    def without_bucket(self) -> Question:
        return replace(self, form=replace(self.form, bucket=None))

    def after_worklist(self) -> Question:
        return replace(self, form=replace(self.form, view=None))


DAY_ASKED: BindParameter[Any] = bindparam("day")
SOON_ASKED: BindParameter[Any] = bindparam("soon")


def ask(session: Session, scope: Scope, day: date, wanted: Wanted) -> Question:
    """The question of a list with its filters."""
    form = Form(
        scope=scope.form,
        past=day < scope.on,
        closing=day >= quarter_end(day) - QUARTER_WARNING,
        view=wanted.view,
        places=len(wanted.places),
        team=wanted.team_id is not None,
        doctor=wanted.doctor_id is not None,
        disease=wanted.disease is not None,
        kind=wanted.kind is not None,
        bucket=wanted.bucket,
    )
    values = {
        **scope.values, "day": day, "soon": day + SOON, "quarter": quarter_start(day),
        "disease": wanted.disease, "kind": wanted.kind,
        **{f"least_{bucket.name}": day - least * DAY for bucket, (least, _) in SPANS.items()},
        **{f"most_{bucket.name}": day - most * DAY for bucket, (_, most) in SPANS.items() if most},
    }  # fmt: skip
    for number, place in enumerate(wanted.places):
        values[f"place{number}"], values[f"behind{number}"] = ends(place)
    if wanted.team_id is not None:
        values["team"] = wanted.team_id
        values["team_villages"] = responsibility.team_villages(session, wanted.team_id, day)
    if wanted.doctor_id is not None:
        values["doctor"] = wanted.doctor_id
        values["doctor_villages"] = responsibility.own_villages(session, wanted.doctor_id, day)
    return Question(scope, day, form, values)


def open_on(day: Day, *, past: bool) -> ColumnElement[bool]:
    """The criterion that a task is open on a day, as known now; `past`: a day before today."""
    if not past:  # the short form, which the partial indexes serve
        return and_(Task.opened_on <= day, Task.ended_on.is_(None))
    return and_(Task.opened_on <= day, or_(Task.ended_on.is_(None), Task.ended_on > day))


def overdue(day: Day) -> ColumnElement[bool]:
    return Task.due_on < day


def criteria(form: Form) -> list[ColumnElement[bool]]:
    """All criteria of a list; the statement only has to name the task table."""
    view = Task.due_on > SOON_ASKED if form.view is None else _of_view(form.view, form.closing)
    return [*_narrowed(form), view]


def _narrowed(form: Form) -> list[ColumnElement[bool]]:
    """Open, in scope and through every filter, in whichever view."""
    found = [open_on(DAY_ASKED, past=form.past), visible(form.scope, Task.village_code, Task.resident_id)]
    found += [
        between(Task.village_code, bindparam(f"place{n}"), bindparam(f"behind{n}"))
        for n in range(form.places)
    ]
    if form.disease:
        found.append(Task.disease == bindparam("disease"))
    if form.kind:
        found.append(Task.kind == bindparam("kind"))
    if form.bucket is not None:
        found.append(in_bucket(form.bucket))
    if form.team:
        found.append(responsibility.under_team(DAY_ASKED, Task.village_code, Task.resident_id))
    if form.doctor:
        found.append(responsibility.under_doctor(DAY_ASKED, Task.village_code, Task.resident_id))
    return found


def _of_view(view: View, closing: bool) -> ColumnElement[bool]:
    due = Task.due_on <= SOON_ASKED
    if view is View.URGENT:
        return Task.kind == TaskKind.REFERRAL_TRACKING
    if view is View.REVISIT:
        return and_(due, Task.kind == TaskKind.TWO_WEEK)
    if view is View.OVERDUE:
        return overdue(DAY_ASKED)
    if view is View.WEEK:
        return and_(due, Task.due_on >= DAY_ASKED)
    return quarter_unmet(closing) if view is View.QUARTER else due


def quarter_unmet(closing: bool) -> ColumnElement[bool]:
    """In the quarter's last 30 days: the next visit of a register without a counted one in this quarter."""
    if not closing:
        return false()
    met = (
        select(Judgement.visit_id)
        .where(
            Judgement.condition_id == Task.condition_id,
            Judgement.counted,
            Judgement.visit_date.between(bindparam("quarter"), DAY_ASKED),
        )
        .exists()
    )
    return and_(Task.chain, ~met)


def quarter_start(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def in_bucket(bucket: Bucket) -> ColumnElement[bool]:
    found = Task.due_on <= bindparam(f"least_{bucket.name}")
    if SPANS[bucket][1] is None:
        return found
    return and_(found, Task.due_on >= bindparam(f"most_{bucket.name}"))


def apart(day: Day) -> ColumnElement[bool]:
    """The criterion that the person is away, in hospital or reported dead."""
    # One look at the person's periods: of an alternative SQLite makes two.
    concerned = func.coalesce(StatusPeriod.condition_id, Task.condition_id)
    period = select(StatusPeriod.resident_id).where(
        StatusPeriod.resident_id == Task.resident_id,
        concerned.is_not_distinct_from(Task.condition_id),
        absent_on(day),
    )
    death = select(StatusEvent.id).where(StatusEvent.resident_id == Task.resident_id, reported_dead(day))
    return or_(period.exists(), _looked_up(death))


def _looked_up(found: Select[UUID]) -> ColumnElement[bool]:
    """EXISTS that PostgreSQL looks up row by row: of a plain one it may collect the whole county's first."""
    return found.limit(1).scalar_subquery().is_not(None)


def absent_on(day: Day) -> ColumnElement[bool]:
    return and_(
        StatusPeriod.status.in_((Status.AWAY, Status.HOSPITALISED)),
        StatusPeriod.from_on <= day,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > day),
    )


def reported_dead(day: Day) -> ColumnElement[bool]:
    """A death that waits for approval silences reminders at once."""
    return and_(
        StatusEvent.status == Status.DEAD,
        StatusEvent.on <= day,
        StatusEvent.approved_at.is_(None),
        StatusEvent.withdrawn_at.is_(None),
    )


def urgent(of: type[Task] = Task) -> ColumnElement[bool]:
    """The criterion that a tracking task follows an urgent referral."""
    return _looked_up(
        select(Judgement.visit_id).where(
            Judgement.visit_id == of.opened_by,
            Judgement.disease == of.disease,
            Judgement.referral == Referral.URGENT,
        )
    )


URGENT_FIRST = 0
"""The rank of a tracking task that follows an urgent referral."""


def urgency() -> dict[str, ColumnElement[Any]]:
    """The order of every list before the due date: those apart last, referrals first, then by kind."""
    rank = case(
        (and_(Task.kind == TaskKind.REFERRAL_TRACKING, urgent()), URGENT_FIRST),
        (Task.kind == TaskKind.REFERRAL_TRACKING, 1),
        (Task.kind == TaskKind.TWO_WEEK, 2),
        (and_(Task.kind == TaskKind.ROUTINE, overdue(DAY_ASKED)), 3),
        (Task.kind == TaskKind.RECONTACT, 4),
        else_=5,
    )
    return {"apart": case((apart(DAY_ASKED), 1), else_=0), "rank": rank}


def size(session: Session, question: Question) -> Size:
    """How long the list is."""
    return Size(*rows_of(session.connection(), sizing(question))[0])


def sizing(question: Question) -> trip.Question:
    return _size(question.form), question.values


@lru_cache(maxsize=128)
def _size(form: Form) -> Select[int, int, int]:
    counted = func.count(), func.count(Task.resident_id.distinct()), func.count().filter(apart(DAY_ASKED))
    return select(*counted).select_from(Task).where(*criteria(form))


def counts(session: Session, question: Question) -> dict[View, int]:
    """The length of each list, of one doctor's people or of all; other filters of the question rest."""
    form = Form(
        question.form.scope, question.form.past, question.form.closing, None, doctor=question.form.doctor
    )
    counted = rows_of(session.connection(), (_counts(form), question.values))[0]
    return dict(zip(View, counted, strict=True))


@lru_cache(maxsize=128)
def _counts(form: Form) -> Select[*tuple[int, ...]]:
    sums = [func.count().filter(_of_view(view, form.closing)).label(view) for view in View]
    return select(*sums).select_from(Task).where(*_narrowed(form))


def found_on(session: Session, day: date, today: date) -> int:
    """How many tasks of the whole installation are overdue on a day."""
    counted = select(func.count()).select_from(Task).where(open_on(day, past=day < today), overdue(day))
    return session.scalar(counted) or 0
