"""Days written out after a pattern of Unicode's locale data: y, M, MMM, d, EEE; all else stands for itself.

The names of months and days of two languages are kept here: Babel reads the data of all countries for them.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from flask_babel import get_locale

PART = re.compile(r"y+|M+|d+|E+")
WEEKDAYS = {
    "zh": [f"周{number}" for number in "一二三四五六日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
MONTHS = {
    "zh": [f"{month}月" for month in range(1, 13)],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


def format_date(day: date, pattern: str) -> str:
    """In the reader's language."""
    language = get_locale().language
    month, weekday = MONTHS[language][day.month - 1], WEEKDAYS[language][day.weekday()]
    return _ready(pattern).format(y=day.year, M=day.month, d=day.day, MMM=month, EEE=weekday)


@cache
def _ready(pattern: str) -> str:
    return PART.sub(lambda found: f"{{{found[0]}}}", pattern)
