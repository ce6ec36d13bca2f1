"""Recording visits: each one is judged at once; corrections and voids are further versions.

Nothing is refused for being late or out of order.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.facts import fasting_glucose, measured
from tracker.models import Approval, Resident, Visit, VisitSource, VisitVersion
from tracker.schemas.problem import Problem, Refused, problems_of, refuse
from tracker.schemas.visit import VisitIn
from tracker.services import audit, course, scope
from tracker.services.sender import Sender
from tracker.services.visit_rules import check, refuse_if_closed

LATE = timedelta(days=3)
NEEDS_APPROVAL = timedelta(days=30)
Body = dict[str, Any]


def accept(session: Session, sender: Sender, item: Body, residents: dict[UUID, Resident]) -> Visit:
    typed = parse(item)
    resident = residents.get(typed.resident_id)
    if resident is None or not scope.responsible_on(session, sender.staff, resident, typed.visit_date):
        raise refuse("resident_id", "not_found")
    visited_by = check(session, sender, resident, typed)
    if session.get(Visit, typed.id) is not None:
        raise refuse("id", "id_taken")
    visit = Visit(
        id=typed.id,
        resident_id=resident.id,
        village_code=resident.village_code,
        village_code_at=scope.village_on(session, resident, typed.visit_date),
        recorded_at=typed.recorded_at,
        received_at=sender.at,
        visited_by=visited_by,
        source=VisitSource.TYPED,
        approval=None,
    )
    fill(visit, typed, sender)
    session.add_all([visit, _version(visit, "original", visit.body, sender)])
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "record visit", "visit", visit.id, village_code=visit.village_code
    )
    return visit


def parse(item: Body) -> VisitIn:
    """The typed visit, or Refused with every problem of its shape."""
    try:
        return VisitIn.model_validate(item)
    except ValidationError as error:
        raise Refused(*problems_of(error)) from None


def fill(visit: Visit, typed: VisitIn, sender: Sender) -> None:
    """Put the typed content into the visit's own columns."""
    body = typed.body()
    visit.body, visit.visit_date, visit.mode = body, typed.visit_date, typed.mode
    visit.sbp, visit.dbp = measured(body)
    visit.fpg = fasting_glucose(body)
    visit.weight_kg, visit.height_cm = typed.weight_kg, typed.height_cm
    visit.clock_ahead = typed.visit_date > sender.today
    lateness = visit.recorded_at.astimezone(clock.zone()).date() - typed.visit_date
    visit.late_entry = lateness > LATE
    if lateness <= NEEDS_APPROVAL:
        visit.approval = None
    elif visit.approval is None:
        visit.approval = Approval.PENDING


def _version(visit: Visit, kind: str, body: Body, sender: Sender, reason: str = "") -> VisitVersion:
    return VisitVersion(
        visit_id=visit.id,
        version=visit.version or 1,
        kind=kind,
        body=body,
        reason=reason,
        received_at=sender.at,
        staff_id=sender.staff.id,
    )


def correct(
    session: Session, sender: Sender, visit: Visit, typed: VisitIn, version: int, reason: str
) -> None:
    """Replace the content by a new version; the old one stays. Refused when `version` is not the newest."""
    resident = course.lock_residents(session, [visit.resident_id])[visit.resident_id]
    session.refresh(visit)
    _refuse_unless_newest(visit, version)
    refuse_if_closed(sender, visit)
    if typed.resident_id != resident.id or typed.id != visit.id:
        raise refuse("resident_id", "not_found")
    if not scope.responsible_on(session, sender.staff, resident, typed.visit_date):
        raise refuse("resident_id", "not_found")
    visit.visited_by = check(session, sender, resident, typed)
    visit.version += 1
    fill(visit, typed, sender)
    session.add(_version(visit, "correction", visit.body, sender, reason))
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "correct visit", "visit", visit.id,
        village_code=visit.village_code, reason=reason,
    )  # fmt: skip


def void(session: Session, sender: Sender, visit: Visit, reason: str) -> None:
    """Take a visit out of judgement; its versions stay. Voiding it again changes nothing."""
    resident = course.lock_residents(session, [visit.resident_id])[visit.resident_id]
    session.refresh(visit)
    if visit.voided_at is not None:
        return
    if not scope.responsible_on(session, sender.staff, resident, visit.visit_date):
        raise refuse("resident_id", "not_found")
    refuse_if_closed(sender, visit)
    visit.version += 1
    visit.voided_at = sender.at
    session.add(_version(visit, "void", visit.body, sender, reason))
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "void visit", "visit", visit.id,
        village_code=visit.village_code, reason=reason,
    )  # fmt: skip


def approve(session: Session, sender: Sender, visit: Visit, *, granted: bool, reason: str = "") -> None:
    """A lead's word on an entry made more than 30 days late; only approved ones enter the rates."""
    resident = course.lock_residents(session, [visit.resident_id])[visit.resident_id]
    visit.approval = Approval.APPROVED if granted else Approval.REFUSED
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "approve visit" if granted else "refuse visit", "visit", visit.id,
        village_code=visit.village_code, reason=reason,
    )  # fmt: skip


def _refuse_unless_newest(visit: Visit, version: int) -> None:
    if visit.voided_at is not None:
        raise Refused(Problem("version", "already_void"), conflict=True)
    if version != visit.version:
        raise Refused(Problem("version", "stale_version", {"version": visit.version}), conflict=True)
