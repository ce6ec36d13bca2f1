"""What a phone puts around a record: whose it is, its number on that phone, and the record in a seal."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NoReturn

from tracker.schemas.problem import refuse

SEALED_AT_MOST = 400_000
"""Characters of a seal: a contract with its drawn signature is the largest thing that phones record."""
ENVELOPE = ("key", "device_sequence", "author")
"""What may stand beside an id, sealed or not, and is no part of the record."""


def bytes_of(text: object) -> bytes:
    """base64url without padding; Refused for anything else."""
    if not isinstance(text, str):
        raise refuse("sealed", "string_type")
    if len(text) > SEALED_AT_MOST:
        raise refuse("sealed", "seal_long", most=SEALED_AT_MOST)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise refuse("sealed", "seal_broken") from None


def object_of(content: bytes) -> dict[str, Any]:
    """The record inside, read as strictly as a body that came plain."""
    try:
        found = json.loads(content, parse_constant=_no_number, object_pairs_hook=no_twice)
    except (ValueError, RecursionError):
        raise refuse("sealed", "seal_no_json") from None
    if not isinstance(found, dict):
        raise refuse("sealed", "seal_no_json")
    return found


def no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two values under one key is meant cannot be known."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_number(_name: str) -> NoReturn:
    raise ValueError
