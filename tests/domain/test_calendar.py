from datetime import UTC, date, datetime

import pytest

from tracker.domain.calendar import add_months, add_years, age, days_late, quarter, quarter_end


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 15), 3, date(2025, 4, 15)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 1, 31), 3, date(2025, 4, 30)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


def test_a_year_after_29_february_is_the_28th():
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1960, 5, 20), date(2025, 5, 19), 64),
        (date(1960, 5, 20), date(2025, 5, 20), 65),
        (date(1960, 2, 29), date(2025, 2, 28), 64),
        (date(1960, 2, 29), date(2025, 3, 1), 65),
        (date(1960, 2, 29), date(2024, 2, 29), 64),
    ],
)
def test_age_counts_completed_years(birth, on, years):
    assert age(birth, on) == years


def test_a_quarter_ends_with_its_third_month():
    assert quarter(date(2025, 6, 30)) == (2025, 2)
    assert quarter(date(2025, 7, 1)) == (2025, 3)
    assert quarter_end(date(2025, 1, 1)) == date(2025, 3, 31)
    assert quarter_end(date(2025, 12, 31)) == date(2025, 12, 31)


def test_lateness_is_counted_in_days_of_china():
    last_minute = datetime(2025, 1, 9, 15, 59, tzinfo=UTC)
    assert days_late(date(2025, 1, 6), last_minute) == 3
    assert days_late(date(2025, 1, 6), datetime(2025, 1, 9, 16, 0, tzinfo=UTC)) == 4
    assert days_late(date(2025, 1, 6), datetime(2025, 1, 9, 16, 0)) == 4  # noqa: DTZ001 - a database's UTC
    assert days_late(date(2025, 1, 6), datetime(2025, 1, 5, 2, 0, tzinfo=UTC)) == 0
