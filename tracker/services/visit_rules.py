"""What a visit may not be, given the person it is about: only the impossible is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
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


def check(session: Session, sender: Sender, resident: Resident, typed: VisitIn) -> UUID:
    """Who made the visit; Refused with all that contradicts the person's record."""
    problems = [
        *_dates(session, sender.today, resident, typed),
        *_registers(session, resident, typed),
        *_appointments(typed),
    ]
    if typed.mode is None:
        problems.append(Problem("mode", "mode_needed"))
    visited_by = sender.staff.id
    if typed.visited_by and typed.visited_by != sender.staff.username:
        found = session.scalar(select(Staff.id).where(Staff.username == typed.visited_by))
        if found is None:
            problems.append(Problem("visited_by", "unknown_staff"))
        visited_by = found or visited_by
    if problems:
        raise Refused(*problems)
    return visited_by


def closed(role: Role, visit: Visit, at: datetime) -> bool:
    """A village doctor corrects fresh visits alone; what is older is the lead's to change."""
    return role not in LEADS and at - visit.received_at > OWN_CORRECTION


def refuse_if_closed(sender: Sender, visit: Visit) -> None:
    if closed(sender.staff.role, visit, sender.at):
        raise refuse("", "correction_closed")


def _dates(session: Session, today: date, resident: Resident, typed: VisitIn) -> list[Problem]:
    if typed.visit_date > today + CLOCK_AHEAD:
        return [Problem("visit_date", "future", {"today": today.isoformat()})]
    died_on = dead_on(session, resident)
    if died_on is not None and typed.visit_date > died_on:
        return [Problem("visit_date", "after_death", {"on": died_on.isoformat()})]
    return []


def dead_on(session: Session, resident: Resident) -> date | None:
    """The day of death that stands: approved, not withdrawn, not taken back by a later return."""
    last = session.execute(
        select(StatusEvent.status, StatusEvent.on)
        .where(
            StatusEvent.resident_id == resident.id,
            StatusEvent.disease.is_(None),
            StatusEvent.status.in_([Status.DEAD, Status.ACTIVE]),
            StatusEvent.approved_at.is_not(None),
            StatusEvent.withdrawn_at.is_(None),
        )
        .order_by(StatusEvent.on.desc(), StatusEvent.recorded_at.desc())
        .limit(1)
    ).first()
    return last.on if last is not None and last.status is Status.DEAD else None


def _registers(session: Session, resident: Resident, typed: VisitIn) -> list[Problem]:
    registers = select(Condition.disease, Condition.enrolled_on).where(Condition.resident_id == resident.id)
    enrolled = {row.disease: row.enrolled_on for row in session.execute(registers)}
    problems = []
    for disease in Disease:
        if getattr(typed, disease.value) is None:
            continue
        if disease not in enrolled:
            problems.append(Problem(disease.value, "no_condition"))
        elif typed.visit_date < enrolled[disease]:
            problems.append(Problem("visit_date", "before_enrolment", {"on": enrolled[disease].isoformat()}))
    return problems


def _appointments(typed: VisitIn) -> list[Problem]:
    blocks = ((d.value, getattr(typed, d.value)) for d in Disease)
    return [
        Problem(f"{name}.appointment_on", "appointment_past")
        for name, block in blocks
        if block is not None and block.appointment_on is not None and block.appointment_on < typed.visit_date
    ]
