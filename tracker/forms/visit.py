"""The visit form as it is drawn: both national follow-up forms of one person in one encounter.

It shows what stands in an `Entry` and what is wrong with it, and reads nothing itself. Fields are named by
the path of their value ("hypertension.salt"), so that a problem finds its field.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, Field, HiddenField, SelectMultipleField
from wtforms.validators import Length
from wtforms.widgets import Input

from tracker.domain.form_rows import Row, drug_rows, rows, signs_of
from tracker.domain.terms import Disease
from tracker.forms.field import TextField
from tracker.forms.visit_entry import REASON_AT_MOST, Entry, Shape
from tracker.forms.visit_field import WholeField, drug_field, field_of
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l


class Drawing(FlaskForm.Meta):
    """Writes a plain box as its own widget would, in a fifth of the time: the form has sixty."""

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> str:
        widget = field.widget
        if not isinstance(widget, Input) or set(vars(field.flags)).intersection(widget.validation_attrs):
            shown: str = super().render_field(field, render_kw)
            return shown
        own = {"id": field.id, "name": field.name, "type": widget.input_type, "value": field._value()}
        given = " ".join(f'{name}="{escape(value)}"' for name, value in sorted((own | render_kw).items()))
        return Markup(f"<input {given}>")  # noqa: S704  # its values are escaped


class VisitForm(FlaskForm):
    """Made by `drawn`, never by itself."""

    Meta = Drawing
    shape: Shape
    id = HiddenField()
    version = HiddenField()
    confirmed_odd = SelectMultipleField(choices=[], validate_choice=False)
    not_danger = BooleanField()
    reason = TextField(_l("更正的原因"), [Length(max=REASON_AT_MOST)])

    def drug_boxes(self, path: str) -> list[list[Any]]:
        """The fields of a list of medicines, row by row."""
        boxes = dict(self.shape.drugs)[path]
        return [[self[f"{path}.{i}.{column.key}"] for column in drug_rows()] for i in range(boxes)]

    def reading_boxes(self) -> list[tuple[Any, Any]]:
        return [
            (self[f"bp_readings.{i}.sbp"], self[f"bp_readings.{i}.dbp"])
            for i in range(1, self.shape.readings + 1)
        ]


def drawn(entry: Entry, **settings: Any) -> VisitForm:
    """The form with everything in it that was typed."""
    shape = entry.shape
    form = _form_class(shape, str(get_locale()))(formdata=entry.typed, **settings)
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
