"""What one needs to know of a person before typing a visit: registers, last values, open tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, false, select
from sqlalchemy.orm import Session

from tracker.domain.form_text import flat
from tracker.domain.terms import CLOSING, Disease, TaskKind
from tracker.models import Condition, Resident, Task, Visit
from tracker.services import task

LOOKED_BACK = 12
"""How many visits are read for the last value of each row."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last value of a row, and when."""

    value: Any
    on: date


@dataclass(frozen=True, slots=True)
class Pending:
    """An open task; `urgent`: of a referral that was an urgent one."""

    disease: Disease
    kind: TaskKind
    urgent: bool


@dataclass(frozen=True, slots=True)
class Context:
    """`due` is the day of the open chain task by disease; `readings` are the last two visits with any."""

    resident: Resident
    diseases: tuple[Disease, ...]
    enrolled: dict[Disease, date]
    last: dict[str, Last]
    readings: tuple[Visit, ...]
    due: dict[Disease, date]
    pending: tuple[Pending, ...]
    """Besides routine visits."""

    @property
    def tracking(self) -> bool:
        return any(task.kind is TaskKind.REFERRAL_TRACKING for task in self.pending)


def context_of(session: Session, resident: Resident, without: UUID | None = None) -> Context:
    """The person's registers under care and history; `without` leaves out the visit that is corrected."""
    session.flush()
    connection, asked = session.connection(), {"resident": resident.id}
    open_ones = [c for c in connection.execute(_registers(), asked) if c.status not in CLOSING]
    tasks = connection.execute(_open_tasks(), asked).all()
    visits = [v for v in connection.execute(_visits(), asked) if v.id != without]
    measured: list[Any] = [v for v in visits if v.sbp is not None or v.fpg is not None]
    return Context(
        resident=resident,
        diseases=tuple(d for d in Disease if d in {c.disease for c in open_ones}),
        enrolled={c.disease: c.enrolled_on for c in open_ones},
        last=_last(visits),
        readings=tuple(measured[:2]),
        due={t.disease: t.due_on for t in tasks if t.chain},
        pending=tuple(
            Pending(t.disease, t.kind, bool(t.urgent)) for t in tasks if t.kind is not TaskKind.ROUTINE
        ),
    )


def recorded(session: Session, visit_id: UUID) -> bool:
    """Whether there is a visit of this id, whosever it is."""
    return session.connection().execute(_recorded(), {"visit": visit_id}).first() is not None


def _of(resident_id: Any) -> Any:
    return resident_id == bindparam("resident", type_=Uuid())


@cache
def _registers() -> Any:
    return select(Condition.disease, Condition.enrolled_on, Condition.status).where(
        _of(Condition.resident_id)
    )


@cache
def _open_tasks() -> Any:
    open_ones = (_of(Task.resident_id), Task.ended_on.is_(None))
    urgent = case((Task.kind == TaskKind.REFERRAL_TRACKING, task.urgent()), else_=false())
    return select(Task.disease, Task.due_on, Task.chain, Task.kind, urgent.label("urgent")).where(*open_ones)


@cache
def _visits() -> Any:
    """The newest first; rows, not objects."""
    return (
        select(Visit.id, Visit.visit_date, Visit.body, Visit.sbp, Visit.dbp, Visit.fpg)
        .where(_of(Visit.resident_id), Visit.voided_at.is_(None))
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
        .limit(LOOKED_BACK)
    )


@cache
def _recorded() -> Any:
    return select(Visit.id).where(Visit.id == bindparam("visit", type_=Uuid()))


def _last(visits: Iterable[Any]) -> dict[str, Last]:
    found: dict[str, Last] = {}
    for visit in visits:
        for key, value in flat(visit.body).items():
            found.setdefault(key, Last(value, visit.visit_date))
    return found
