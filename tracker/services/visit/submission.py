"""What was sent for a visit id: each body gets one answer.

A repeated body gets its first answer again, another body under the same id is kept as a conflict, a refused
one is kept for the lead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Visit
from tracker.schemas.problem import Problem, Refused
from tracker.schemas.types import canonical
from tracker.schemas.visit import VisitIn
from tracker.services.sender import Sender
from tracker.services.store.trip import unawaited
from tracker.services.visit.intake import Accepted, Intake
from tracker.services.visit.sent import Sent, earlier
from tracker.services.visit.view import show
from tracker.services.visit.visit import Body, parse
from tracker.services.workforce import scope

Words = Callable[[Iterable[Problem]], dict[str, list[str]]]
"""Turns problems into messages by field, in the reader's language."""
Parsed = VisitIn | Refused
"""A body as it reads: the visit, or all that is wrong with its shape."""


Broken = Mapping[int, Refused]
"""By their place, items that could not be taken out of their envelope: they are kept as they came."""
NONE_BROKEN: Broken = {}


def submit(
    session: Session, sender: Sender, items: Sequence[Any], words: Words, broken: Broken = NONE_BROKEN
) -> list[Body]:
    """One answer for each item, in order; each stands for itself."""
    parsed = [broken[n] if n in broken else _parsed(item) for n, item in enumerate(items)]
    desk = _Desk(session, sender, items, parsed)
    answers = [desk.answer(item, typed, words) for item, typed in zip(items, parsed, strict=True)]
    desk.store()
    return answers


def record(session: Session, sender: Sender, item: Body, typed: VisitIn | None = None) -> Accepted:
    """Record one visit that a page typed; Refused with everything that is wrong with it."""
    typed = parse(item) if typed is None else typed
    desk = _Desk(session, sender, [item], [typed])
    accepted, _ = desk.accept(item, typed, fingerprint_of(item))
    desk.store()
    return accepted


class _Desk:
    """Where bodies are answered; what was known of their ids is read once."""

    def __init__(
        self, session: Session, sender: Sender, items: Sequence[Any], parsed: Sequence[Parsed]
    ) -> None:
        self._session, self._sender = session, sender
        typed = [visit for visit in parsed if isinstance(visit, VisitIn)]
        ids = _ids(items, "id")
        self._intake = Intake(session, sender, _ids(items, "resident_id"), typed, {"sent": earlier(ids)})
        self._sent = Sent(session, sender, ids, self._intake.answers["sent"])

    def answer(self, item: Any, typed: Parsed, words: Words) -> Body:
        visit_id = _uuid(item.get("id")) if isinstance(item, dict) else None
        if visit_id is None:
            code = "missing" if isinstance(item, dict) and "id" not in item else "uuid_parsing"
            given = item.get("id") if isinstance(item, dict) else None
            return rejection(given, words([Problem("id", code)]))
        fingerprint = fingerprint_of(item)
        first = self._sent.answer_to(visit_id, fingerprint)
        if first is not None:
            return first
        if visit_id in self._sent.taken and not _shut(item, typed):
            return self._conflict(item, visit_id, fingerprint)
        try:
            return self.accept(item, typed, fingerprint)[1]
        except Refused as refusal:
            answer = rejection(item["id"], words(refusal.problems))
            resident = self._intake.residents.get(_uuid(item.get("resident_id")) or visit_id)
            place = (None, None) if resident is None else (resident.id, resident.village_code)
            self._sent.keep(visit_id, fingerprint, answer, place, storable(item))
            return answer

    def accept(self, item: Body, typed: Parsed, fingerprint: bytes) -> tuple[Accepted, Body]:
        """What is accepted, and the answer that is kept for it."""
        if isinstance(typed, Refused):
            raise typed
        accepted = self._intake.accept(typed, self._sent.taken)
        answer = {"id": item["id"], "status": "accepted", "visit": accepted.shown(), "errors": None}
        self._sent.keep(accepted.visit.id, fingerprint, answer, _place(accepted.visit))
        return accepted, answer

    def store(self) -> None:
        connection = self._session.connection()
        with unawaited(connection):
            self._intake.store(connection)
            self._sent.store(connection)

    def _conflict(self, item: Body, visit_id: UUID, fingerprint: bytes) -> Body:
        """Another body under a known id: both are kept, a person decides. Foreign ones are not shown."""
        session, sender = self._session, self._sender
        self._intake.store_so_far(session.connection())
        visit = session.get_one(Visit, visit_id)
        own = scope.scope_of(session, sender.staff, sender.today)
        seen = session.scalar(
            select(Visit.id).where(
                Visit.id == visit_id, scope.visible(own, Visit.village_code, Visit.resident_id)
            )
        )
        answer = {
            "id": item["id"],
            "status": "conflict",
            "visit": None,
            "errors": None,
            "stored": show(session, visit) if seen else None,
            "conflict_id": str(self._sent.key_of(visit_id, fingerprint)),
        }
        self._sent.keep(visit_id, fingerprint, answer, _place(visit), storable(item))
        return answer


def _shut(item: Body, typed: Parsed) -> bool:
    """Nobody knows what is in a seal that stays shut, so that it contradicts nothing."""
    return isinstance(typed, Refused) and "sealed" in item


def _place(about: Visit) -> tuple[UUID, str]:
    return about.resident_id, about.village_code


def _parsed(item: Any) -> Parsed:
    try:
        return parse(item)
    except Refused as refusal:
        return refusal


def _ids(items: Sequence[Any], key: str) -> list[UUID]:
    found = (_uuid(item.get(key)) for item in items if isinstance(item, dict))
    return [value for value in found if value is not None]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def rejection(given: object, errors: dict[str, list[str]]) -> Body:
    return {"id": given, "status": "rejected", "visit": None, "errors": errors}


def fingerprint_of(item: Body) -> bytes:
    return hashlib.sha256(canonical(item)).digest()


def storable(item: Body) -> Body:
    """The body as databases take JSON: NaN and infinities become words."""
    kept: Body = json.loads(json.dumps(item), parse_constant=str)
    return kept
