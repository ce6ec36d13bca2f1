"""Noting a yearly health check-up."""

from __future__ import annotations

from collections.abc import Callable

from wtforms import Field as AnyField
from wtforms import Form, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from tracker.forms.checked import DayField, OnceForm, given
from tracker.forms.field import TextField
from tracker.forms.visit_field import NumberField
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.checkup import CheckupIn

MEASURED = ("height_cm", "weight_kg", "waist_cm", "sbp", "dbp", "heart_rate", "fpg")


def _number(label: object, low: float, high: float) -> NumberField:
    return NumberField(label, [Optional(), _within(low, high)])


def _within(low: float, high: float) -> Callable[[Form, AnyField], None]:
    def check(_form: Form, field: AnyField) -> None:
        if field.data is not None and not low <= field.data <= high:
            told = {"label": field.label.text, "low": low, "high": high, "value": f"{field.data:g}"}
            raise ValidationError(_("%(label)s应在 %(low)s–%(high)s 之间，您填的是 %(value)s", **told))

    return check


class CheckupForm(OnceForm):
    checked_on = DayField(_l("体检日期"), [InputRequired(_l("请填体检日期"))])
    institution = TextField(_l("体检机构"), [InputRequired(_l("请填体检机构"))])
    height_cm = _number(_l("身高"), 30, 250)
    weight_kg = _number(_l("体重"), 2, 300)
    waist_cm = _number(_l("腰围"), 20, 250)
    sbp = _number(_l("收缩压"), 50, 300)
    dbp = _number(_l("舒张压"), 0, 200)
    heart_rate = _number(_l("心率"), 30, 220)
    fpg = _number(_l("空腹血糖"), 1, 40)
    findings = TextAreaField(_l("主要发现和建议"), [Length(max=500)])

    def validate_dbp(self, field: AnyField) -> None:
        upper, lower = self.sbp.data, field.data
        if upper is not None and lower is not None and lower >= upper:
            told = {"sbp": f"{upper:g}", "dbp": f"{lower:g}"}
            raise ValidationError(_("舒张压应低于收缩压，您填的是 %(sbp)s/%(dbp)s", **told))

    def checkup(self) -> CheckupIn | None:
        results = given(
            **{name: self[name].data for name in MEASURED},
            findings=self.findings.data,
        )
        return self.value(
            CheckupIn,
            given(
                id=self.id.data,
                checked_on=self.checked_on.data,
                institution=self.institution.data,
                results=results,
            ),
        )
