"""Where things stand in a chart: across in per cent, so that words keep their size, and down in pixels."""

from __future__ import annotations

from datetime import date

from flask import Flask

ABOVE, AROUND = 20, 50
"""Pixels over the highest figure, and over and under all of them."""


def across(share: float) -> str:
    """From left to right, by the share of the way."""
    return f"{4 + 92 * share:.2f}%"


def when(day: date, first: date, last: date) -> str:
    """From left to right, by a day between two."""
    return across((day.toordinal() - first.toordinal()) / max(last.toordinal() - first.toordinal(), 1))


def down(value: float, low: float, high: float, height: int) -> str:
    """From the top, by a figure on a scale."""
    return f"{ABOVE + (height - AROUND) * (high - value) / (high - low):.1f}"


def bind(app: Flask) -> None:
    app.jinja_env.globals.update(across=across, when=when, down=down)
