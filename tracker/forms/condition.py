"""Enrolling a person on a disease register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from tracker.domain.terms import Disease
from tracker.forms.checked import CheckedForm, DayField, given, options
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.condition import ConditionIn
from tracker.words.labels import DISEASES


class ConditionForm(CheckedForm):
    disease = RadioField(_l("慢病"), [InputRequired(_l("请选慢病"))], choices=[])
    diagnosed_on = DayField(_l("确诊日期"), [Optional()], description=_l("不知道就空着"))
    enrolled_on = DayField(_l("建档日期"), [InputRequired(_l("请填建档日期"))])

    @classmethod
    def offer(cls, enrolled: Iterable[Disease], today: date) -> ConditionForm:
        """The diseases that the person is not yet enrolled for."""
        form = cls(enrolled_on=today)
        left = [disease for disease in Disease if disease not in set(enrolled)]
        form.disease.choices = options(DISEASES, *left) if left else []
        return form

    def condition(self) -> ConditionIn | None:
        return self.value(
            ConditionIn,
            given(
                disease=self.disease.data,
                diagnosed_on=self.diagnosed_on.data,
                enrolled_on=self.enrolled_on.data,
            ),
        )
