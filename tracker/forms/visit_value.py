"""What one box of the visit form says, by the kind of its row; as a Chinese keyboard may give it, too."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from tracker.domain.form_rows import Row

Read = Callable[[Sequence[str]], Any]
"""From all that was sent under one name, of which most kinds take the first."""
UNTICKED = ("false", "")


class Unreadable(ValueError):
    """`code` says what should have been typed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def whole(said: str) -> int | None:
    """A whole number, None where nothing was typed."""
    figures = _half_width(said)
    if not figures:
        return None
    if len(figures) > 9 or not figures.lstrip("-").isdecimal():
        raise Unreadable("int_type")
    try:
        return int(figures)
    except ValueError:  # several signs
        raise Unreadable("int_type") from None


def number(said: str) -> float | None:
    figures = _half_width(said)
    if not figures:
        return None
    before, _point, after = figures.lstrip("-").partition(".")
    if len(figures) > 12 or not (before + after).isdecimal():
        raise Unreadable("number_type")
    try:
        return float(figures)
    except ValueError:
        raise Unreadable("number_type") from None


def day(said: str) -> date | None:
    if not said.strip():
        return None
    try:
        return datetime.strptime(said, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        raise Unreadable("date_type") from None


def _half_width(said: str) -> str:
    """Figures as they may come: １３８, 6．1, 6。1."""
    if said.isascii():
        return said.strip()
    return unicodedata.normalize("NFKC", said).strip().replace("。", ".")


@cache
def reader(kind: str, *, by_number: bool) -> Read:
    """How boxes of a kind are read, to JSON values; `by_number` are the codes of the options."""
    if kind in ("codes", "signs"):
        return _coded if by_number else list
    if kind == "choice":
        return _choice_by_number if by_number else _first
    return {"whole": _whole, "number": _number, "day": _day, "yes": _yes}.get(kind, _text)


def reader_of(row: Row) -> Read:
    return reader(row.kind, by_number=bool(row.options) and isinstance(row.options[0].value, int))


def _first(said: Sequence[str]) -> str | None:
    return said[0] or None


def _text(said: Sequence[str]) -> str | None:
    return said[0].strip() or None


def _yes(said: Sequence[str]) -> bool | None:
    return said[0] not in UNTICKED or None


def _whole(said: Sequence[str]) -> int | None:
    return whole(said[0])


def _number(said: Sequence[str]) -> float | None:
    return number(said[0])


def _day(said: Sequence[str]) -> str | None:
    found = day(said[0])
    return None if found is None else found.isoformat()


def _choice_by_number(said: Sequence[str]) -> int | None:
    return _code(said[0]) if said[0].strip() else None


def _coded(said: Sequence[str]) -> list[int]:
    return [_code(code) for code in said]


def _code(said: str) -> int:
    try:
        return int(said)
    except ValueError:
        raise Unreadable("code_type") from None
