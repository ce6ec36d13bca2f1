"""Fasting plasma glucose as rosters write it, mmol/L with one decimal; mg/dL only where it says so."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from tracker.domain.cells import broken, placeholder, text
from tracker.domain.finding import Issue, Read, unread
from tracker.domain.ranges import RANGES, impossible, odd
from tracker.domain.reasons import Reason

NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,15})?)(mmol/?l?|mmo1/l|mg/?dl)?")
MILLIGRAMS = Decimal("18.0")
STEP = Decimal("0.1")
HIGHEST = Decimal(str(RANGES["fpg"].high))


def read_glucose(raw: object) -> Read[Decimal]:
    """A reading within 1.0–40.0; 68 (6.8?) and 126 (mg/dL?) are left to be asked."""
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    if placeholder(raw):
        return Read()
    return _written(text(raw)[:60])


@lru_cache(maxsize=5_000)
def _written(raw: str) -> Read[Decimal]:
    said = unicodedata.normalize("NFKC", raw).lower().replace(" ", "").replace("。", ".")
    found = NUMBER.fullmatch(said)
    if not found:
        return unread(Reason.GLUCOSE_UNCLEAR)
    value, unit = Decimal(found[1]), found[2] or ""
    if unit.startswith("mg"):
        return _within(_tenths(value / MILLIGRAMS), (Issue(Reason.GLUCOSE_CONVERTED),))
    rounded = _tenths(value)
    if rounded > HIGHEST and not unit:
        return _asked(value)
    # a binary float such as 5.3999999999 is a spreadsheet's 5.4 and not worth a remark
    remark = abs(rounded - value) > Decimal("0.001")
    return _within(rounded, (Issue(Reason.GLUCOSE_ROUNDED),) if remark else ())


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(STEP, ROUND_HALF_UP)


def _within(value: Decimal, fixes: tuple[Issue, ...]) -> Read[Decimal]:
    if impossible("fpg", value):
        return unread(Reason.GLUCOSE_RANGE)
    rare = odd({"fpg": value})
    return Read(value, fixes=(*fixes, Issue(Reason.GLUCOSE_ODD)) if rare else fixes)


def _asked(value: Decimal) -> Read[Decimal]:
    """Below 100 a decimal point was probably forgotten, above it is probably another unit."""
    if value < 100:
        return unread(Reason.GLUCOSE_DECIMAL, suggestion=str(_tenths(value / 10)))
    if value <= HIGHEST * MILLIGRAMS:
        return unread(Reason.GLUCOSE_UNIT, suggestion=str(_tenths(value / MILLIGRAMS)))
    return unread(Reason.GLUCOSE_RANGE)
