"""Ids that rise (RFC 9562, version 7): many new rows then lie side by side in an index, not all over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from secrets import randbits
from uuid import UUID

VERSION, VARIANT = 7 << 76, 2 << 62
MILLISECOND = 80


def rising(at: datetime) -> Iterator[UUID]:
    """New ids of one import; the count of them stands where the version has its fraction of a millisecond."""
    began = int(at.timestamp() * 1000)
    for number in count():
        moment = (began + (number >> 12)) << MILLISECOND
        yield UUID(int=moment | VERSION | (number & 0xFFF) << 64 | VARIANT | randbits(62))
