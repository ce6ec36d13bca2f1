"""What was typed into the visit form, before it is read: a pressure in one box, medicines in rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.domain.form_rows import drug_rows
from tracker.schemas.visit import DRUGS_AT_MOST, READINGS_AT_MOST

Typed = MultiDict[str, str]
SHOWN = 3
"""Rows for medicines on the paper form; a form may hold more."""
FURTHER = 2
"""Further readings of one sitting that have a box from the beginning."""
PRESSURE = re.compile(r"^\s*(\d{2,3})\s*[/\\、\-\s]\s*(\d{1,3})\s*(?:mmHg)?\s*$", re.IGNORECASE)
ONE_GO = re.compile(r"^\s*([123]\d\d|[4-9]\d)(1\d\d|[2-9]\d)\s*$")
"""Both in one go, as they are read off the cuff: 13886, 9860, 180110."""
MEDICINE = re.compile(r"^(.+\.(?:drugs|drug_changes))\.(\d{1,2})\.")
SAYS = ("name", "times", "dose", "usage")
"""Columns that make a row a medicine; the others have a value from the beginning."""


def tidy(sent: Typed) -> Typed:
    """A copy in which every value has its own box and medicines follow each other without gaps."""
    typed = MultiDict(sent.items(multi=True))
    for key in [k for k in typed if k == "sbp" or k.endswith(".sbp")]:
        _split(typed, key)
    for path, rows in rows_sent(typed).items():
        _close_up(typed, path, rows)
    return typed


def _split(typed: Typed, key: str) -> None:
    """`138/86` or `13886` typed into the first of the two boxes."""
    lower = f"{key.removesuffix('sbp')}dbp"
    said = unicodedata.normalize("NFKC", typed.get(key, ""))
    found = PRESSURE.match(said) or ONE_GO.match(said)
    if found is not None and not typed.get(lower, "").strip():
        typed[key], typed[lower] = found[1], found[2]


def rows_sent(typed: Typed) -> dict[str, int]:
    """The lists of medicines of which anything was sent, and of how many rows."""
    found: dict[str, int] = {}
    for key in typed:
        match = MEDICINE.match(key) if ".drug" in key else None
        if match is not None:
            found[match[1]] = max(found.get(match[1], 0), int(match[2]) + 1)
    return {path: min(max(sent, SHOWN), DRUGS_AT_MOST) for path, sent in found.items()}


def count(typed: Typed, path: str) -> int:
    """How many rows the form has for a list of medicines."""
    return rows_sent(typed).get(path, SHOWN)


def further(body: Mapping[str, Any]) -> int:
    """Boxes for further readings, so many that a stored visit finds room."""
    return min(max(len(body.get("bp_readings") or []) - 1, FURTHER), READINGS_AT_MOST - 1)


def _close_up(typed: Typed, path: str, boxes: int) -> None:
    rows = [_row(typed, f"{path}.{index}.") for index in range(boxes)]
    filled = [row for row in rows if any(row[name].strip() for name in SAYS)]
    put_drugs(typed, path, filled, len(rows))


def _row(typed: Typed, prefix: str) -> dict[str, str]:
    return {column.key: typed.get(f"{prefix}{column.key}", "") for column in drug_rows()}


def put_drugs(typed: Typed, path: str, drugs: list[dict[str, Any]], boxes: int) -> None:
    """Write medicines into the boxes of a list, and nothing into those that are left."""
    for index in range(min(max(len(drugs), boxes), DRUGS_AT_MOST)):
        drug = drugs[index] if index < len(drugs) else {}
        for column in drug_rows():
            typed[f"{path}.{index}.{column.key}"] = as_typed(drug.get(column.key))
        typed[f"{path}.{index}.per"] = drug.get("per") or "day"


def as_typed(value: Any) -> str:
    """A stored value as a person would type it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    return f"{value:g}" if isinstance(value, float) else str(value)
