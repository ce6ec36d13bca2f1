"""Days in words, as Unicode's locale data has them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date as by_babel
from flask import Flask
from flask_babel import Babel, force_locale

from tracker.words.day import format_date

PATTERNS = {
    "zh_Hans_CN": ("M月d日", "y年M月d日", "y年M月d日（EEE）"),
    "en": ("d MMM", "d MMM y", "EEE d MMM y"),
}


@pytest.mark.parametrize("locale", PATTERNS)
def test_every_day_of_a_year_reads_as_in_the_locale_data(locale: str) -> None:
    app = Flask("days")
    Babel(app)
    with app.app_context(), force_locale(locale):
        for pattern in PATTERNS[locale]:
            for number in range(366):
                day = date(2028, 1, 1) + timedelta(days=number)
                assert format_date(day, pattern) == by_babel(day, pattern, locale=locale)
