"""Fields and checks that the forms share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import DecimalField, Form, SelectChoice, StringField
from wtforms import Field as AnyField
from wtforms.validators import StopValidation, ValidationError

from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused
from tracker.words.problems import text


def clean(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


def printable(_form: Form, field: AnyField) -> None:
    """No text that a database cannot hold."""
    if isinstance(field.data, str) and "\0" in field.data:
        raise ValidationError(_("含有不能保存的字符"))


class ToldOnce:
    """What cannot be read is told so, and not checked any further."""

    process_errors: Sequence[str]

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002
        if self.process_errors:
            raise StopValidation


class ExactField(ToldOnce, DecimalField):
    """A decimal number, kept to the last digit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "DecimalField"  # drawn like one

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("要填数字")) from None


class TextField(StringField):
    """One line of text without blanks around it; always a text, never None."""

    data: str

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, [printable, *validators], filters=[clean, lambda v: v or ""], **kwargs)


def pick(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Choices of a pick list, from values and their words."""
    return [SelectChoice(value, label) for value, label in pairs]


def put_errors(form: Form, refused: Refused) -> None:
    """Stand what a service refused beside the fields; what has no field goes to the form as a whole."""
    for problem in refused.problems:
        field = form._fields.get(problem.field)
        if field is None:
            form.form_errors.append(text(problem))
        else:
            field.errors = [*field.errors, text(problem)]
