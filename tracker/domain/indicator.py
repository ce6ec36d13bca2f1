"""The county's indicators: their keys, periods, rates, and what "managed to standard" asks of a year.

Source: indicators of the national basic public health service specification, third edition (2017), and of the
opinions of 2018 and 2022 on family-doctor contracts. Rates are never averaged: their two numbers add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tracker.domain.calendar import add_months
from tracker.domain.person import Group
from tracker.domain.terms import Disease

ADULT_FROM = 35
"""Patients of this age on the last day enter the rates; younger ones are counted beside."""
DAYS_PER_VISIT = 90
VISITS_A_YEAR = 4
RENEWED_WITHIN = 30
"""Days after its end in which the successor of a contract begins."""
ANY_KEY_GROUP = "ANY"


class Key(StrEnum):
    CONTRACT = "contract_rate"
    KEY_CONTRACT = "key_contract_rate"
    MANAGED = "managed_rate"
    STANDARD = "standard_managed_rate"
    CONTROL = "control_rate"
    TIMELY = "timely_rate"
    RENEWAL = "renewal_rate"


YEAR_TO_DATE = frozenset({Key.MANAGED, Key.STANDARD, Key.CONTROL})
KEY_GROUPS = tuple(str(group) for group in Group if group is not Group.GEN)
DISEASES = tuple(str(disease) for disease in Disease)


class Note(StrEnum):
    """What has to be said beside a figure."""

    TOO_EARLY = "too_early"
    """Before 31 March a perfect doctor would show a third."""
    PROVISIONAL = "provisional"
    """Successors may still begin."""
    NO_POPULATION = "no_population"
    NO_ESTIMATE = "no_estimate"


class Cause(StrEnum):
    """Why a person is not in the numerator."""

    UNSIGNED = "unsigned"
    NO_CONTRACT = "no_contract"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    NOT_RENEWED = "not_renewed"
    NO_MEETING = "no_meeting"
    NO_READING = "no_reading"
    AWAITS_APPROVAL = "awaits_approval"
    NO_CHECKUP = "no_checkup"
    LOST = "lost"
    NOT_CONTROLLED = "not_controlled"
    OPEN = "open"
    LATE = "late"
    LATE_ENTRY = "late_entry"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and the day up to which events are known (that of the question, or earlier)."""

    start: date
    end: date
    known: date

    @property
    def seen(self) -> date:
        """The last day of the period of which anything is known: nobody dies or enrols after it."""
        return min(self.end, self.known)

    def of(self, key: Key) -> Period:
        """The period that an indicator uses: some always begin on 1 January."""
        return Period(date(self.end.year, 1, 1), self.end, self.known) if key in YEAR_TO_DATE else self


class Span(StrEnum):
    """A usual period of a report."""

    THIS_YEAR = "this_year"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    LAST_MONTH = "last_month"
    LAST_YEAR = "last_year"


def span(name: Span, today: date) -> tuple[date, date]:
    """First and last day; what is not over yet ends today."""
    year = date(today.year, 1, 1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    month_before = today.replace(day=1) - timedelta(days=1)
    quarter_before = quarter - timedelta(days=1)
    return {
        Span.THIS_YEAR: (year, today),
        Span.THIS_QUARTER: (quarter, today),
        Span.LAST_QUARTER: (add_months(quarter, -3), quarter_before),
        Span.LAST_MONTH: (month_before.replace(day=1), month_before),
        Span.LAST_YEAR: (add_months(year, -12), year - timedelta(days=1)),
    }[name]


def groups_of(key: Key) -> tuple[str | None, ...]:
    """The groups that an indicator has rows for; None is everybody."""
    if key is Key.KEY_CONTRACT:
        return (ANY_KEY_GROUP, *KEY_GROUPS)
    return (None,) if key in (Key.CONTRACT, Key.RENEWAL) else DISEASES


def rate(numerator: int, denominator: int | None, step: Decimal = Decimal("0.01")) -> Decimal | None:
    """In percent, half up to the step, from whole numbers; over 100 is shown as it is."""
    if not denominator:
        return None
    return (Decimal(100 * numerator) / Decimal(denominator)).quantize(step, ROUND_HALF_UP)


def rate_of(key: Key, period: Period, numerator: int, denominator: int | None) -> Decimal | None:
    return None if note_of(key, period) is Note.TOO_EARLY else rate(numerator, denominator)


def note_of(key: Key, period: Period) -> Note | None:
    if key is Key.STANDARD and period.end < date(period.end.year, 3, 31):
        return Note.TOO_EARLY
    if key is Key.RENEWAL and period.known < period.end + timedelta(days=RENEWED_WITHIN):
        return Note.PROVISIONAL
    return None


def pace(base: Decimal | None, target: Decimal, day: date) -> Decimal:
    """Where a rate should stand on a day: on the straight line from last 31 December to the target.

    An unknown beginning counts as nothing; who began above the target only has to keep it.
    """
    since = base or Decimal(0)
    if since >= target:
        return target
    first = date(day.year - 1, 12, 31)
    gone = Decimal((day - first).days) / Decimal((date(day.year, 12, 31) - first).days)
    return (since + (target - since) * gone).quantize(Decimal("0.01"), ROUND_HALF_UP)


def enrolled_by(period: Period, visits: int) -> date | None:
    """The last day of enrolment that asks for this many quarters: one for each 90 days of management.

    None where even who was managed from the first day is not asked for so many.
    """
    latest = period.end - timedelta(days=DAYS_PER_VISIT * visits - 1)
    return latest if period.start <= latest else None


def checkup_asked(period: Period) -> bool:
    """The yearly check-up is judged in reports at the end of December."""
    return (period.end.month, period.end.day) == (12, 31)


def quarters(period: Period) -> list[tuple[date, date]]:
    """The calendar quarters of the year of the period, each with its first and last day."""
    year = period.end.year
    starts = [date(year, month, 1) for month in (1, 4, 7, 10)]
    ends = [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)]
    return list(zip(starts, ends, strict=True))
