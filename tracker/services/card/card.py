"""A person's card: made when it is first printed, replaced when it is lost, found again by its code."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.card import is_code, new_code
from tracker.models import Card, Resident
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.sender import Sender
from tracker.services.workforce.scope import NotFound, Scope, visible

DRAWS = 5
"""Two cards of a county draw the same code once in many thousand sheets; five times over, never."""


def of(session: Session, resident_id: UUID) -> Card | None:
    """The card that is valid for a person."""
    return valid(session, [resident_id]).get(resident_id)


def valid(session: Session, residents: Collection[UUID]) -> dict[UUID, Card]:
    """The valid cards of these people, by person."""
    cards = select(Card).where(Card.resident_id.in_(list(residents)), Card.replaced_at.is_(None))
    return {card.resident_id: card for card in session.scalars(cards)}


def find(session: Session, scope: Scope, code: str) -> Card:
    """The card of a code, replaced or not, if the scope may see its person; NotFound otherwise."""
    if not is_code(code):
        raise NotFound("card")
    seen = visible(scope, Resident.village_code, Resident.id)
    query = select(Card).join(Resident, Resident.id == Card.resident_id).where(Card.code == code, seen)
    card = session.scalars(query).one_or_none()
    if card is None:
        raise NotFound("card")
    return card


def give(session: Session, sender: Sender, residents: Collection[UUID]) -> dict[UUID, Card]:
    """The valid cards of these people; who has none gets one."""
    held = valid(session, residents)
    for _draw in range(DRAWS):
        without = [key for key in residents if key not in held]
        if not without:
            break
        _make(session, sender, without)
        held |= valid(session, without)
    return held


def _make(session: Session, sender: Sender, residents: Iterable[UUID]) -> None:
    """Somebody else may give the same people cards at the same moment: theirs stand then."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [
        {
            "id": uuid4(), "resident_id": key, "code": new_code(secrets.randbelow),
            "made_at": sender.at, "made_by": sender.staff.id, "replaced_reason": "",
        }
        for key in residents
    ]  # fmt: skip
    session.connection().execute(insert(Card).on_conflict_do_nothing(), rows)


def note_printed(session: Session, sender: Sender, cards: Collection[Card]) -> None:
    keys = [card.id for card in cards]
    session.execute(update(Card).where(Card.id.in_(keys)).values(printed_at=sender.at))


def replace(session: Session, sender: Sender, resident: Resident, reason: str) -> Card:
    """A new code for a person whose card is lost; the old one only says so. Refused without a reason."""
    if not reason.strip():
        raise refuse("reason", "reason_missing")
    old = of(session, resident.id)
    if old is not None:
        old.replaced_at, old.replaced_by, old.replaced_reason = sender.at, sender.staff.id, reason.strip()
        session.flush()
    card = give(session, sender, [resident.id])[resident.id]
    audit.record(
        session, sender.actor, sender.at, "replace card", "resident", resident.id,
        village_code=resident.village_code, reason=reason.strip(),
    )  # fmt: skip
    return card
