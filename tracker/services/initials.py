"""Pinyin initials of a name, in every way that its characters may be read (单 is shan, dan and chan)."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache, partial
from itertools import product
from math import prod
from typing import Any

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
    found = _pinyin()(character, heteronym=True)[0]
    return tuple(dict.fromkeys(letter for letter in found if letter.isascii() and letter.isalpha()))


@cache
def _pinyin() -> Callable[..., Any]:
    """Loaded when the first name is written. Characters are read one by one, so the dictionary of phrases,
    which takes 45 MB, stays outside."""
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    from pypinyin import Style, pinyin

    return partial(pinyin, style=Style.FIRST_LETTER)
