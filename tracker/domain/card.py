"""The code on a person's card: seven random characters and a check character after ISO 7064 (Mod 29, 28).

Neither vowels nor the look-alikes 0 O 1 I L are in it; a wrong character is always noticed, and nearly always
two that changed places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from stdnum.iso7064 import mod_37_36

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 8
GROUPS = (3, 3, 2)
GAPS = re.compile(r"[\s\-‐-―－_·]+")


def new_code(number_below: Callable[[int], int]) -> str:
    """A code from a source of random numbers; letters and figures are in it, unlike in other searches."""
    while True:
        drawn = "".join(ALPHABET[number_below(len(ALPHABET))] for _ in range(LENGTH - 1))
        if _mixed(drawn):
            return drawn + mod_37_36.calc_check_digit(drawn, ALPHABET)


def tidy(said: str) -> str:
    """What was typed or read without gaps, in capitals and half width."""
    return GAPS.sub("", unicodedata.normalize("NFKC", said)).upper()


def looks_like_code(said: str) -> bool:
    """Whether a tidy text has the form of a code; its check character may be wrong."""
    return len(said) == LENGTH and set(said) <= set(ALPHABET) and _mixed(said[:-1])


def is_code(said: str) -> bool:
    """Whether a tidy text is a code that a card may carry."""
    return looks_like_code(said) and bool(mod_37_36.is_valid(said, ALPHABET))


def shown(code: str) -> str:
    """In groups, as it is printed and read out: 7K3 M2P 9R."""
    first, second, _last = GROUPS
    return f"{code[:first]} {code[first : first + second]} {code[first + second :]}"


def _mixed(drawn: str) -> bool:
    return any(c.isdigit() for c in drawn) and any(c.isalpha() for c in drawn)
