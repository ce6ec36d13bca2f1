"""What one needs to know of a person before typing a visit: registers, last values, open tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, false, select
from sqlalchemy.orm import Session

from tracker.domain.form_text import counted
from tracker.domain.terms import CLOSING, Disease, TaskKind
from tracker.models import Condition, Resident, Task, Visit
from tracker.services.store.bulk import table_of, thing_of
from tracker.services.store.trip import Answers, Question
from tracker.services.task import task
from tracker.services.workforce.scope import NotFound, Scope, of_person

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


@dataclass(frozen=True)
class Context:
    """`due` is the day of the earliest open task by disease; `height` the last one measured, in cm.

    What only a page shows is read when it is drawn.
    """

    session: Session
    resident_id: UUID
    diseases: tuple[Disease, ...]
    enrolled: dict[Disease, date]
    due: dict[Disease, date]
    pending: tuple[Pending, ...]
    """Besides routine visits."""
    height: float | None
    without: UUID | None

    @property
    def tracking(self) -> bool:
        return any(task.kind is TaskKind.REFERRAL_TRACKING for task in self.pending)

    @cached_property
    def resident(self) -> Resident:
        """As the table has it; no session knows the object."""
        return thing_of(Resident, self._shown["resident"][0])

    @cached_property
    def last(self) -> dict[str, Last]:
        """The last value of each row."""
        return _last(self._visits)

    @property
    def readings(self) -> list[Any]:
        """The last two visits with any."""
        return [visit for visit in self._visits if visit.sbp is not None or visit.fpg is not None][:2]

    @property
    def seen_on(self) -> date | None:
        """The day of the last visit, with or without figures."""
        return self._visits[0].visit_date if self._visits else None

    @property
    def _visits(self) -> list[Any]:
        return [visit for visit in self._shown["visits"] if visit.id != self.without]

    @cached_property
    def _shown(self) -> dict[str, Sequence[Any]]:
        asked = {"resident": self.resident_id}
        questions = {"resident": (_resident(), asked), "visits": (_visits(), asked)}
        return dict(Answers(self.session.connection(), questions))


def context_of(session: Session, scope: Scope, key: UUID) -> Context:
    """The person's registers under care and open tasks; NotFound where the scope does not see them."""
    return _context(session, of_person(scope, key), key)


def context_to_correct(session: Session, visit: Visit) -> Context:
    """The same of the person of a visit, as if that had not been; with the diseases it was about."""
    key = visit.resident_id
    known = _context(session, (_height(), {"resident": key}), key, visit.id)
    own = tuple(disease for disease in Disease if visit.body.get(disease.value) is not None)
    return replace(known, diseases=own or known.diseases, pending=())


def _context(session: Session, person: Question, key: UUID, without: UUID | None = None) -> Context:
    session.flush()
    asked = {"resident": key}
    questions = {"person": person, "heights": (_heights(), asked), "tasks": (_open_tasks(), asked)}
    answers = Answers(session.connection(), questions | {"registers": (_registers(), asked)})
    if not answers["person"]:
        raise NotFound(Resident.__tablename__)
    open_ones = [row for row in answers["registers"] if row.status not in CLOSING]
    heights = [row.height_cm for row in answers["heights"] if row.id != without]
    return Context(
        session=session,
        resident_id=key,
        diseases=tuple(d for d in Disease if d in {row.disease for row in open_ones}),
        enrolled={row.disease: row.enrolled_on for row in open_ones},
        due={row.disease: row.due_on for row in answers["tasks"]},
        pending=tuple(
            Pending(row.disease, row.kind, bool(row.urgent))
            for row in answers["tasks"]
            if row.kind is not TaskKind.ROUTINE
        ),
        height=next(iter(heights), answers["person"][0].height_cm),
        without=without,
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
    """The earliest last."""
    open_ones = (_of(Task.resident_id), Task.ended_on.is_(None))
    urgent = case((Task.kind == TaskKind.REFERRAL_TRACKING, task.urgent()), else_=false())
    columns = Task.disease, Task.due_on, Task.kind, urgent.label("urgent")
    return select(*columns).where(*open_ones).order_by(Task.due_on.desc())


@cache
def _visits() -> Any:
    return _newest(Visit.id, Visit.visit_date, Visit.body, Visit.sbp, Visit.dbp, Visit.fpg).limit(LOOKED_BACK)


@cache
def _heights() -> Any:
    """Of two visits, of which one may be about to be corrected."""
    return _newest(Visit.id, Visit.height_cm).where(Visit.height_cm.is_not(None)).limit(2)


def _newest(*columns: Any) -> Any:
    """Rows, not objects."""
    return (
        select(*columns)
        .where(_of(Visit.resident_id), Visit.voided_at.is_(None))
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
    )


@cache
def _resident() -> Any:
    return select(*table_of(Resident).c).where(_of(Resident.id))


@cache
def _height() -> Any:
    return select(Resident.id, Resident.height_cm).where(_of(Resident.id))


@cache
def _recorded() -> Any:
    return select(Visit.id).where(Visit.id == bindparam("visit", type_=Uuid()))


def _last(visits: Iterable[Any]) -> dict[str, Last]:
    found: dict[str, Last] = {}
    for visit in visits:
        for key, value in counted(visit.body).items():
            found.setdefault(key, Last(value, visit.visit_date))
    return found
