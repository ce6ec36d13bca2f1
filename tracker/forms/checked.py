"""A form that hands over the same typed value as the API, its refusals standing beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

from flask_wtf import FlaskForm
from pydantic import BaseModel, ValidationError
from wtforms import DateField, HiddenField, SelectChoice

from tracker.forms.field import pick, put_errors
from tracker.i18n import gettext as _
from tracker.schemas.problem import Problem, Refused, problems_of

Model = TypeVar("Model", bound=BaseModel)


class DayField(DateField):
    """A date; what was typed stays in the field when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = date.fromisoformat(valuelist[0].strip())
        except ValueError:
            raise ValueError(_("日期要写成 2026-11-20 这样")) from None


class CheckedForm(FlaskForm):
    """Subclasses say in `values` what they read; `NAMES` maps a schema's field to the form's."""

    NAMES: dict[str, str] = {}

    def value(self, model: type[Model], values: dict[str, Any]) -> Model | None:
        """The typed value, or None with every refusal beside its field."""
        try:
            return model.model_validate(values)
        except ValidationError as invalid:
            self.refuse(problems_of(invalid))
            return None

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Stand problems beside the fields they are about."""
        named = [replace(p, field=self._named(p.field)) for p in problems]
        put_errors(self, Refused(*named))

    def _named(self, path: str) -> str:
        for name in (self.NAMES.get(path, path), path.split(".")[0]):
            if name in self._fields:
                return name
        return path


class OnceForm(CheckedForm):
    """A form that makes one record however often it is sent: `id` is drawn when it opens."""

    id = HiddenField(default=lambda: str(uuid4()))


def given(**values: Any) -> dict[str, Any]:
    """Only what was filled in: empty lines and unticked choices are left out."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def options(labels: Mapping[Any, Any], *only: Any) -> list[SelectChoice]:
    """Choices of a field: all, or only some in the order given."""
    return pick(*((str(code), labels[code]) for code in only or labels))
