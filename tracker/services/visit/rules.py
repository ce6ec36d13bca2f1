"""What a visit may not be, given the person it is about: only the impossible is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.roles import LEADS, Role
from tracker.domain.terms import Disease, Status
from tracker.models import Condition, Resident, Staff, StatusEvent, Visit
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.schemas.visit import VisitIn

if TYPE_CHECKING:
    from tracker.services.sender import Sender

OWN_CORRECTION = timedelta(hours=24)
"""How long a village doctor may change a visit without a lead."""
CLOCK_AHEAD = timedelta(days=1)
"""A phone may be a day ahead of the server; such a visit is taken and marked."""
MOVES = (Status.DEAD, Status.ACTIVE)


@dataclass(frozen=True, slots=True)
class Record:
    """What of a person's record a visit may contradict."""

    died_on: date | None
    enrolled: Mapping[Disease, date]


def check(today: date, record: Record, typed: VisitIn, visited_by: UUID | None) -> UUID:
    """Who made the visit; Refused with all that contradicts the person's record."""
    problems = [*_dates(today, record, typed), *_registers(record, typed), *_appointments(typed)]
    problems += _reported(today, typed)
    if typed.mode is None:
        problems.append(Problem("mode", "mode_needed"))
    if visited_by is None:
        problems.append(Problem("visited_by", "unknown_staff"))
    if problems or visited_by is None:
        raise Refused(*problems)
    return visited_by


def record_of(session: Session, resident: Resident) -> Record:
    registers = select(Condition.disease, Condition.enrolled_on).where(Condition.resident_id == resident.id)
    enrolled = {row.disease: row.enrolled_on for row in session.execute(registers)}
    return Record(dead_on(session, resident), enrolled)


def refuse_after_leaving(sender: Sender, day: date, field: str) -> None:
    """What lies on the phone of a disabled account was done before."""
    if sender.left_on is not None and day > sender.left_on:
        raise refuse(field, "after_leaving", on=sender.left_on.isoformat())


def visitors(session: Session, sender: Sender, names: Iterable[object]) -> dict[str | None, UUID]:
    """The staff behind user names; nobody named is the sender."""
    found: dict[str | None, UUID] = {None: sender.staff.id, "": sender.staff.id}
    found[sender.staff.username] = sender.staff.id
    others = {name for name in names if isinstance(name, str)} - set(found)
    if others:
        rows = session.execute(select(Staff.username, Staff.id).where(Staff.username.in_(sorted(others))))
        found |= {row.username: row.id for row in rows}
    return found


def closed(role: Role, visit: Visit, at: datetime) -> bool:
    """A village doctor corrects fresh visits alone; what is older is the lead's to change."""
    return role not in LEADS and at - visit.received_at > OWN_CORRECTION


def refuse_if_closed(sender: Sender, visit: Visit) -> None:
    if closed(sender.staff.role, visit, sender.at):
        raise refuse("", "correction_closed")


def _dates(today: date, record: Record, typed: VisitIn) -> list[Problem]:
    if typed.visit_date > today + CLOCK_AHEAD:
        return [Problem("visit_date", "future", {"today": today.isoformat()})]
    died_on = record.died_on
    if died_on is not None and typed.visit_date > died_on:
        return [Problem("visit_date", "after_death", {"on": died_on.isoformat()})]
    return []


def dead_on(session: Session, resident: Resident) -> date | None:
    """The day of death that stands: approved, not withdrawn, not taken back by a later return."""
    return last_death(
        session.execute(
            select(StatusEvent.status, StatusEvent.on, StatusEvent.recorded_at, StatusEvent.disease).where(
                StatusEvent.resident_id == resident.id,
                StatusEvent.status.in_(MOVES),
                StatusEvent.approved_at.is_not(None),
                StatusEvent.withdrawn_at.is_(None),
            )
        )
    )


def last_death(statuses: Iterable[Any]) -> date | None:
    """The same from statuses that are in effect."""
    own = [s for s in statuses if s.disease is None and s.status in MOVES]
    last = max(own, key=lambda s: (s.on, s.recorded_at), default=None)
    return last.on if last is not None and last.status is Status.DEAD else None


def _registers(record: Record, typed: VisitIn) -> list[Problem]:
    problems = []
    for disease in Disease:
        if getattr(typed, disease.value) is None:
            continue
        enrolled_on = record.enrolled.get(disease)
        if enrolled_on is None:
            problems.append(Problem(disease.value, "no_condition"))
        elif typed.visit_date < enrolled_on:
            problems.append(Problem("visit_date", "before_enrolment", {"on": enrolled_on.isoformat()}))
    return problems


def _reported(today: date, typed: VisitIn) -> list[Problem]:
    """What was done elsewhere has been done already."""
    days = {
        "referral_form.outcome_on": typed.referral_form.outcome_on if typed.referral_form else None,
        "diabetes.hba1c_on": typed.diabetes.hba1c_on if typed.diabetes else None,
    }
    latest = max(typed.visit_date, today)  # a phone may be a day ahead
    return [
        Problem(name, "future", {"today": today.isoformat()})
        for name, day in days.items()
        if day is not None and day > latest
    ]


def _appointments(typed: VisitIn) -> list[Problem]:
    blocks = ((d.value, getattr(typed, d.value)) for d in Disease)
    return [
        Problem(f"{name}.appointment_on", "appointment_past")
        for name, block in blocks
        if block is not None and block.appointment_on is not None and block.appointment_on < typed.visit_date
    ]
