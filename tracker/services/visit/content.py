"""What of a refused body can be read as a visit: the rows whose values are of the right kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.domain.form_rows import Row, drug_rows, rows


def fitting(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with nothing in it that the form could not show."""
    found: dict[str, Any] = {}
    for row in rows():
        part = body.get(row.block) if row.block else body
        value = part.get(row.name) if isinstance(part, Mapping) else None
        if value is not None and _fits(row, value):
            (found.setdefault(row.block, {}) if row.block else found)[row.name] = _tidy(row, value)
    return found


def _fits(row: Row, value: Any) -> bool:
    if row.kind in ("whole", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if row.kind == "day":
        return _is_day(value)
    if row.kind == "yes":
        return isinstance(value, bool)
    if row.kind in ("codes", "signs"):
        return isinstance(value, list) and all(_is_code(code) for code in value)
    if row.kind == "choice":
        return _is_code(value)
    if row.kind == "drugs":
        return isinstance(value, list) and all(isinstance(drug, Mapping) for drug in value)
    if row.kind == "readings":
        return isinstance(value, list) and all(_is_reading(one) for one in value)
    return isinstance(value, str)


def _tidy(row: Row, value: Any) -> Any:
    if row.kind != "drugs":
        return value
    columns = drug_rows()
    return [
        {c.key: drug[c.key] for c in columns if drug.get(c.key) is not None and _fits(c, drug[c.key])}
        for drug in value
    ]


def _is_code(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _is_reading(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
