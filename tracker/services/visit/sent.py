"""The bodies that were sent for some visit ids so far, with their answers, and those that come now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Connection, Uuid, bindparam, literal, null, select, union_all, update
from sqlalchemy.orm import Session

from tracker.models import Submission, Visit
from tracker.services.sender import Sender
from tracker.services.store.bulk import Row, insert_into, run, table_of
from tracker.services.store.trip import Question
from tracker.services.visit.visit import Body

UNSETTLED: Row = {"settled_at": None, "settled_by": None, "settled_for": ""}
STORED = "stored"
"""Stands for a visit in the place of a submission's status: those of rosters were never sent."""


class Sent:
    """`taken` are the ids that stand for a visit already; `rows` answer `earlier`, if it has been asked."""

    def __init__(
        self,
        session: Session,
        sender: Sender,
        visits: Collection[UUID],
        rows: Iterable[Any] | None = None,
    ) -> None:
        self._sender = sender
        self.taken: set[UUID] = set()
        self._known: dict[UUID, dict[bytes, Row]] = {}
        self._stored: set[UUID] = set()
        self._fresh: dict[UUID, Row] = {}
        self._again: dict[UUID, Row] = {}
        if rows is None:
            rows = session.connection().execute(*earlier(visits))
        for key, visit_id, body_hash, status, answer in rows:
            if status == STORED:
                self.taken.add(visit_id)
            else:
                found = {"id": key, "status": status, "answer": answer}
                self._known.setdefault(visit_id, {})[body_hash] = found
                self._stored.add(key)

    def answer_to(self, visit_id: UUID, fingerprint: bytes) -> Body | None:
        """What this very body was answered, unless it was refused: that is looked at again."""
        found = self._known.get(visit_id, {}).get(fingerprint)
        if found is None or found["status"] == "rejected":
            return None
        answer: Body = found["answer"]
        return answer

    def key_of(self, visit_id: UUID, fingerprint: bytes) -> UUID:
        """Under which key this body is kept, or will be."""
        bodies = self._known.setdefault(visit_id, {})
        key: UUID = bodies.setdefault(fingerprint, {"id": uuid4(), "status": ""})["id"]
        return key

    def keep(
        self,
        visit_id: UUID,
        fingerprint: bytes,
        answer: Body,
        place: tuple[UUID | None, str | None],
        body: Body | None = None,
        kind: str = "visit",
    ) -> None:
        """Keep an answer, with the body where that is not a visit of its own; `place` is whose and where."""
        key = self.key_of(visit_id, fingerprint)
        resident_id, village_code = place
        row = {
            "resident_id": resident_id,
            "village_code": village_code,
            "status": answer["status"],
            "body": body,
            "answer": answer,
            "received_at": self._sender.at,
            "staff_id": self._sender.staff.id,
            "device_id": self._sender.device_id,
        }
        self._known[visit_id][fingerprint] |= {"status": answer["status"], "answer": answer}
        if answer["status"] == "accepted":
            self.taken.add(visit_id)
        if key not in self._stored:
            self._fresh[key] = {"id": key, "visit_id": visit_id, "body_hash": fingerprint, "kind": kind,
                                **UNSETTLED, **row}  # fmt: skip
        else:
            self._again[key] = {"key": key, **row}

    def store(self, connection: Connection) -> None:
        run(connection, insert_into(Submission), list(self._fresh.values()))
        run(connection, _update(), list(self._again.values()))


def earlier(visits: Collection[UUID]) -> Question:
    """What was sent for these ids, or stands under them."""
    return _earlier(), {"visits": list(visits)}


@cache
def _earlier() -> Any:
    visits = bindparam("visits", expanding=True, type_=Uuid())
    sent = select(
        Submission.id, Submission.visit_id, Submission.body_hash, Submission.status, Submission.answer
    ).where(Submission.visit_id.in_(visits))
    stored = select(
        null().cast(Uuid()), Visit.id, null().cast(Submission.body_hash.type), literal(STORED),
        null().cast(JSON()),
    ).where(Visit.id.in_(visits))  # fmt: skip
    return union_all(sent, stored)


@cache
def _update() -> Any:
    submission = table_of(Submission)
    return update(submission).where(submission.c.id == bindparam("key", type_=Uuid()))
