"""Recording visits: each body that is sent gets one answer, each accepted one is judged at once.

Nothing is refused for being late or out of order. A repeated body gets its first answer again, another body
under the same id is kept as a conflict, a refused one is kept for the lead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.facts import fasting_glucose, measured
from tracker.models import Approval, Resident, Staff, Submission, Visit, VisitSource, VisitVersion
from tracker.schemas.problem import Problem, Refused, problems_of, refuse
from tracker.schemas.types import canonical
from tracker.schemas.visit import VisitIn
from tracker.services import audit, course, scope
from tracker.services.audit import Actor
from tracker.services.visit_rules import check, refuse_if_closed
from tracker.services.visit_view import show

LATE = timedelta(days=3)
NEEDS_APPROVAL = timedelta(days=30)
Body = dict[str, Any]
Words = Callable[[Iterable[Problem]], dict[str, list[str]]]
"""Turns problems into messages by field, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and when the server got it."""

    staff: Staff
    actor: Actor
    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(clock.zone()).date()


def submit(session: Session, sender: Sender, items: Sequence[Any], words: Words) -> list[Body]:
    """One answer for each item, in order; each stands for itself."""
    residents = course.lock_residents(session, _ids(items, "resident_id"))
    return [_answer(session, sender, item, residents, words) for item in items]


def record(session: Session, sender: Sender, item: Body) -> Visit:
    """Record one visit that a page typed; Refused with everything that is wrong with it."""
    residents = course.lock_residents(session, _ids([item], "resident_id"))
    visit = _accept(session, sender, item, residents)
    answer = {"id": item["id"], "status": "accepted", "visit": show(session, visit), "errors": None}
    _keep(session, sender, item, visit.id, answer, visit)
    return visit


def _ids(items: Sequence[Any], key: str) -> list[UUID]:
    found = (_uuid(item.get(key)) for item in items if isinstance(item, dict))
    return [value for value in found if value is not None]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _answer(
    session: Session, sender: Sender, item: Any, residents: dict[UUID, Resident], words: Words
) -> Body:
    visit_id = _uuid(item.get("id")) if isinstance(item, dict) else None
    if visit_id is None:
        code = "missing" if isinstance(item, dict) and "id" not in item else "uuid_parsing"
        given = item.get("id") if isinstance(item, dict) else None
        return _rejection(given, words([Problem("id", code)]))
    before = _earlier(session, visit_id)
    fingerprint = _fingerprint(item)
    for submission in before:
        if submission.body_hash == fingerprint and submission.status != "rejected":
            return submission.answer
    if any(s.status == "accepted" for s in before):
        return _conflict(session, sender, item, visit_id)
    return _first(session, sender, item, visit_id, residents, words)


def _first(
    session: Session,
    sender: Sender,
    item: Body,
    visit_id: UUID,
    residents: dict[UUID, Resident],
    words: Words,
) -> Body:
    try:
        visit = _accept(session, sender, item, residents)
    except Refused as refusal:
        answer = _rejection(item["id"], words(refusal.problems))
        _keep(
            session, sender, item, visit_id, answer, residents.get(_uuid(item.get("resident_id")) or visit_id)
        )
        return answer
    answer = {"id": item["id"], "status": "accepted", "visit": show(session, visit), "errors": None}
    _keep(session, sender, item, visit_id, answer, visit)
    return answer


def _rejection(given: object, errors: dict[str, list[str]]) -> Body:
    return {"id": given, "status": "rejected", "visit": None, "errors": errors}


def _earlier(session: Session, visit_id: UUID) -> list[Submission]:
    return list(session.scalars(select(Submission).where(Submission.visit_id == visit_id)))


def _fingerprint(item: Body) -> bytes:
    return hashlib.sha256(canonical(item)).digest()


def _conflict(session: Session, sender: Sender, item: Body, visit_id: UUID) -> Body:
    """Another body under a known id: both are kept, a person decides. Foreign ones are not shown."""
    visit = session.get_one(Visit, visit_id)
    own = scope.scope_of(session, sender.staff, sender.today)
    seen = session.scalar(
        select(Visit.id).where(
            Visit.id == visit_id, scope.visible(own, Visit.village_code, Visit.resident_id)
        )
    )
    stored = show(session, visit) if seen else None
    conflict_id = uuid4()
    answer = {
        "id": item["id"],
        "status": "conflict",
        "visit": None,
        "errors": None,
        "stored": stored,
        "conflict_id": str(conflict_id),
    }
    _keep(session, sender, item, visit_id, answer, visit, key=conflict_id)
    return answer


def _keep(
    session: Session,
    sender: Sender,
    item: Body,
    visit_id: UUID,
    answer: Body,
    about: Visit | Resident | None,
    key: UUID | None = None,
) -> None:
    fingerprint, status = _fingerprint(item), str(answer["status"])
    same = [s for s in _earlier(session, visit_id) if s.body_hash == fingerprint]
    submission = same[0] if same else Submission(id=key or uuid4(), visit_id=visit_id, body_hash=fingerprint)
    submission.status, submission.answer = status, answer
    submission.body = None if status == "accepted" else _storable(item)
    submission.received_at, submission.staff_id = sender.at, sender.staff.id
    submission.village_code = None if about is None else about.village_code
    submission.resident_id = _resident_id(about)
    session.add(submission)


def _storable(item: Body) -> Body:
    """The body as databases take JSON: NaN and infinities become words."""
    kept: Body = json.loads(json.dumps(item), parse_constant=str)
    return kept


def _resident_id(about: Visit | Resident | None) -> UUID | None:
    if isinstance(about, Visit):
        return about.resident_id
    return None if about is None else about.id


def _accept(session: Session, sender: Sender, item: Body, residents: dict[UUID, Resident]) -> Visit:
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
