"""Records that were refused, kept so that nothing is lost: the lead sees them and decides.

A visit's content lies readable, as visits do. Other records may hold numbers of documents and phones, so
that they stay in the seal they came in and are opened to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.models import ContactAttempt, Contract, Device, Resident, Staff, Submission, Visit
from tracker.models.among import among
from tracker.schemas.problem import Refused
from tracker.schemas.sealed import ENVELOPE
from tracker.services import audit
from tracker.services.phone import device
from tracker.services.phone.envelope import Item, plain
from tracker.services.sender import Sender
from tracker.services.store.trip import rows_of
from tracker.services.visit import submission
from tracker.services.visit.sent import Sent
from tracker.services.workforce.scope import Form, NotFound, Scope, visible

SHOWN = 100
REFUSED = "rejected"
MADE_AT = (Visit.received_at, Resident.created_at, Contract.created_at, ContactAttempt.recorded_at)
"""When what stands under an id was taken in: that settles what was refused before, not another body later."""
ENTERED = "settled"
"""Refused first, then entered by a lead: the same body sent again gets the lead's visit as its answer."""
Errors = dict[str, list[str]]
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused record as a lead sees it; of one id only what came last."""

    row: Submission
    author: str
    device: str | None
    resident: Resident | None
    content: Content | None
    """None where the seal does not open."""

    @property
    def errors(self) -> Errors:
        found: Errors = self.row.answer.get("errors") or {}
        return found


def keep(
    session: Session, sender: Sender, item: Item, kind: str, resident_id: UUID | None, errors: Errors
) -> None:
    """Keep a refused record of another kind than a visit, as it came."""
    key = _uuid(item.sent.get("id"))
    if key is None:
        return
    about = resident_id or _uuid(item.body.get("resident_id"))
    resident = None if about is None else session.get(Resident, about)
    place = (None, None) if resident is None else (resident.id, resident.village_code)
    kept = submission.storable(item.sent)
    if resident is None and resident_id is not None:
        kept |= {"resident_id": str(resident_id)}
    sent = Sent(session, sender, [key])
    answer = submission.rejection(item.sent["id"], errors)
    sent.keep(key, submission.fingerprint_of(item.body), answer, place, kept, kind)
    sent.store(session.connection())


def waiting(session: Session, own: Scope) -> int:
    """How many refused records nobody has dealt with."""
    asked = {**own.values, "senders": list(_senders_of_nobody(session, own))}
    counted: int = rows_of(session.connection(), (_waiting(own.form), asked))[0][0]
    return counted


@lru_cache(maxsize=128)
def _waiting(form: Form) -> Select[int]:
    criteria = _criteria(form, among(Submission.staff_id, "senders"))
    return select(func.count(func.distinct(Submission.visit_id)).label("number")).where(*criteria)


def listed(session: Session, own: Scope) -> list[Refusal]:
    """What waits, the newest first."""
    newest = (
        select(
            Submission.id,
            func.row_number()
            .over(partition_by=Submission.visit_id, order_by=(Submission.received_at.desc(), Submission.id))
            .label("place"),
        )
        .where(*_open(session, own))
        .subquery()
    )
    rows = session.scalars(
        select(Submission)
        .join(newest, newest.c.id == Submission.id)
        .where(newest.c.place == 1)
        .order_by(Submission.received_at.desc(), Submission.id)
        .limit(SHOWN)
    ).all()
    return _told(session, own, rows)


def find(session: Session, own: Scope, key: UUID) -> Refusal:
    """One that waits; NotFound for a foreign one, or one that has been dealt with."""
    row = session.scalars(select(Submission).where(Submission.id == key, *_open(session, own))).one_or_none()
    if row is None:
        raise NotFound("submission")
    return _told(session, own, [row])[0]


def settle(session: Session, sender: Sender, row: Submission, reason: str) -> None:
    """Nothing is to be made of it; it stays kept, with every other body of its id."""
    session.execute(
        update(Submission)
        .where(
            Submission.visit_id == row.visit_id,
            Submission.status == REFUSED,
            Submission.settled_at.is_(None),
        )
        .values(settled_at=sender.at, settled_by=sender.staff.id, settled_for=reason)
    )
    _note(session, sender, "leave upload", row, reason)


def enter(session: Session, sender: Sender, row: Submission, body: Content) -> Visit:
    """The visit that the lead has made of it under the same id; Refused with what is wrong with that."""
    accepted = submission.record(session, sender, {**body, "id": str(row.visit_id)})
    row.status = ENTERED
    row.answer = {
        "id": str(row.visit_id), "status": "accepted", "visit": accepted.shown(), "errors": None,
    }  # fmt: skip
    row.settled_at, row.settled_by = sender.at, sender.staff.id
    _note(session, sender, "enter upload", row)
    return accepted.visit


def _note(session: Session, sender: Sender, act: str, row: Submission, reason: str = "") -> None:
    audit.record(
        session, sender.actor, sender.at, act, "submission", row.visit_id,
        village_code=row.village_code or "", reason=reason, details={"kind": row.kind},
    )  # fmt: skip


def readable(row: Submission) -> Content | None:
    """What the record says; None where its seal does not open."""
    body: Content = row.body or {}
    if "sealed" not in body:
        return {name: value for name, value in body.items() if name not in ENVELOPE}
    try:
        return plain({name: body[name] for name in ("id", "sealed", *ENVELOPE) if name in body})
    except Refused:
        return None


def place_of(own: Scope | Form) -> ColumnElement[bool]:
    """The criterion that a body is about somebody of the scope."""
    village: InstrumentedAttribute[Any] = Submission.village_code
    resident: InstrumentedAttribute[Any] = Submission.resident_id
    return visible(own, village, resident)


def _open(session: Session, own: Scope) -> tuple[ColumnElement[bool], ...]:
    return _criteria(own, Submission.staff_id.in_(_senders_of_nobody(session, own)))


def _criteria(own: Scope | Form, from_theirs: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """`from_theirs`: that it was sent by somebody whose records about nobody come to this lead."""
    since = (
        select(at.class_.id).where(at.class_.id == Submission.visit_id, at >= Submission.received_at)
        for at in MADE_AT
    )
    return (
        or_(place_of(own), and_(Submission.village_code.is_(None), from_theirs)),
        Submission.status == REFUSED,
        Submission.settled_at.is_(None),
        *(~taken_in.exists() for taken_in in since),
    )


def _senders_of_nobody(session: Session, own: Scope) -> set[UUID]:
    """Whose records about nobody that is known come to this lead: those of the people looked after."""
    senders = rows_of(session.connection(), (_senders(), {}))
    found: set[UUID] = {key for (key,) in senders if key is not None}
    return found & (device.owners(session, own) | {own.staff_id}) if found else set()


@cache
def _senders() -> Select[UUID | None]:
    return (
        select(Submission.staff_id)
        .where(
            Submission.status == REFUSED, Submission.village_code.is_(None), Submission.settled_at.is_(None)
        )
        .distinct()
    )


def _told(session: Session, own: Scope, rows: Sequence[Submission]) -> list[Refusal]:
    names = staff_names(session, [row.staff_id for row in rows])
    used = {row.device_id for row in rows} - {None}
    devices = session.execute(select(Device.id, Device.name).where(Device.id.in_(used)))
    phones = {row.id: row.name for row in devices}
    contents = {row.id: readable(row) for row in rows}
    wanted = {row.id: row.resident_id or about(contents[row.id]) or about(row.body) for row in rows}
    people = residents_of(session, own, [key for key in wanted.values() if key is not None])
    return [
        Refusal(
            row,
            names.get(row.staff_id, ""),
            None if row.device_id is None else phones.get(row.device_id),
            people.get(wanted[row.id]),
            contents[row.id],
        )
        for row in rows
    ]


def about(content: Content | None) -> UUID | None:
    """Whom a record says it is about."""
    return None if content is None else _uuid(content.get("resident_id"))


def staff_names(session: Session, keys: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {key for key in keys if key is not None}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def residents_of(session: Session, own: Scope, keys: Sequence[UUID]) -> dict[UUID | None, Resident]:
    """Those of the people whom the scope may see."""
    rows = session.scalars(
        select(Resident).where(Resident.id.in_(set(keys)), visible(own, Resident.village_code, Resident.id))
    )
    return {resident.id: resident for resident in rows}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
