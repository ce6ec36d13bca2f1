"""Noting what became of a referral."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.domain.terms import Disease
from tracker.forms.checked import CheckedForm, DayField, given, options
from tracker.forms.field import TextField
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.referral import OutcomeIn
from tracker.words.labels import REFERRAL_RESULTS


class OutcomeForm(CheckedForm):
    outcome = RadioField(_l("结果"), [InputRequired(_l("请选结果"))], choices=options(REFERRAL_RESULTS))
    outcome_on = DayField(_l("哪天"), [InputRequired(_l("请填日期"))])
    source = TextField(_l("谁说的"), [Length(max=200)], description=_l("如：本人、家属、县医院"))
    plan = TextAreaField(_l("医院的治疗意见"), [Length(max=1000)])
    treatment_changed = BooleanField(_l("调整了治疗"))

    def result(self, disease: Disease) -> OutcomeIn | None:
        return self.value(
            OutcomeIn,
            given(
                disease=disease,
                outcome=self.outcome.data,
                outcome_on=self.outcome_on.data,
                source=self.source.data,
                plan=self.plan.data,
                treatment_changed=self.treatment_changed.data,
            ),
        )
