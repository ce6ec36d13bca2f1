"""Calendar arithmetic of the follow-up rules: months clipped to their end, ages in completed years.

Source: national basic public health service specification, third edition (2017); China keeps one time zone.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def add_months(day: date, months: int) -> date:
    """The same day `months` later, clipped to the end of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th in a common year."""
    return add_months(day, 12 * years)


def age(birth: date, on: date) -> int:
    """Completed years on a day; who was born on 29 February completes a common year on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def quarter(day: date) -> tuple[int, int]:
    """Year and number (1 to 4) of the calendar quarter."""
    return day.year, (day.month + 2) // 3


def quarter_end(day: date) -> date:
    """Last day of the calendar quarter."""
    year, number = quarter(day)
    return date(year, 3 * number, monthrange(year, 3 * number)[1])


def local_date(moment: datetime) -> date:
    """The date in China of a moment; one without a zone is taken as UTC, as databases keep it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(CHINA).date()


def days_late(on: date, recorded_at: datetime) -> int:
    """Whole days between a visit and its entry on the device; never negative."""
    return max(0, (local_date(recorded_at) - on).days)
