"""Recording visits: each one is judged at once; corrections and voids are further versions.

Nothing is refused for being late or out of order.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.facts import fasting_glucose, measured
from tracker.models import Approval, Visit, VisitVersion
from tracker.schemas.problem import Problem, Refused, problems_of, refuse
from tracker.schemas.visit import VisitIn
from tracker.services import audit
from tracker.services.course import course
from tracker.services.sender import Sender
from tracker.services.visit.rules import CLOCK_AHEAD, check, record_of, refuse_if_closed, visitors
from tracker.services.workforce import scope

LATE = timedelta(days=3)
NEEDS_APPROVAL = timedelta(days=30)
CLOCK_ALLOWED = timedelta(minutes=10)
Body = dict[str, Any]


def parse(item: Body) -> VisitIn:
    """The typed visit, or Refused with every problem of its shape."""
    try:
        return VisitIn.model_validate(item)
    except ValidationError as error:
        raise Refused(*problems_of(error)) from None


def content(
    typed: VisitIn, sender: Sender, recorded_at: datetime, received_at: datetime | None = None
) -> Body:
    """The columns of a visit that follow from what was typed; it was recorded first at `recorded_at`."""
    body = typed.body()
    sbp, dbp = measured(body)
    lateness = _lateness(typed.visit_date, recorded_at, received_at or sender.at)
    return {
        "body": body,
        "visit_date": typed.visit_date,
        "mode": typed.mode,
        "sbp": sbp,
        "dbp": dbp,
        "fpg": fasting_glucose(body),
        "weight_kg": typed.weight_kg,
        "height_cm": typed.height_cm,
        "clock_ahead": typed.visit_date > sender.today,
        "late_entry": lateness > LATE,
        "approval": Approval.PENDING if lateness > NEEDS_APPROVAL or sender.ended_at else None,
    }


def _lateness(visit_date: date, recorded_at: datetime, received_at: datetime) -> timedelta:
    """By a clock that may say anything: nothing is recorded after it came, or long before it happened."""
    recorded_on, received_on = (at.astimezone(clock.zone()).date() for at in (recorded_at, received_at))
    believed = min(recorded_on, received_on) if recorded_on >= visit_date - CLOCK_AHEAD else received_on
    return believed - visit_date


def sent_after_end(visit: Visit) -> bool:
    """Whether a lead is asked because an account or phone had ended, and not for being late."""
    late = _lateness(visit.visit_date, visit.recorded_at, visit.received_at) > NEEDS_APPROVAL
    return visit.device_id is not None and visit.approval is not None and not late


def clock_wrong(visit: Visit) -> bool:
    """Whether the phone's clock was so far off that the time of recording says little."""
    off = visit.clock_offset or 0
    ahead = visit.recorded_at - visit.received_at
    behind = visit.visit_date - visit.recorded_at.astimezone(clock.zone()).date()
    return abs(off) > CLOCK_ALLOWED.total_seconds() or ahead > CLOCK_ALLOWED or behind > CLOCK_AHEAD


def _fill(visit: Visit, typed: VisitIn, sender: Sender) -> None:
    """Put the corrected content into the visit's own columns; a lead's word on it stands."""
    before = visit.approval
    late = _lateness(visit.visit_date, visit.recorded_at, visit.received_at) > NEEDS_APPROVAL
    for name, value in content(typed, sender, visit.recorded_at, visit.received_at).items():
        setattr(visit, name, value)
    if before is not None and (visit.approval is not None or not late):
        visit.approval = before


def version_of(visit: Visit, kind: str, sender: Sender, reason: str = "") -> Body:
    """The row that keeps a version as it was recorded."""
    return {
        "visit_id": visit.id,
        "version": visit.version,
        "kind": kind,
        "body": visit.body,
        "reason": reason,
        "received_at": sender.at,
        "staff_id": sender.staff.id,
    }


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
    known = visitors(session, sender, [typed.visited_by])
    visit.visited_by = check(sender.today, record_of(session, resident), typed, known.get(typed.visited_by))
    visit.version += 1
    _fill(visit, typed, sender)
    session.add(VisitVersion(**version_of(visit, "correction", sender, reason)))
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
    session.add(VisitVersion(**version_of(visit, "void", sender, reason)))
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
