"""Pinyin initials of a name, in every way that its characters may be read (单 is shan, dan and chan)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from math import prod
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "data" / "initials.txt"
"""A line for each set of initials, and all characters that have them; `scripts/initials.py` writes it."""

READINGS_AT_MOST = 24
"""Ways to read one name that are kept; beyond that the rarest readings are left out."""
LONGEST = 80


def initials_of(name: str) -> frozenset[str]:
    """Small-letter initials; characters without a reading are passed over."""
    ways = [found for character in name[:LONGEST] if (found := _readings(character))]
    while prod(len(way) for way in ways) > READINGS_AT_MOST:
        longest = max(range(len(ways)), key=lambda i: len(ways[i]))
        ways[longest] = ways[longest][:-1]
    return frozenset("".join(way) for way in product(*ways)) - {""}


@lru_cache(maxsize=20_000)
def _readings(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower(),) if character.isalpha() else ()
    return next((letters for letters, characters in _ways() if character in characters), ())


@cache
def _ways() -> Sequence[tuple[tuple[str, ...], str]]:
    """Read when the first name is written. A library's dictionary of 40,000 characters would take 11 MB."""
    lines = (line.partition(" ") for line in FILE.read_text("utf-8").splitlines())
    return [(tuple(letters), characters) for letters, _, characters in lines]
