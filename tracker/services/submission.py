"""What was sent for a visit id: each body gets one answer.

A repeated body gets its first answer again, another body under the same id is kept as a conflict, a refused
one is kept for the lead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Resident, Submission, Visit
from tracker.schemas.problem import Problem, Refused
from tracker.schemas.types import canonical
from tracker.services import course, scope
from tracker.services.sender import Sender
from tracker.services.visit import Body, accept
from tracker.services.visit_view import show

Words = Callable[[Iterable[Problem]], dict[str, list[str]]]
"""Turns problems into messages by field, in the reader's language."""


def submit(session: Session, sender: Sender, items: Sequence[Any], words: Words) -> list[Body]:
    """One answer for each item, in order; each stands for itself."""
    residents = course.lock_residents(session, _ids(items, "resident_id"))
    return [_answer(session, sender, item, residents, words) for item in items]


def record(session: Session, sender: Sender, item: Body) -> Visit:
    """Record one visit that a page typed; Refused with everything that is wrong with it."""
    residents = course.lock_residents(session, _ids([item], "resident_id"))
    visit = accept(session, sender, item, residents)
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
        visit = accept(session, sender, item, residents)
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
