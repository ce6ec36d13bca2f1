"""What one needs to know of a person before typing a visit: registers, last values, open tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.form_text import flat
from tracker.domain.terms import CLOSING, Disease, TaskKind
from tracker.models import Condition, Resident, Task, Visit

LOOKED_BACK = 12
"""How many visits are read for the last value of each row."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last value of a row, and when."""

    value: Any
    on: date


@dataclass(frozen=True, slots=True)
class Context:
    """`due` is the day of the open chain task by disease; `readings` are the last two visits with any."""

    resident: Resident
    diseases: tuple[Disease, ...]
    enrolled: dict[Disease, date]
    last: dict[str, Last]
    readings: tuple[Visit, ...]
    due: dict[Disease, date]
    tracking: bool


def context_of(session: Session, resident: Resident, without: UUID | None = None) -> Context:
    """The person's registers under care and history; `without` leaves out the visit that is corrected."""
    registers = session.scalars(select(Condition).where(Condition.resident_id == resident.id)).all()
    open_ones = [c for c in registers if c.status not in CLOSING]
    tasks = session.scalars(
        select(Task).where(Task.resident_id == resident.id, Task.ended_on.is_(None))
    ).all()
    visits = [v for v in _visits(session, resident) if v.id != without]
    measured = [v for v in visits if v.sbp is not None or v.fpg is not None]
    return Context(
        resident=resident,
        diseases=tuple(d for d in Disease if d in {c.disease for c in open_ones}),
        enrolled={c.disease: c.enrolled_on for c in open_ones},
        last=_last(visits),
        readings=tuple(measured[:2]),
        due={t.disease: t.due_on for t in tasks if t.chain},
        tracking=any(t.kind is TaskKind.REFERRAL_TRACKING for t in tasks),
    )


def _visits(session: Session, resident: Resident) -> Sequence[Visit]:
    return session.scalars(
        select(Visit)
        .where(Visit.resident_id == resident.id, Visit.voided_at.is_(None))
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
        .limit(LOOKED_BACK)
    ).all()


def _last(visits: Sequence[Visit]) -> dict[str, Last]:
    found: dict[str, Last] = {}
    for visit in visits:
        for key, value in flat(visit.body).items():
            found.setdefault(key, Last(value, visit.visit_date))
    return found
