"""Ids that rise (RFC 9562, version 7): many new rows then lie side by side in an index, not all over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import UUID

VERSION, VARIANT = 7 << 76, 2 << 62
MILLISECOND, A_MILLISECOND = 80, 4096
"""Where the milliseconds begin, and how many ids stand in one."""


def rising(at: datetime) -> Iterator[UUID]:
    """New ids of one import; the count of them stands where the version has its fraction of a millisecond."""
    for moment in count(int(at.timestamp() * 1000)):
        chance = os.urandom(8 * A_MILLISECOND)
        for number in range(A_MILLISECOND):
            low = VARIANT | int.from_bytes(chance[8 * number : 8 * number + 8]) >> 2
            yield UUID(int=moment << MILLISECOND | VERSION | number << 64 | low)
