"""What phones send: each record in a seal or plain, with its number on the phone and who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from flask import g
from pydantic import BaseModel, ValidationError

from tracker import clock, database
from tracker.api.body import json_object
from tracker.api.sender import sender
from tracker.extensions import db
from tracker.schemas.problem import Refused, problems_of, refuse
from tracker.services.phone import record as device_record
from tracker.services.phone import upload
from tracker.services.phone.envelope import Item, broken, numbers, opened
from tracker.services.workforce.scope import NotFound
from tracker.words.problems import texts

Model = TypeVar("Model", bound=BaseModel)


@contextmanager
def uploaded(model: type[Model], kind: str, resident_id: UUID | None = None) -> Iterator[Model]:
    """The one record of a request. What is refused of it, here or inside, is kept for the lead, sealed."""
    item = opened(json_object(), g.staff.id)
    _note([item])
    try:
        yield _typed(model, item)
    except (Refused, NotFound) as refused:
        _keep(item, kind, resident_id, refused)
        raise


def _typed(model: type[Model], item: Item) -> Model:
    if item.refused is not None:
        raise item.refused
    try:
        return model.model_validate(item.body)
    except ValidationError as invalid:
        raise Refused(*problems_of(invalid)) from None


def _keep(item: Item, kind: str, resident_id: UUID | None, refused: Exception) -> None:
    if not isinstance(item.sent, dict) or "sealed" not in item.sent:
        return
    session = db.session()
    session.rollback()
    database.begin_write(session)
    _note([item])
    why = refused if isinstance(refused, Refused) else refuse("resident_id", "not_found")
    upload.keep(session, sender(), item, kind, resident_id, texts(why.problems))
    session.commit()


def batch(items: Sequence[Any]) -> tuple[list[Any], dict[int, Refused]]:
    """The records of a request, and by their place those that could not be opened."""
    found = [opened(item, g.staff.id) for item in items]
    _note(found)
    return [item.body for item in found], broken(found)


def _note(items: Iterable[Item]) -> None:
    if g.phone is not None:
        device_record.arrived(db.session(), g.phone.id, numbers(items), clock.now())
