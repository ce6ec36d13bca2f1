"""What phones send: each record in a seal or plain, with its number on the phone and who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, g
from pydantic import BaseModel, ValidationError

from tracker import clock
from tracker.api.body import json_object
from tracker.api.sender import sender
from tracker.extensions import db
from tracker.problem import problem
from tracker.schemas.problem import Refused, problems_of, refuse
from tracker.schemas.sealed import ENVELOPE, SEALED_AT_MOST
from tracker.services import device_record, submission
from tracker.services.seal import unseal
from tracker.words.problems import texts

Model = TypeVar("Model", bound=BaseModel)
CUT = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """A record as it came out of its envelope; `body` is what came where it is `refused`."""

    body: Any
    number: int | None = None
    refused: Refused | None = None


def opened(item: Any) -> Item:
    """Only its author may send a record: by their own session, token or phone."""
    if not isinstance(item, dict):
        return Item(item)
    number = item.get("device_sequence")
    number = number if isinstance(number, int) and not isinstance(number, bool) else None
    try:
        if item.get("author") not in (None, str(g.staff.id)):
            raise refuse("author", "other_author")
        return Item(_plain(item), number)
    except Refused as refused:
        return Item(_bounded(item), number, refused)


def uploaded(model: type[Model]) -> Model:
    """The one record of a request; ends the request with 400 or 422. A seal that stays shut is kept."""
    item = opened(json_object())
    _note([item])
    if item.refused is not None:
        submission.keep_refused(db.session(), sender(), item.body, item.refused, texts)
        db.session.commit()
        abort(problem(422, errors=texts(item.refused.problems)))
    try:
        return model.model_validate(item.body)
    except ValidationError as invalid:
        abort(problem(422, errors=texts(problems_of(invalid))))


def batch(items: Sequence[Any]) -> tuple[list[Any], dict[int, Refused]]:
    """The records of a request, and by their place those that could not be opened."""
    found = [opened(item) for item in items]
    _note(found)
    broken = {place: item.refused for place, item in enumerate(found) if item.refused is not None}
    return [item.body for item in found], broken


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in item.items() if key not in ENVELOPE}
    if "sealed" not in item:
        return rest
    if rest.keys() != {"id", "sealed"}:
        raise refuse("sealed", "seal_alone")
    try:
        key = UUID(item["id"])
    except (AttributeError, TypeError, ValueError):
        raise refuse("id", "uuid_parsing") from None
    return unseal(key, item["sealed"], item.get("key"))


def _bounded(item: dict[str, Any]) -> dict[str, Any]:
    """What is kept of something too long to be a record."""
    sealed = item.get("sealed")
    too_long = isinstance(sealed, str) and len(sealed) > SEALED_AT_MOST
    return {**item, "sealed": str(sealed)[:CUT]} if too_long else item


def _note(items: Iterable[Item]) -> None:
    if g.phone is not None:
        numbers = [item.number for item in items if item.number is not None]
        device_record.arrived(db.session(), g.phone.id, numbers, clock.now())
