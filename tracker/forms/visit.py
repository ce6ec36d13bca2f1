"""The visit form: both national follow-up forms of one person in one encounter, typed as `VisitIn` takes it.

Fields are named by the path of their value ("hypertension.salt"), so that a problem finds its field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import Length

from tracker.domain.form_rows import Row, drug_rows, rows, signs_of
from tracker.domain.form_text import flat
from tracker.domain.terms import Disease
from tracker.forms.field import TextField
from tracker.forms.visit_field import NONE, NOT_ASKED, WholeField, drug_field, field_of
from tracker.forms.visit_typed import SAYS, Typed, as_typed, count, further, put_drugs, tidy
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l

LISTS = ("drugs", "drug_changes")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a form has room for: diseases, further readings, rows for the medicines of each list."""

    diseases: tuple[Disease, ...]
    readings: int
    drugs: tuple[tuple[str, int], ...]


class VisitForm(FlaskForm):
    """Made by `blank`, `read` or `filled`, never by itself."""

    shape: Shape
    id = HiddenField()
    version = HiddenField()
    confirmed_odd = SelectMultipleField(choices=[], validate_choice=False)
    not_danger = BooleanField()
    reason = TextField(_l("更正的原因"), [Length(max=500)])

    def body(self) -> dict[str, Any]:
        """The visit as JSON values; what was left empty is left out."""
        found: dict[str, Any] = {}
        for row in rows(self.shape.diseases):
            value = self._value(row)
            if value is not None and value is not False and value not in ("", []):
                _put(found, row.key, value)
        for disease in self.shape.diseases:
            found.setdefault(disease.value, {})
        found["emergency_signs"] = self.signs()
        if self.confirmed_odd.data:
            found["confirmed_odd"] = list(self.confirmed_odd.data)
        return found

    def seen_version(self) -> int:
        """The version that a correction was written on; 0 when the form says none."""
        said = self.version.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

    def signs(self) -> list[str] | None:
        """Ticked danger signs; empty for "none of them", None where nobody was asked."""
        ticked = self["emergency_signs"].data or []
        signs = [code for code in ticked if code not in (NONE, NOT_ASKED)]
        return signs if signs or NONE in ticked else None

    def drug_boxes(self, path: str) -> list[list[Any]]:
        """The fields of a list of medicines, row by row."""
        boxes = dict(self.shape.drugs)[path]
        return [[self[f"{path}.{i}.{column.key}"] for column in drug_rows()] for i in range(boxes)]

    def reading_boxes(self) -> list[tuple[Any, Any]]:
        return [
            (self[f"bp_readings.{i}.sbp"], self[f"bp_readings.{i}.dbp"])
            for i in range(1, self.shape.readings + 1)
        ]

    def _value(self, row: Row) -> Any:
        if row.kind == "drugs":
            return list(self._drugs(row.key))
        if row.kind == "readings":
            return self._readings()
        value = self[row.key].data
        return value.isoformat() if isinstance(value, date) else value

    def _drugs(self, path: str) -> Iterator[dict[str, Any]]:
        for boxes in self.drug_boxes(path):
            drug = {column.key: box.data for column, box in zip(drug_rows(), boxes, strict=True)}
            if any(drug[name] not in (None, "") for name in SAYS):
                yield {name: value for name, value in drug.items() if value not in (None, "")}

    def _readings(self) -> list[list[int]]:
        """All readings of the sitting when any stands in a further box."""
        first = (self["sbp"].data, self["dbp"].data)
        more = [(upper.data, lower.data) for upper, lower in self.reading_boxes()]
        whole = [[s, d] for s, d in (first, *more) if s is not None and d is not None]
        return whole if any(None not in pair for pair in more) else []


def blank(diseases: tuple[Disease, ...], visit_id: str, today: date) -> VisitForm:
    """An empty form: only the day is set, nothing measured and no symptom."""
    sent: Typed = MultiDict({"id": visit_id, "visit_date": today.isoformat()})
    return _made(_shape(diseases, sent, {}), sent)


def empty(diseases: tuple[Disease, ...]) -> VisitForm:
    """A form of nobody and no day, without a token: the phone fills it."""
    typed: Typed = MultiDict()
    return _made(_shape(diseases, typed, {}), typed, meta={"csrf": False})


def read(diseases: tuple[Disease, ...], sent: Typed, more: str = "") -> VisitForm:
    """What a browser sent; `more` names a list of medicines that gets another row."""
    typed = tidy(sent)
    shape = _shape(diseases, typed, {})
    longest = max((int(key.split(".")[1]) for key in typed if _further_box(key)), default=0)
    drugs = tuple((path, min(n + (path == more), 20)) for path, n in shape.drugs)
    return _made(Shape(diseases, max(shape.readings, min(longest, 5)), drugs), typed)


def filled(diseases: tuple[Disease, ...], body: Mapping[str, Any], version: int) -> VisitForm:
    """A stored visit, to be corrected."""
    typed: Typed = MultiDict({"id": str(body["id"]), "version": str(version)})
    put(typed, flat(body))
    if body.get("emergency_signs") is None:
        typed.setlist("emergency_signs", [NOT_ASKED])
    typed.setlist("confirmed_odd", list(body.get("confirmed_odd") or []))
    return _made(_shape(diseases, typed, body), typed)


def put(typed: Typed, values: Mapping[str, Any]) -> None:
    """Write values of rows as if they had been typed."""
    for key, value in values.items():
        if key.endswith(LISTS):
            put_drugs(typed, key, value, count(typed, key))
        elif key == "bp_readings":
            for index, (sbp, dbp) in enumerate(value):
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
    paths = [f"{disease.value}.{name}" for disease in diseases for name in LISTS]
    return Shape(diseases, further(body), tuple((path, count(typed, path)) for path in paths))


def _made(shape: Shape, typed: Typed, **settings: Any) -> VisitForm:
    form = _form_class(shape, str(get_locale()))(formdata=typed, **settings)
    form.shape = shape
    for row in rows(shape.diseases):
        if row.kind in ("signs", "choice"):
            _narrow(form[row.key], row, shape.diseases)
    return form


def _narrow(field: Any, row: Row, diseases: tuple[Disease, ...]) -> None:
    """Offer what fits the person's diseases; what an older record chose stays on offer."""
    unfit = {option.value for option in row.older}
    if row.kind == "signs":
        unfit = {option.value for option in row.options} - set(signs_of(diseases))
    elif row.key == "unmeasurable" and Disease.DIABETES not in diseases:
        unfit = {"glucose_hi", "glucose_lo"}
    chosen = field.data if isinstance(field.data, list) else [field.data]
    field.choices = [c for c in field.choices if c.value not in unfit or c.value in chosen]


@lru_cache(maxsize=64)
def _form_class(shape: Shape, locale: str) -> type[VisitForm]:
    fields: dict[str, Any] = {
        row.key: field_of(row, locale)
        for row in rows(shape.diseases)
        if row.kind not in ("drugs", "readings")
    }
    for index in range(1, shape.readings + 1):
        for key, label in (("sbp", _("高压")), ("dbp", _("低压"))):
            fields[f"bp_readings.{index}.{key}"] = WholeField(f"{label} {index + 1}")
    for path, boxes in shape.drugs:
        for index in range(boxes):
            for column in drug_rows():
                fields[f"{path}.{index}.{column.key}"] = drug_field(column, locale)
    return type("VisitForm", (VisitForm,), fields)


def _put(found: dict[str, Any], key: str, value: Any) -> None:
    *path, name = key.split(".")
    for part in path:
        found = found.setdefault(part, {})
    found[name] = value
