"""How the people of a page of tasks can be called, and what came of the last try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker.models import AttemptOutcome, ContactAttempt, ResidentPhone
from tracker.models.among import among
from tracker.services.store.trip import Answers
from tracker.services.task.listing import TaskRow
from tracker.services.workforce.scope import Scope


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to reach somebody; for some outcomes until which day."""

    attempted_at: datetime
    outcome: AttemptOutcome
    until: date | None


@dataclass(frozen=True, slots=True)
class Reached:
    """By person: the first telephone number, and the last try to reach them."""

    phones: dict[UUID, str]
    attempts: dict[UUID, Attempt]


def of(session: Session, scope: Scope, rows: Sequence[TaskRow]) -> Reached:
    """How the people of a page can be called, by those who may, and what came of the last try."""
    if not rows:
        return Reached({}, {})
    people = {"people": list({row.resident_id for row in rows})}
    asked = {"attempts": (_attempts(), people)}
    if scope.sees_full:
        asked["numbers"] = _numbers(), people
    found = Answers(session.connection(), asked)
    attempts = {
        row.resident_id: Attempt(row.attempted_at, row.outcome, row.until) for row in found["attempts"]
    }
    return Reached(dict(found.get("numbers", ())), attempts)


@cache
def _numbers() -> Select[UUID, str]:
    """A person's first number alone is opened."""
    phone, other = ResidentPhone, aliased(ResidentPhone)
    before = select(other.id).where(
        other.resident_id == phone.resident_id,
        tuple_(other.position, other.id) < tuple_(phone.position, phone.id),
    )
    return select(phone.resident_id, phone.number).where(among(phone.resident_id, "people"), ~before.exists())


@cache
def _attempts() -> Select[*tuple[Any, ...]]:
    """The last one comes last."""
    made = ContactAttempt
    asked = select(made.resident_id, made.attempted_at, made.outcome, made.until)
    return asked.where(among(made.resident_id, "people")).order_by(made.attempted_at)
