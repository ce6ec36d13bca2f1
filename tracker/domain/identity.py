"""The citizen identification number (GB 11643-1999), as it comes out of spreadsheets.

The check digit is python-stdnum's; the place part never refuses, because most cards were
issued under county codes that no longer exist.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.cells import LONGEST, broken, placeholder
from tracker.domain.finding import Issue
from tracker.domain.person import Sex
from tracker.domain.reasons import Reason

BLANKS = re.compile("[\\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
QUOTES = re.compile("['\"`‘’“”´]")
LOOKALIKES = frozenset("ХΧ×*✕✖")
SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+]?\d+")
OTHER_DOCUMENT = re.compile(r"[A-Z]{1,2}\d{7,10}|[A-Z]\d{6}\(?[\dA]\)?")
DOCUMENT_WORD = re.compile("户口|出生证|出生医学|护照|通行证|军官证|士兵证|台胞证|居留证|居住证")
BODY = re.compile(r"[0-9]{17}")
SHORTEST = 15
LOST_DIGITS = 10**15
"""A spreadsheet keeps 15 digits of a number; a longer one has lost its end."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid 18-digit number and what was put right to get it."""

    value: str
    birth_date: date
    fixes: tuple[Issue, ...] = ()

    @property
    def sex(self) -> Sex:
        return sex(self.value)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell is no ID number; `Reason.ID_MISSING` where it says that there is none."""

    reason: Reason
    params: Mapping[str, str] = field(default_factory=dict)


def read_id_number(raw: object, today: date | None = None) -> IdNumber | Refusal:
    """Clean, raise 15 digits to 18, then verify length, date and check digit, in this order."""
    if broken(raw):
        return Refusal(Reason.ID_BROKEN_FORMULA)
    if isinstance(raw, (float, int)) and not isinstance(raw, bool):
        raw = _digits(raw)
    if isinstance(raw, Refusal):
        return raw
    if (not isinstance(raw, str) or len(raw) < SHORTEST) and placeholder(raw):
        return Refusal(Reason.ID_MISSING)
    if not isinstance(raw, str) or len(raw) > LONGEST:
        return Refusal(Reason.ID_UNREADABLE)
    cleaned, fixes = _clean(raw)
    if SCIENTIFIC.fullmatch(cleaned):
        return Refusal(Reason.ID_SCIENTIFIC)
    if len(cleaned) == 15 and cleaned.isascii() and cleaned.isdigit():
        return _upgrade(cleaned, fixes, today)
    return _verify(cleaned, fixes, today)


def valid_id_number(value: str, today: date | None = None) -> bool:
    """Whether `value` is an ID number already in its normal form."""
    found = read_id_number(value, today)
    return isinstance(found, IdNumber) and found.value == value


def birth_date(value: str) -> date:
    """The day of birth inside a valid 18-digit number."""
    return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))


def sex(value: str) -> Sex:
    """Digit 17 is odd for men."""
    return Sex.MALE if int(value[16]) % 2 else Sex.FEMALE


def check_digit(body: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    from stdnum.cn import (
        ric,
    )  # with it comes Python's reader of documentation, and most processes check no number

    digit: str = ric.calc_check_digit(f"{body}0")
    return digit


def mask(value: str) -> str:
    """Only the last four characters stay readable."""
    return "*" * max(len(value) - 4, 0) + value[-4:]


def _digits(raw: float) -> str | Refusal:
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**40 else Refusal(Reason.ID_UNREADABLE)
    if not math.isfinite(raw) or not raw.is_integer():
        return Refusal(Reason.ID_UNREADABLE)
    return Refusal(Reason.ID_SCIENTIFIC) if abs(raw) >= LOST_DIGITS else str(int(raw))


def _clean(raw: str) -> tuple[str, tuple[Issue, ...]]:
    """Half width, no blanks or quotes, capital X; with the names of what had to be done."""
    if (raw.isascii() and raw.isalnum() and raw.isupper()) or (raw.isdigit() and raw.isascii()):
        return raw, ()
    steps: list[Reason] = []
    half = unicodedata.normalize("NFKC", raw)
    if half.replace(" ", "") != raw.replace("\u3000", "").replace("\xa0", "").replace(" ", ""):
        steps.append(Reason.ID_FIXED_WIDTH)
    for marks, reason in ((QUOTES, Reason.ID_FIXED_QUOTES), (BLANKS, Reason.ID_FIXED_BLANKS)):
        cleared = marks.sub("", half)
        if cleared != half:
            steps.append(reason)
        half = cleared
    upper = half.upper()
    if upper != half and upper.endswith("X"):
        steps.append(Reason.ID_FIXED_CASE)
    return upper, tuple(Issue(step) for step in steps)


def _upgrade(old: str, fixes: tuple[Issue, ...], today: date | None) -> IdNumber | Refusal:
    """Numbers issued before 1999 lack the century and the check digit."""
    body = f"{old[:6]}19{old[6:]}"
    return _verify(body + check_digit(body), (*fixes, Issue(Reason.ID_UPGRADED)), today)


def _verify(number: str, fixes: tuple[Issue, ...], today: date | None) -> IdNumber | Refusal:
    body, last = number[:17], number[17:]
    plain = len(number) == 18 and BODY.fullmatch(body) is not None
    if not plain and (OTHER_DOCUMENT.fullmatch(number) or DOCUMENT_WORD.search(number)):
        return Refusal(Reason.ID_OTHER_DOCUMENT)
    known_last = last in LOOKALIKES or last == "X" or (last.isascii() and last.isdigit())
    if len(number) != 18:
        readable = number[:-1].isascii() and number[:-1].isdigit()
        return (
            Refusal(Reason.ID_LENGTH, {"length": str(len(number))})
            if readable
            else Refusal(Reason.ID_UNREADABLE)
        )
    if not plain or not known_last:
        return Refusal(Reason.ID_CHARACTERS)
    born = _born(number)
    if born is None or born.year < 1850 or (today and born > today):
        return Refusal(Reason.ID_DATE)
    return _checked(body, last, born, fixes)


def _born(number: str) -> date | None:
    try:
        return birth_date(number)
    except ValueError:
        return None


def _checked(body: str, last: str, born: date, fixes: tuple[Issue, ...]) -> IdNumber | Refusal:
    expected = check_digit(body)
    if last == expected:
        return IdNumber(body + last, born, fixes)
    if last in LOOKALIKES and expected == "X":
        return IdNumber(f"{body}X", born, (*fixes, Issue(Reason.ID_FIXED_X)))
    if body.endswith("00") and last == "0":
        return Refusal(Reason.ID_CUT)
    return Refusal(Reason.ID_CHECK_DIGIT, {"expected": expected})
