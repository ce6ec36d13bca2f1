"""Noting a yearly health check-up."""

from __future__ import annotations

from wtforms import DecimalField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.forms.checked import CheckedForm, DayField, given
from tracker.forms.field import TextField
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.checkup import CheckupIn

MEASURED = ("height_cm", "weight_kg", "waist_cm", "sbp", "dbp", "heart_rate", "fpg")


def _number(label: object, low: float, high: float) -> DecimalField:
    words = _l("应在 %(min)s–%(max)s 之间")
    return DecimalField(label, [Optional(), NumberRange(low, high, words)])


class CheckupForm(CheckedForm):
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

    def checkup(self) -> CheckupIn | None:
        results = given(
            **{name: None if self[name].data is None else float(self[name].data) for name in MEASURED},
            findings=self.findings.data,
        )
        return self.value(
            CheckupIn,
            given(checked_on=self.checked_on.data, institution=self.institution.data, results=results),
        )
