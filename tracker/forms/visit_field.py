"""The fields of the visit form, one kind for each kind of row; nothing is chosen or filled beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TelField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker.domain.form_rows import Option, Row
from tracker.forms.field import TextField, ToldOnce, clean, printable
from tracker.forms.visit_entry import NONE, NOT_ASKED
from tracker.forms.visit_value import Unreadable, number, whole
from tracker.i18n import gettext as _


class WholeField(ToldOnce, IntegerField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "IntegerField"  # drawn like one

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not valuelist[0].strip():
            return
        self.data = None
        try:
            self.data = whole(valuelist[0])
        except Unreadable:
            raise ValueError(_("要填整数")) from None


class NumberField(ToldOnce, FloatField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "FloatField"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not valuelist[0].strip():
            return
        self.data = None
        try:
            self.data = number(valuelist[0])
        except Unreadable:
            raise ValueError(_("要填数字")) from None


class DayField(DateField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("日期要写成 2026-11-20 这样")) from None


class PhoneField(TelField):
    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, [printable, *validators], filters=[clean], **kwargs)
        self.type = "TelField"


def field_of(row: Row, locale: str) -> Any:
    """The unbound field of one row, labelled in the reader's language."""
    label, optional = row.label(locale), [Optional()]
    if row.kind in ("choice", "codes", "signs"):
        return _choice(row, locale)
    if row.kind == "yes":
        return BooleanField(label)
    kinds: dict[str, Any] = {"whole": WholeField, "number": NumberField, "day": DayField, "phone": PhoneField}
    kind = kinds.get(row.kind)
    return TextField(label) if kind is None else kind(label, optional)


def _choice(row: Row, locale: str) -> Any:
    pairs = _offered(row.options, locale)
    coerce = int if isinstance(row.options[0].value, int) else str
    if row.kind == "choice":
        pairs += _offered(row.older, locale)
        return RadioField(row.label(locale), [Optional()], choices=pairs, coerce=coerce)
    if row.kind == "signs":
        nobody = _("电话没找到本人，没有问")
        pairs = [SelectChoice(NONE, _("无以下情况")), *pairs, SelectChoice(NOT_ASKED, nobody)]
    return SelectMultipleField(row.label(locale), choices=pairs, coerce=coerce)


def drug_field(column: Row, locale: str) -> Any:
    """The unbound field of one column of a medicine."""
    if column.key != "per":
        return field_of(column, locale)
    pairs = _offered(column.options, locale)
    return SelectField(column.label(locale), choices=pairs, validate_choice=False)


def _offered(options: Iterable[Option], locale: str) -> list[Any]:
    return [SelectChoice(option.value, option.label(locale)) for option in options]
