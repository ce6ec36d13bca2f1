"""Plain readers of roster cells: text, numbers, sex, yes or no, age; GB/T 2261.1 for the codes of sex.

Every reader takes whatever a spreadsheet can hold and never raises.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from tracker.domain.finding import Issue, Read, unread
from tracker.domain.person import Sex
from tracker.domain.reasons import Reason
from tracker.domain.words import words

SHORT = 16
LONGEST = 2000
"""Characters of a cell that are looked at: more is never a name, a number or a date."""

PLACEHOLDERS = words("placeholders")
BROKEN = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME\?|NAME|NUM|NULL|SPILL|CALC)!?", re.IGNORECASE)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YES = words("yes")
NO = words("no")
MALE = words("male")
FEMALE = words("female")
UNSAID_SEX = words("unsaid_sex")
DENIAL = re.compile(r"[无否非未?？]|排除|疑|不是|没")
GRADE = re.compile(r"(?:[1-3一二三]|i{1,3})[级期](?:[(,、]?[低中高很]+危\)?)?")
AGE = re.compile(r"(\d{1,3})(?:\.\d+)?(?:岁|周岁|虚岁|y)?")


def text(raw: object) -> str:
    """The cell as one trimmed line; whole floats lose their `.0`, invisible marks go."""
    if isinstance(raw, str):
        if raw.isalnum():
            return raw[:LONGEST]  # nothing invisible and nothing to trim: most cells
        if raw.isascii() and raw.isprintable():
            return raw[:LONGEST].strip()
        return _tidy(raw) if len(raw) <= SHORT else _tidied(raw[:LONGEST])
    if raw is None or isinstance(raw, bool):
        return "" if raw is None else str(int(raw))
    if isinstance(raw, float):
        return str(int(raw)) if math.isfinite(raw) and raw.is_integer() and abs(raw) < 1e15 else str(raw)
    if isinstance(raw, (date, datetime, time, timedelta)):
        return str(raw)
    return text(str(raw)) if isinstance(raw, int) and abs(raw) < 10**40 else ""


def _tidied(said: str) -> str:
    return INVISIBLE.sub("", said).strip(" \t\r\n\u3000\xa0'’‘＇")


_tidy = lru_cache(maxsize=50_000)(_tidied)


def plain(raw: object) -> str:
    """`text` in half width and small letters, without any blanks: for looking words up."""
    return _plain(text(raw))


@lru_cache(maxsize=50_000)
def _plain(said: str) -> str:
    half = said if said.isascii() else unicodedata.normalize("NFKC", said)
    return "".join(half.lower().split())


def placeholder(raw: object) -> bool:
    """Whether the cell says that there is nothing: empty, 无, 不详, 0 …"""
    said = plain(raw)
    return not said or said in PLACEHOLDERS


def broken(raw: object) -> bool:
    """Whether the cell is a spreadsheet's error, such as #REF!."""
    return isinstance(raw, str) and raw.lstrip()[:1] == "#" and BROKEN.fullmatch(raw.strip()) is not None


def read_text(raw: object) -> Read[str]:
    """Free text, or nothing for a broken formula."""
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    return Read(text(raw) or None)


def read_sex(raw: object) -> Read[Sex]:
    """男 女, 1 2, 男性 女性, M F; 0 and 9 are unsaid."""
    return _sex(plain(raw))


@lru_cache(maxsize=1_000)
def _sex(said: str) -> Read[Sex]:
    if said in MALE:
        return Read(Sex.MALE)
    if said in FEMALE:
        return Read(Sex.FEMALE)
    if not said or said in PLACEHOLDERS or said in UNSAID_SEX:
        return Read()
    return unread(Reason.SEX_UNCLEAR)


def read_yes(raw: object, own_word: str = "") -> Read[bool]:
    """A tick, 是, Y, 1 …; in a disease's column its own word (高血压) and a grade (2级) say yes too."""
    return _yes(plain(raw), own_word)


@lru_cache(maxsize=1_000)
def _yes(said: str, own_word: str) -> Read[bool]:
    if said in YES:
        return Read(True)
    if not said or said in NO:
        return Read(False if said else None)
    if own_word and (own_word in said or GRADE.fullmatch(said)) and not DENIAL.search(said):
        return Read(True)
    if said in PLACEHOLDERS:
        return Read()
    return unread(Reason.YES_UNCLEAR)


def read_age(raw: object) -> Read[int]:
    """Completed years, with or without 岁."""
    said = plain(raw)
    if placeholder(raw) and said != "0":
        return Read()
    found = AGE.fullmatch(said)
    years = int(found.group(1)) if found else -1
    return Read(years) if 0 <= years <= 130 else Read(None, (Issue(Reason.AGE_UNCLEAR),))
