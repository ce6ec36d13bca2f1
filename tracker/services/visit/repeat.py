"""Tells a body that is sent again from another one under the same id."""

from __future__ import annotations

import hashlib
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from tracker.models import Base
from tracker.schemas.problem import Problem, Refused
from tracker.schemas.types import canonical

Row = TypeVar("Row", bound=Base)


def fingerprint(body: BaseModel) -> bytes:
    """Of what was sent, however it was ordered; what was left out stays out."""
    return hashlib.sha256(canonical(body.model_dump(mode="json", exclude_unset=True))).digest()


def taken() -> Refused:
    """The answer to an id that belongs to something else, whoever owns that."""
    return Refused(Problem("id", "id_taken"), conflict=True)


def earlier(session: Session, model: type[Row], key: UUID | None, body: BaseModel) -> Row | None:
    """What the same body made before; None for a new id; Refused (conflict) for another body."""
    found = None if key is None else session.get(model, key)
    if found is None:
        return None
    if found.body_hash != fingerprint(body):  # type: ignore[attr-defined]
        raise taken()
    return found
