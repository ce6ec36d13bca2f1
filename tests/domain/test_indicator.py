"""The usual periods of reports."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.indicator import Span, span


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        (Span.THIS_YEAR, date(2026, 11, 20), date(2026, 1, 1), date(2026, 11, 20)),
        (Span.THIS_QUARTER, date(2026, 11, 20), date(2026, 10, 1), date(2026, 11, 20)),
        (Span.LAST_QUARTER, date(2026, 11, 20), date(2026, 7, 1), date(2026, 9, 30)),
        (Span.LAST_QUARTER, date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (Span.LAST_MONTH, date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        (Span.LAST_MONTH, date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
        (Span.LAST_YEAR, date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_ends_today_or_where_it_was_over(name: Span, today: date, first: date, last: date) -> None:
    assert span(name, today) == (first, last)
