"""Records that came from a phone in a file: taken in as if the phone had sent them itself, each once.

The phone has signed the file, so that a lead carries it and cannot change it; what lies in it is sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from tracker.models import Device, Staff
from tracker.schemas.attempt import AttemptIn
from tracker.schemas.contract import ContractIn
from tracker.schemas.delivery import DeliveryContent, DeliveryRecord, read_file
from tracker.schemas.problem import Problem, Refused, problems_of, refuse
from tracker.schemas.resident import ResidentIn
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.contract import contract
from tracker.services.phone import device, upload
from tracker.services.phone import record as device_record
from tracker.services.phone.challenge import signed_by
from tracker.services.phone.envelope import Item, broken, numbers, opened
from tracker.services.resident import attempt, resident
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.workforce.scope import NotFound, Scope

Model = TypeVar("Model", bound=BaseModel)
SAID = "tracker export 1"
"""Before the digest that is signed, so that no file passes for a request."""
ORDER = ("resident", "contract", "attempt", "visit")
"""People before what is said of them."""
AT_ONCE = 100
Words = Callable[[Iterable[Problem]], dict[str, list[str]]]
Taken = tuple[Device, Staff, "list[Outcome]"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record: accepted, conflict or rejected, with the reasons."""

    kind: str
    id: str
    status: str
    resident_id: UUID | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)


def deliver(session: Session, lead: Sender, own: Scope, data: bytes, words: Words) -> Taken:
    """Take in a file; Refused (field `file`) unless a phone has signed it that this lead looks after."""
    phone, content = _known(session, own, data)
    owner = session.get_one(Staff, phone.staff_id)
    actor = Actor(owner.id, owner.role, lead.actor.address, f"phone {phone.id}")
    sender = Sender(owner, actor, lead.at, phone.id, device.ended_at(phone, owner))
    items = [(record, opened(record.envelope(), owner.id)) for record in content.records]
    device_record.arrived(session, phone.id, numbers(item for _r, item in items), phone.last_seen_at)
    found = [
        outcome
        for kind in ORDER
        for outcome in _of_kind(session, sender, kind, [one for one in items if one[0].kind == kind], words)
    ]
    counts = {status: sum(one.status == status for one in found) for status in {o.status for o in found}}
    audit.record(session, lead.actor, lead.at, "deliver file", "device", phone.id, details=counts)
    return phone, owner, found


def _known(session: Session, own: Scope, data: bytes) -> tuple[Device, DeliveryContent]:
    """Unknown and foreign phones look the same."""
    file, content = read_file(data)
    try:
        phone = device.looked_after(session, own, content.device)
    except NotFound:
        raise refuse("file", "delivery_of_nobody") from None
    said = f"{SAID} {hashlib.sha256(file.content.encode()).hexdigest()}".encode()
    if content.author != phone.staff_id or not signed_by(phone, file.signed(), said):
        raise refuse("file", "delivery_changed")
    return phone, content


def _of_kind(
    session: Session, sender: Sender, kind: str, items: Sequence[tuple[DeliveryRecord, Item]], words: Words
) -> list[Outcome]:
    if kind != "visit":
        return [_one(session, sender, record, item, words) for record, item in items]
    found = []
    for start in range(0, len(items), AT_ONCE):
        part = [item for _record, item in items[start : start + AT_ONCE]]
        answers = submission.submit(session, sender, [item.body for item in part], words, broken(part))
        found += [_visit(item, answer) for item, answer in zip(part, answers, strict=True)]
    return found


def _visit(item: Item, answer: dict[str, Any]) -> Outcome:
    about = upload.about(item.body if item.refused is None else None)
    return Outcome("visit", str(answer["id"]), answer["status"], about, answer["errors"] or {})


def _one(session: Session, sender: Sender, record: DeliveryRecord, item: Item, words: Words) -> Outcome:
    found = Outcome(record.kind, record.id, "accepted", record.resident_id)
    try:
        with session.begin_nested():
            _take(session, sender, record, item)
    except (Refused, NotFound) as refused:
        why = refused if isinstance(refused, Refused) else refuse("resident_id", "not_found")
        errors = words(why.problems)
        upload.keep(session, sender, item, record.kind, record.resident_id, errors)
        return replace(found, status="rejected", errors=errors)
    return found


def _take(session: Session, sender: Sender, record: DeliveryRecord, item: Item) -> None:
    if item.refused is not None:
        raise item.refused
    if record.kind == "resident":
        resident.create(session, sender, _typed(ResidentIn, item))
    elif record.kind == "contract":
        contract.sign(session, sender, _typed(ContractIn, item))
    elif record.resident_id is None:
        raise NotFound("resident")
    else:
        attempt.record(session, sender, record.resident_id, _typed(AttemptIn, item))


def _typed(model: type[Model], item: Item) -> Model:
    try:
        return model.model_validate(item.body)
    except ValidationError as invalid:
        raise Refused(*problems_of(invalid)) from None
