"""The period of a page of figures: as its address asks for it, or one of those that meetings look at."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import abort, request, url_for

from tracker.domain.indicator import Period, Span, span
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.problem import Refused
from tracker.services.indicator import question
from tracker.services.indicator.question import Question
from tracker.words.problems import text

ASKED = ("from", "to", "as_of")
SPANS = {
    Span.THIS_YEAR: _l("今年"),
    Span.THIS_QUARTER: _l("本季度"),
    Span.LAST_QUARTER: _l("上季度"),
    Span.LAST_MONTH: _l("上月"),
    Span.LAST_YEAR: _l("去年"),
}


class Offer(NamedTuple):
    """A period to choose by one tap."""

    url: str
    label: str
    chosen: bool


def read(today: date) -> tuple[Question, dict[str, str]]:
    """What is asked, and what is wrong with its days; the year so far stands in for days that are none."""
    try:
        return question.read(request.args, today), {}
    except Refused as refused:
        wrong = {problem.field: text(problem) for problem in refused.problems}
    if not wrong.keys() <= set(ASKED):
        abort(404)
    kept = {name: value for name, value in request.args.items() if name not in ASKED}
    return question.read(kept, today), wrong


def kept() -> dict[str, Any]:
    """The days of this page's address, for the links that lead on from it."""
    return {name: request.args[name] for name in ASKED if request.args.get(name)}


def offers(period: Period, today: date, **place: Any) -> list[Offer]:
    """The usual periods, over the same place and columns."""
    found = []
    for name, label in SPANS.items():
        start, end = span(name, today)
        days: dict[str, Any] = (
            {} if name is Span.THIS_YEAR else {"from": start.isoformat(), "to": end.isoformat()}
        )
        chosen = (start, end) == (period.start, period.end)
        found.append(Offer(url_for("dashboard.show", **place, **days), str(label), chosen))
    return found
