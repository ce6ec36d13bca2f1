"""One encounter of a made-up patient: through the typed visit into the same columns as a doctor's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tracker.demo.batch import Made
from tracker.demo.record import Record
from tracker.domain.events import VisitEvent
from tracker.domain.facts import facts
from tracker.domain.terms import Disease
from tracker.models import Approval, Visit, VisitSource, VisitVersion
from tracker.schemas.visit import VisitIn
from tracker.services.audit import Actor
from tracker.services.sender import Sender
from tracker.services.visit import visit as visits

LATE, VERY_LATE = 0.036, 0.006
"""Shares of visits entered more than three days, and more than thirty days after they were made."""
SETTLED = timedelta(days=25)
"""By then a lead has looked at a very late entry."""


def note(record: Record, on: date, body: dict[str, Any]) -> Visit:
    """The visit and its first version, noted on the record."""
    number, doctor = len(record.history.visits) + 1, record.practice.doctor
    typed = VisitIn.model_validate(
        {
            **body,
            "id": str(record.id("visit", number)),
            "resident_id": str(record.resident.id),
            "recorded_at": record.written_at(on, _lag(record)).isoformat(),
        }
    )
    received_at = typed.recorded_at + timedelta(minutes=record.random.choice((0, 1, 2, 5, 15)))
    visit = Visit(
        id=typed.id,
        resident_id=record.resident.id,
        village_code=record.resident.village_code,
        village_code_at=record.resident.village_code,
        version=1,
        recorded_at=typed.recorded_at,
        received_at=received_at,
        visited_by=doctor.id,
        source=VisitSource.TYPED,
        **visits.content(
            typed, Sender(doctor, Actor(doctor.id, doctor.role), received_at), typed.recorded_at
        ),
    )
    _settle(record, visit)
    record.history.visits.append(visit)
    record.keep([visit, _version(visit)])
    return visit


def event_of(record: Record, visit: Visit, disease: Disease) -> VisitEvent:
    """The visit as the rules of one disease see it."""
    return VisitEvent(
        id=visit.id,
        on=visit.visit_date,
        recorded_at=visit.recorded_at,
        mode=visit.mode,
        facts=facts(
            disease,
            visit.body,
            birth_date=record.resident.birth_date,
            visit_date=visit.visit_date,
            pregnant=record.history.pregnant_on(visit.visit_date),
        ),
    )


def _lag(record: Record) -> int:
    dice = record.random.random()
    if dice < VERY_LATE:
        return record.random.randint(31, 48)
    return record.random.randint(4, 14) if dice < VERY_LATE + LATE else 0


def _settle(record: Record, visit: Visit) -> None:
    settled = visit.received_at.date() + SETTLED < record.plan.today
    if visit.approval is Approval.PENDING and settled and record.random.random() < 0.9:
        visit.approval = Approval.APPROVED if record.random.random() < 0.9 else Approval.REFUSED


def _version(visit: Visit) -> Made:
    return Made(
        VisitVersion,
        visit_id=visit.id,
        version=1,
        kind="original",
        body=visit.body,
        received_at=visit.received_at,
        staff_id=visit.visited_by,
    )
