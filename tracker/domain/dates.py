"""Dates as rosters write them; serial numbers of both Excel date systems (ECMA-376, 18.17.4.1)."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from tracker.domain.cells import broken, placeholder, text
from tracker.domain.finding import Read, unread
from tracker.domain.reasons import Reason
from tracker.domain.words import words

EARLIEST, LATEST = date(1850, 1, 1), date(2100, 12, 31)
ORIGIN_1900, ORIGIN_1904 = date(1899, 12, 30), date(1904, 1, 1)
LAST_SERIAL = 73_415
TIME = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
MARK = r"\s*[-./\\,、，。年–—_]\s*"
MARK_2 = r"\s*[-./\\,、，。月–—_]\s*"
FULL = re.compile(rf"(\d{{4}}){MARK}(\d{{1,2}}){MARK_2}(\d{{1,2}})\s*[日号.]?{TIME}")
SPACED = re.compile(rf"(\d{{4}})\s+(\d{{1,2}})\s+(\d{{1,2}}){TIME}")
COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){TIME}")
PART = re.compile(rf"\d{{4}}{MARK}\d{{1,2}}\s*月?|\d{{4}}年?|(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])")
TWO_DIGITS = re.compile(rf"\d{{2}}{MARK}\d{{1,2}}{MARK_2}\d{{1,2}}日?")
SERIAL = re.compile(r"\d{5}")
OPEN_ENDED = words("open_ended")


def read_date(raw: object, *, epoch_1904: bool = False) -> Read[date]:
    """A day from text, a date cell or a serial number; incomplete and doubtful ones are left to be asked."""
    if isinstance(raw, datetime):
        return _plausible(raw.date())
    if isinstance(raw, date):
        return _plausible(raw)
    if isinstance(raw, (time, timedelta, bool)):
        return unread(Reason.DATE_UNCLEAR)
    if isinstance(raw, float):
        return _number(raw, epoch_1904)
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    return _written(text(raw), epoch_1904)


@lru_cache(maxsize=20_000)
def _plausible(day: date) -> Read[date]:
    return Read(day) if EARLIEST <= day <= LATEST else unread(Reason.DATE_IMPOSSIBLE)


def _number(raw: float, epoch_1904: bool) -> Read[date]:
    if not math.isfinite(raw):
        return unread(Reason.DATE_UNCLEAR)
    if raw == 0:
        return Read()
    if not raw.is_integer() and raw >= 10_000 and raw <= LAST_SERIAL:
        return _serial(int(raw), epoch_1904)  # the fraction is a time of day
    return _written(text(raw), epoch_1904)


def _serial(days: int, epoch_1904: bool) -> Read[date]:
    return _plausible((ORIGIN_1904 if epoch_1904 else ORIGIN_1900) + timedelta(days=days))


@lru_cache(maxsize=20_000)
def _written(said: str, epoch_1904: bool) -> Read[date]:
    said = said if said.isascii() else unicodedata.normalize("NFKC", said).strip()
    if len(said) > 40:
        return unread(Reason.DATE_UNCLEAR)
    for shape in (FULL, COMPACT, SPACED):
        if found := shape.fullmatch(said):
            return _day(*(int(part) for part in found.groups()))
    if SERIAL.fullmatch(said) and int(said) <= LAST_SERIAL:
        return _serial(int(said), epoch_1904)
    if placeholder(said):
        return Read()
    return unread(_doubt(said))


def _day(year: int, month: int, day: int) -> Read[date]:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return unread(Reason.DATE_IMPOSSIBLE)


def _doubt(said: str) -> Reason:
    if "农历" in said or "阴历" in said:
        return Reason.DATE_LUNAR
    if "".join(said.split()) in OPEN_ENDED:
        return Reason.DATE_OPEN_ENDED
    if TWO_DIGITS.fullmatch(said):
        return Reason.DATE_TWO_DIGIT_YEAR
    return Reason.DATE_INCOMPLETE if PART.fullmatch(said) else Reason.DATE_UNCLEAR
