"""Rows of the task lists: one per open task, with the person, who answers for them and the last reading.

A page costs the same few statements however many rows it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.calendar import age
from tracker.domain.masking import mask_name
from tracker.domain.person import Sex
from tracker.domain.policy import load
from tracker.domain.terms import Disease, Status, TaskKind
from tracker.models import (
    Judgement,
    Region,
    Resident,
    StatusEvent,
    StatusPeriod,
    Task,
    Visit,
)
from tracker.models.among import among
from tracker.services.store.trip import Answers, rows_of
from tracker.services.task import task
from tracker.services.task.task import DAY_ASKED, Form, Question, Size
from tracker.services.workforce import responsibility
from tracker.services.workforce.scope import Scope


@dataclass(frozen=True, slots=True)
class Reading:
    """The latest evaluated visit for a disease."""

    on: date
    sbp: int | None
    dbp: int | None
    fpg: float | None


@dataclass(frozen=True, slots=True)
class Apart:
    """Why a person is not to be pressed now: away or in hospital until a day, or reported dead."""

    status: Status
    until: date | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One open task as the lists show it; the name is masked unless the scope sees names in full."""

    resident_id: UUID
    name: str
    sex: Sex
    age: int
    village_code: str
    village: str
    team: str | None
    doctor: str | None
    disease: Disease
    task_id: UUID
    kind: TaskKind
    urgent: bool
    pressing: bool
    """An urgent referral of this person waits for its outcome, this task or one due later."""
    due: date
    days_overdue: int
    days_left: int
    last: Reading | None
    apart: Apart | None
    quarter_unmet: bool

    @property
    def contactable(self) -> bool:
        return self.apart is None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[TaskRow]
    size: Size


def page(session: Session, question: Question, limit: int, offset: int = 0) -> Page:
    """Part of a list in order of urgency, and the size of the whole."""
    part = {"limit": limit, "offset": offset}
    found = Answers(
        session.connection(),
        {"rows": (_rows(question.form), question.values | part), "size": task.sizing(question)},
    )
    return Page(_complete(session, question, found["rows"]), Size(*found["size"][0]))


def next_after(session: Session, question: Question) -> TaskRow | None:
    """The first task beyond the worklist, for a day without any."""
    later = question.after_worklist()
    found = rows_of(session.connection(), (_rows(later.form), later.values | {"limit": 1, "offset": 0}))
    return next(iter(_complete(session, question, found)), None)


@lru_cache(maxsize=128)
def _rows(form: Form) -> Select[*tuple[Any, ...]]:
    """The tasks are picked and put in order first: only those of the page are looked up further."""
    urgency = {name: column.label(name) for name, column in task.urgency().items()}
    order: dict[str, ColumnElement[Any]] = {"due_on": Task.due_on.expression, "id": Task.id.expression}
    if form.view is not None:
        order = {**urgency, **order}
    picked = (
        select(
            Task.id, Task.condition_id, Task.resident_id, Task.village_code, Task.disease, Task.kind,
            Task.due_on, task.quarter_unmet(form.closing).label("quarter_unmet"), *urgency.values(),
        )
        .where(*task.criteria(form))
        .order_by(*order.values())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
        .subquery("picked")
    )  # fmt: skip
    latest = (
        select(Judgement.visit_id)
        .join(Visit, Visit.id == Judgement.visit_id)
        .where(
            Judgement.condition_id == picked.c.condition_id,
            Judgement.policy_id == load().id,
            Judgement.evaluated,
            Judgement.visit_date <= DAY_ASKED,
        )
        .order_by(Judgement.visit_date.desc(), Visit.recorded_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    last = aliased(Visit)
    return (
        select(
            picked, Resident.name, Resident.sex, Resident.birth_date, Region.name.label("village"),
            last.visit_date, last.sbp, last.dbp, last.fpg, _pressing(picked.c.resident_id).label("pressing"),
        )
        .join(Resident, Resident.id == picked.c.resident_id)
        .join(Region, Region.code == picked.c.village_code)
        .outerjoin(last, last.id == latest)
        .order_by(*(picked.c[name] for name in order))
    )  # fmt: skip


def _pressing(resident_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The criterion that an urgent referral of the person has no outcome yet."""
    other = aliased(Task)
    waiting = (other.kind == TaskKind.REFERRAL_TRACKING, other.ended_on.is_(None), task.urgent(other))
    return select(other.id).where(other.resident_id == resident_id, *waiting).exists()


def _complete(session: Session, question: Question, rows: Sequence[Row[Any]]) -> list[TaskRow]:
    if not rows:
        return []
    scope, day = question.scope, question.day
    people = {row.resident_id for row in rows}
    answering = responsibility.directory(session, day, {row.village_code for row in rows}, people)
    absences = _absences(session, {row.resident_id for row in rows if row.apart}, day)
    return [_row(scope, day, row, answering, absences) for row in rows]


def _row(
    scope: Scope,
    day: date,
    row: Row[Any],
    answering: responsibility.Directory,
    absences: dict[UUID, Apart],
) -> TaskRow:
    team = answering.team(row.resident_id, row.village_code)
    doctor = answering.doctor(row.resident_id, row.village_code)
    late = (day - row.due_on).days
    return TaskRow(
        resident_id=row.resident_id,
        name=row.name if scope.sees_full else mask_name(row.name),
        sex=row.sex,
        age=age(row.birth_date, day),
        village_code=row.village_code,
        village=row.village,
        team=None if team is None else team.name,
        doctor=None if doctor is None else doctor.name,
        disease=row.disease,
        task_id=row.id,
        kind=row.kind,
        urgent=row.rank == task.URGENT_FIRST,
        pressing=bool(row.pressing),
        due=row.due_on,
        days_overdue=max(0, late),
        days_left=max(0, -late),
        last=None if row.visit_date is None else Reading(row.visit_date, row.sbp, row.dbp, row.fpg),
        apart=(absences.get(row.resident_id) or absences.get(row.condition_id)) if row.apart else None,
        quarter_unmet=bool(row.quarter_unmet),
    )


def _absences(session: Session, people: set[UUID], day: date) -> dict[UUID, Apart]:
    """By person, or by register where only that is concerned; a reported death outweighs the rest."""
    if not people:
        return {}
    asked = {"people": list(people), "day": day}
    told = Answers(session.connection(), {"periods": (_periods(), asked), "deaths": (_deaths(), asked)})
    found = {
        row.condition_id or row.resident_id: Apart(row.status, row.to_on and row.to_on - task.DAY)
        for row in told["periods"]
    }
    for (resident_id,) in told["deaths"]:
        found[resident_id] = Apart(Status.DEAD, None)
    return found


@cache
def _periods() -> Select[*tuple[Any, ...]]:
    return select(
        StatusPeriod.resident_id, StatusPeriod.condition_id, StatusPeriod.status, StatusPeriod.to_on
    ).where(among(StatusPeriod.resident_id, "people"), task.absent_on(DAY_ASKED))


@cache
def _deaths() -> Select[UUID]:
    return select(StatusEvent.resident_id).where(
        among(StatusEvent.resident_id, "people"), task.reported_dead(DAY_ASKED)
    )
