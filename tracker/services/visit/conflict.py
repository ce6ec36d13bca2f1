"""Another body under the id of a visit that is stored: both are kept, and a lead says which is right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tracker.models import Resident, Staff, Submission, Visit
from tracker.services import audit
from tracker.services.phone.upload import SHOWN, place_of, residents_of, staff_names
from tracker.services.sender import Sender
from tracker.services.store.trip import rows_of
from tracker.services.visit import visit
from tracker.services.workforce.scope import Form, NotFound, Scope

CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Conflict:
    """The visit as it is stored, and what else was sent under its id."""

    row: Submission
    visit: Visit
    resident: Resident
    author: str
    visitor: str


def waiting(session: Session, own: Scope) -> int:
    counted: int = rows_of(session.connection(), (_waiting(own.form), own.values))[0][0]
    return counted


@lru_cache(maxsize=128)
def _waiting(form: Form) -> Select[int]:
    return select(func.count().label("number")).select_from(Submission).where(*_open(form))


def listed(session: Session, own: Scope) -> list[Conflict]:
    """What nobody has decided, the newest first."""
    return _told(session, own, *_open(own))


def find(session: Session, own: Scope, key: UUID) -> Conflict:
    """One that is undecided; NotFound for any other."""
    found = _told(session, own, *_open(own), Submission.id == key)
    if not found:
        raise NotFound("submission")
    return found[0]


def keep(session: Session, sender: Sender, found: Conflict, reason: str) -> None:
    """What is stored is right."""
    _settle(session, sender, found, "keep visit", reason)


def take(session: Session, sender: Sender, found: Conflict, version: int, reason: str) -> None:
    """The other one is right: it becomes the newest version; Refused where it cannot."""
    body = dict(found.row.body or {})
    if not body.get("visited_by"):
        author = None if found.row.staff_id is None else session.get(Staff, found.row.staff_id)
        body["visited_by"] = None if author is None else author.username
    visit.correct(session, sender, found.visit, visit.parse(body), version, reason)
    _settle(session, sender, found, "take other body", reason)


def _settle(session: Session, sender: Sender, found: Conflict, act: str, reason: str) -> None:
    row = found.row
    row.settled_at, row.settled_by, row.settled_for = sender.at, sender.staff.id, reason
    audit.record(
        session, sender.actor, sender.at, act, "visit", row.visit_id,
        village_code=found.visit.village_code, reason=reason,
    )  # fmt: skip


def _open(own: Scope | Form) -> tuple[ColumnElement[bool], ...]:
    return Submission.status == CONFLICT, Submission.settled_at.is_(None), place_of(own)


def _told(session: Session, own: Scope, *criteria: ColumnElement[bool]) -> list[Conflict]:
    rows = session.execute(
        select(Submission, Visit)
        .join(Visit, Visit.id == Submission.visit_id)
        .where(*criteria)
        .order_by(Submission.received_at.desc(), Submission.id)
        .limit(SHOWN)
    ).all()
    people = residents_of(session, own, [stored.resident_id for _row, stored in rows])
    names = staff_names(session, [key for row, stored in rows for key in (row.staff_id, stored.visited_by)])
    return [
        Conflict(
            row, stored, people[stored.resident_id], names.get(row.staff_id, ""),
            names.get(stored.visited_by, ""),
        )
        for row, stored in rows
        if stored.resident_id in people
    ]  # fmt: skip
