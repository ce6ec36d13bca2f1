"""Blood pressure as rosters write it, in mmHg, within the ranges of a visit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tracker.domain.cells import broken, placeholder, text
from tracker.domain.finding import Issue, Read, unread
from tracker.domain.ranges import crossed, impossible, odd
from tracker.domain.reasons import Reason

PAIR = re.compile(
    r"(\d{1,3})(?:\.0+)?(?:mmhg)?\s*[-/\\\s,、|~–—:;]+\s*(\d{1,3})(?:\.0+)?\s*(?:mmhg|毫米汞柱)?"
)
NAMED = re.compile(r"收缩压:?\s*(\d{2,3})(?:mmhg)?[\s,;、/]*舒张压:?\s*(\d{2,3})(?:mmhg)?")
SINGLE = re.compile(r"(\d{2,3})(?:\.0+)?(?:mmhg|/|-)?")
KILOPASCAL = re.compile(r"\d{1,2}(\.\d+)?\s*/\s*\d{1,2}(\.\d+)?(kpa)?|.*kpa")


@dataclass(frozen=True, slots=True)
class Pressure:
    """Systolic and diastolic, mmHg."""

    sbp: int
    dbp: int


def read_pressure(raw: object) -> Read[Pressure]:
    """138/86, 138-86, 138 86, 138／86, 138/86mmHg; swapped and impossible pairs are left to be asked."""
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    if placeholder(raw):
        return Read()
    return _written(text(raw)[:60])


@lru_cache(maxsize=20_000)
def _written(raw: str) -> Read[Pressure]:
    said = unicodedata.normalize("NFKC", raw).lower().strip()
    if found := PAIR.fullmatch(said) or NAMED.fullmatch(said):
        first, second = int(found[1]), int(found[2])
        if first >= 40 or second >= 40:  # below, both are kilopascals
            return pair(first, second)
    if SINGLE.fullmatch(said):
        return unread(Reason.BP_INCOMPLETE)
    return unread(Reason.BP_UNIT if KILOPASCAL.fullmatch(said) else Reason.BP_UNCLEAR)


def read_pressure_columns(systolic: object, diastolic: object) -> Read[Pressure]:
    """The same from two columns; one alone is incomplete."""
    if placeholder(systolic) and placeholder(diastolic):
        return Read()
    return read_pressure(f"{text(systolic)}/{text(diastolic)}")


def pair(first: int, second: int) -> Read[Pressure]:
    """Refuse what cannot be; remark on what is rare."""
    if first < second and not impossible("sbp", second) and not impossible("dbp", first):
        return unread(Reason.BP_SWAPPED, suggestion=f"{second}/{first}")
    if crossed(first, second) or impossible("sbp", first) or impossible("dbp", second):
        return unread(Reason.BP_RANGE)
    rare = odd({"sbp": first, "dbp": second})
    return Read(Pressure(first, second), fixes=(Issue(Reason.BP_ODD),) if rare else ())
