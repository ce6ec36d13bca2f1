"""Rows of the task lists: one per open task, with the person, who answers for them and the last reading.

A page costs the same few statements however many rows it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import age
from tracker.domain.masking import mask_name
from tracker.domain.person import Sex
from tracker.domain.policy import load
from tracker.domain.terms import Disease, Status, TaskKind
from tracker.models import Judgement, Region, Resident, ResidentPhone, StatusEvent, StatusPeriod, Task, Visit
from tracker.services import responsibility, task
from tracker.services.scope import Scope
from tracker.services.task import Size, Wanted


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


def page(session: Session, scope: Scope, day: date, wanted: Wanted, limit: int, offset: int = 0) -> Page:
    """Part of a list in order of urgency, and the size of the whole."""
    criteria = task.criteria(session, scope, day, wanted)
    found = session.execute(
        _rows(day).where(*criteria).order_by(*task.urgency(day)).limit(limit).offset(offset)
    ).all()
    return Page(_complete(session, scope, day, found), task.size(session, day, criteria))


def next_after(session: Session, scope: Scope, day: date, doctor_id: UUID | None = None) -> TaskRow | None:
    """The first task beyond the worklist, for a day without any."""
    found = session.execute(
        _rows(day).where(*task.later(session, scope, day, doctor_id)).order_by(Task.due_on, Task.id).limit(1)
    ).all()
    return next(iter(_complete(session, scope, day, found)), None)


def phones(session: Session, scope: Scope, rows: Sequence[TaskRow]) -> dict[UUID, str]:
    """The first number of each person of a page, for those who may call them."""
    if not scope.sees_full or not rows:
        return {}
    found = session.scalars(
        select(ResidentPhone)
        .where(ResidentPhone.resident_id.in_({row.resident_id for row in rows}))
        .order_by(ResidentPhone.position.desc())
    )
    return {phone.resident_id: phone.number for phone in found}


def _rows(day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task,
            Resident.name,
            Resident.sex,
            Resident.birth_date,
            Region.name.label("village"),
            task.urgent().label("urgent"),
            task.quarter_unmet(day).label("quarter_unmet"),
        )
        .join(Resident, Resident.id == Task.resident_id)
        .join(Region, Region.code == Task.village_code)
    )


def _complete(session: Session, scope: Scope, day: date, rows: Sequence[Row[Any]]) -> list[TaskRow]:
    if not rows:
        return []
    people = {row.Task.resident_id for row in rows}
    answering = responsibility.directory(session, day, {row.Task.village_code for row in rows}, people)
    readings = _readings(session, {row.Task.condition_id for row in rows}, day)
    absences = _absences(session, people, day)
    return [_row(scope, day, row, answering, readings, absences) for row in rows]


def _row(
    scope: Scope,
    day: date,
    row: Row[Any],
    answering: responsibility.Directory,
    readings: dict[UUID, Reading],
    absences: dict[UUID, Apart],
) -> TaskRow:
    found: Task = row.Task
    team = answering.team(found.resident_id, found.village_code)
    doctor = answering.doctor(found.resident_id, found.village_code)
    return TaskRow(
        resident_id=found.resident_id,
        name=row.name if scope.sees_full else mask_name(row.name),
        sex=row.sex,
        age=age(row.birth_date, day),
        village_code=found.village_code,
        village=row.village,
        team=None if team is None else team.name,
        doctor=None if doctor is None else doctor.name,
        disease=found.disease,
        task_id=found.id,
        kind=found.kind,
        urgent=found.kind is TaskKind.REFERRAL_TRACKING and row.urgent,
        due=found.due_on,
        days_overdue=max(0, (day - found.due_on).days),
        days_left=max(0, (found.due_on - day).days),
        last=readings.get(found.condition_id),
        apart=absences.get(found.resident_id) or absences.get(found.condition_id),
        quarter_unmet=bool(row.quarter_unmet),
    )


def _readings(session: Session, conditions: set[UUID], day: date) -> dict[UUID, Reading]:
    """The latest evaluated visit on or before the day, by register."""
    newest = func.row_number().over(
        partition_by=Judgement.condition_id, order_by=(Visit.visit_date.desc(), Visit.recorded_at.desc())
    )
    ranked = (
        select(
            Judgement.condition_id, Visit.visit_date, Visit.sbp, Visit.dbp, Visit.fpg, newest.label("place")
        )
        .join(Visit, Visit.id == Judgement.visit_id)
        .where(
            Judgement.condition_id.in_(conditions),
            Judgement.policy_id == load().id,
            Judgement.evaluated,
            Judgement.visit_date <= day,
        )
        .subquery()
    )
    found = session.execute(select(ranked).where(ranked.c.place == 1))
    return {row.condition_id: Reading(row.visit_date, row.sbp, row.dbp, row.fpg) for row in found}


def _absences(session: Session, people: set[UUID], day: date) -> dict[UUID, Apart]:
    """By person, or by register where only that is concerned; a reported death outweighs the rest."""
    periods = session.scalars(
        select(StatusPeriod).where(StatusPeriod.resident_id.in_(people), task.absent_on(day))
    )
    found = {
        p.condition_id or p.resident_id: Apart(p.status, p.to_on and p.to_on - task.DAY) for p in periods
    }
    dead = session.scalars(
        select(StatusEvent.resident_id).where(StatusEvent.resident_id.in_(people), task.reported_dead(day))
    ).all()
    for resident_id in dead:
        found[resident_id] = Apart(Status.DEAD, None)
    return found
