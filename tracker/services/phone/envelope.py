"""What phones put around a record, and taking the record out of it: sealed or plain, by its author alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.schemas.problem import Refused, refuse
from tracker.schemas.sealed import ENVELOPE, SEALED_AT_MOST
from tracker.services.phone.seal import unseal

CUT = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """A record as it came out of its envelope; `body` is what came where it is `refused`."""

    sent: Any
    body: Any
    number: int | None = None
    refused: Refused | None = None


def opened(item: Any, author: UUID) -> Item:
    """Only the author's own session, token or phone may bring a record."""
    if not isinstance(item, dict):
        return Item(item, item)
    number = item.get("device_sequence")
    number = number if isinstance(number, int) and not isinstance(number, bool) else None
    sent = _bounded(item)
    try:
        if item.get("author") not in (None, str(author)):
            raise refuse("author", "other_author")
        return Item(sent, plain(item), number)
    except Refused as refused:
        return Item(sent, sent, number, refused)


def plain(item: dict[str, Any]) -> dict[str, Any]:
    """The record itself; Refused where its seal does not open."""
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


def broken(items: Sequence[Item]) -> dict[int, Refused]:
    """By their place, the records that could not be taken out."""
    return {place: item.refused for place, item in enumerate(items) if item.refused is not None}


def numbers(items: Iterable[Item]) -> list[int]:
    """The numbers that the phone gave to these records."""
    return [item.number for item in items if item.number is not None]


def _bounded(item: dict[str, Any]) -> dict[str, Any]:
    """What is kept of something too long to be a record."""
    sealed = item.get("sealed")
    too_long = isinstance(sealed, str) and len(sealed) > SEALED_AT_MOST
    return {**item, "sealed": str(sealed)[:CUT]} if too_long else item
