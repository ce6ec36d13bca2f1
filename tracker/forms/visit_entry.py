"""A visit as it was typed: what the boxes say, as `VisitIn` takes it, and which of them cannot be read.

Boxes are named by the path of their value ("hypertension.salt"), so that a problem finds its box. Nothing
here draws a form: most visits are recorded without one being drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from tracker.domain.form_rows import Row, drug_rows, rows
from tracker.domain.form_text import flat
from tracker.domain.terms import Disease
from tracker.forms.visit_typed import SAYS, SHOWN, Typed, as_typed, count, further, put_drugs, rows_sent, tidy
from tracker.forms.visit_value import Read, Unreadable, reader, reader_of
from tracker.schemas.problem import Problem

NONE, NOT_ASKED = "none", "not_asked"
"""Answers to the danger signs that are no sign: none of them; nobody was reached to be asked."""
LISTS = ("drugs", "drug_changes")
OTHERS = ("id", "version", "confirmed_odd", "not_danger", "reason")
"""Boxes beside the rows of the form."""
REASON_AT_MOST = 500
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a form has room for: diseases, further readings, rows for the medicines of each list."""

    diseases: tuple[Disease, ...]
    readings: int
    drugs: tuple[tuple[str, int], ...]


class Entry:
    """Made by `blank`, `read` or `filled`; reads its boxes when the first of them is asked for."""

    def __init__(self, shape: Shape, typed: Typed) -> None:
        self.shape, self.typed = shape, typed
        self._problems: list[Problem] = []

    @cached_property
    def body(self) -> Body:
        """The visit as JSON values; what was left empty is left out."""
        found: Body = {}
        for row, path, read in _readers(self.shape.diseases):
            value = self._value(row, read, found)
            if value is not None and value not in ("", []):
                _put(found, path, value)
        for disease in self.shape.diseases:
            found.setdefault(disease.value, {})
        found["emergency_signs"] = self._signs()
        if confirmed := self.typed.getlist("confirmed_odd"):
            found["confirmed_odd"] = confirmed
        return found

    @property
    def problems(self) -> list[Problem]:
        """What cannot be read, by box."""
        _ = self.body
        return [*self._problems, *self._about_reason()]

    @property
    def key(self) -> str:
        return self.typed.get("id", "")

    def under(self, key: UUID) -> Entry:
        """The same with the visit's id given, whatever the form said."""
        self.typed["id"] = str(key)
        return self

    @property
    def reason(self) -> str:
        """Why a visit is corrected."""
        return self.typed.get("reason", "").strip()

    @property
    def no_danger(self) -> bool:
        """Whether somebody has asked and found that nothing is a danger sign."""
        return self.typed.get("not_danger", "false") not in ("false", "")

    @property
    def seen_version(self) -> int:
        """The version that a correction was written on; 0 when the form says none."""
        said = self.typed.get("version", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

    @property
    def ticked(self) -> list[str]:
        """What was answered to the danger signs."""
        return self.typed.getlist("emergency_signs")

    @cached_property
    def pairs(self) -> list[tuple[str, int | None, int | None]]:
        """Further readings: where they stand, and both pressures."""
        places = (f"bp_readings.{index}" for index in range(1, self.shape.readings + 1))
        whole = reader("whole", by_number=False)
        return [(at, self._read(f"{at}.sbp", whole), self._read(f"{at}.dbp", whole)) for at in places]

    @property
    def boxes(self) -> frozenset[str]:
        """The names of all boxes."""
        return _boxes(self.shape)

    def _value(self, row: Row, read: Read, before: Body) -> Any:
        if row.kind == "drugs":
            return list(self._drugs(row.key))
        if row.kind == "readings":
            return self._readings(before.get("sbp"), before.get("dbp"))
        return self._read(row.key, read)

    def _read(self, key: str, read: Read) -> Any:
        said = self.typed.getlist(key)
        if not said:
            return None
        try:
            return read(said)
        except Unreadable as unreadable:
            self._problems.append(Problem(key, unreadable.code))
            return None

    def _signs(self) -> list[str] | None:
        """Ticked danger signs; empty for "none of them", None where nobody was asked."""
        signs = [code for code in self.ticked if code not in (NONE, NOT_ASKED)]
        return signs if signs or NONE in self.ticked else None

    def _drugs(self, path: str) -> Iterator[Body]:
        for index in range(dict(self.shape.drugs).get(path, 0)):
            if f"{path}.{index}.name" not in self.typed:
                break  # what is sent of a row has been completed, and rows follow each other
            drug = {c.key: self._read(f"{path}.{index}.{c.key}", reader_of(c)) for c in drug_rows()}
            if any(drug[name] is not None for name in SAYS):
                yield {name: value for name, value in drug.items() if value is not None}

    def _readings(self, sbp: int | None, dbp: int | None) -> list[list[int]]:
        """All readings of the sitting when any stands in a further box."""
        more = [[upper, lower] for _, upper, lower in self.pairs if upper is not None and lower is not None]
        first = [] if sbp is None or dbp is None else [[sbp, dbp]]
        return [*first, *more] if more else []

    def _about_reason(self) -> Iterator[Problem]:
        if len(self.reason) > REASON_AT_MOST:
            yield Problem("reason", "string_too_long", {"max_length": REASON_AT_MOST})
        elif "\0" in self.reason:
            yield Problem("reason", "nul")


def blank(diseases: tuple[Disease, ...], visit_id: str, today: date) -> Entry:
    """An empty form: only the day is set, nothing measured and no symptom."""
    typed: Typed = MultiDict({"id": visit_id, "visit_date": today.isoformat()})
    return Entry(_shape(diseases, typed, {}), typed)


def empty(diseases: tuple[Disease, ...]) -> Entry:
    """A form of nobody and no day: the phone fills it."""
    typed: Typed = MultiDict()
    return Entry(_shape(diseases, typed, {}), typed)


def read(diseases: tuple[Disease, ...], sent: Typed, more: str = "") -> Entry:
    """What a browser sent; `more` names a list of medicines that gets another row."""
    typed = tidy(sent)
    shape = _shape(diseases, typed, {})
    longest = max((int(key.split(".")[1]) for key in typed if _further_box(key)), default=0)
    drugs = tuple((path, min(n + (path == more), 20)) for path, n in shape.drugs)
    return Entry(Shape(diseases, max(shape.readings, min(longest, 5)), drugs), typed)


def filled(diseases: tuple[Disease, ...], body: Mapping[str, Any], version: int) -> Entry:
    """A stored visit, to be corrected."""
    typed: Typed = MultiDict({"id": str(body["id"]), "version": str(version)})
    put(typed, flat(body))
    if body.get("emergency_signs") is None:
        typed.setlist("emergency_signs", [NOT_ASKED])
    typed.setlist("confirmed_odd", list(body.get("confirmed_odd") or []))
    return Entry(_shape(diseases, typed, body), typed)


def put(typed: Typed, values: Mapping[str, Any]) -> None:
    """Write values of rows as if they had been typed."""
    for key, value in values.items():
        if key.endswith(LISTS):
            put_drugs(typed, key, value, count(typed, key))
        elif key == "bp_readings":
            # the only one stood in a further box
            for index, (sbp, dbp) in enumerate(value, 0 if len(value) > 1 else 1):
                prefix = f"bp_readings.{index}." if index else ""
                typed[f"{prefix}sbp"], typed[f"{prefix}dbp"] = str(sbp), str(dbp)
        elif isinstance(value, list):
            typed.setlist(key, [as_typed(code) for code in value] or [NONE])
        else:
            typed[key] = as_typed(value)


def _further_box(key: str) -> bool:
    parts = key.split(".")
    return parts[0] == "bp_readings" and len(parts) == 3 and parts[1].isdecimal() and len(parts[1]) == 1


def _shape(diseases: tuple[Disease, ...], typed: Typed, body: Mapping[str, Any]) -> Shape:
    paths, sent = [f"{disease.value}.{name}" for disease in diseases for name in LISTS], rows_sent(typed)
    return Shape(diseases, further(body), tuple((path, sent.get(path, SHOWN)) for path in paths))


@lru_cache(maxsize=16)
def _readers(diseases: tuple[Disease, ...]) -> list[tuple[Row, list[str], Read]]:
    """The rows with their path and how their boxes are read."""
    return [(row, row.key.split("."), reader_of(row)) for row in rows(diseases)]


@lru_cache(maxsize=64)
def _boxes(shape: Shape) -> frozenset[str]:
    own = {row.key for row in rows(shape.diseases) if row.kind not in ("drugs", "readings")}
    own |= {
        f"bp_readings.{index}.{name}" for index in range(1, shape.readings + 1) for name in ("sbp", "dbp")
    }
    for path, boxes in shape.drugs:
        own |= {f"{path}.{index}.{column.key}" for index in range(boxes) for column in drug_rows()}
    return frozenset(own.union(OTHERS))


def _put(found: Body, path: list[str], value: Any) -> None:
    *blocks, name = path
    for block in blocks:
        found = found.setdefault(block, {})
    found[name] = value
