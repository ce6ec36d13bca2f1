"""Telling what happened to a person, and a lead's word on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.domain.roles import CARE, Role
from tracker.domain.terms import Disease, Status
from tracker.forms.checked import CheckedForm, DayField, given, options
from tracker.forms.field import TextField, pick
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.models import Condition, Region
from tracker.schemas.status import StatusIn
from tracker.services.resident.status_rules import GONE
from tracker.words.labels import DISEASES, STATUSES

TOLD = (
    Status.AWAY,
    Status.HOSPITALISED,
    Status.LOST,
    Status.DEAD,
    Status.MOVED_OUT,
    Status.TRANSFERRED,
    Status.REFUSED,
    Status.MISDIAGNOSED,
    Status.ACTIVE,
)
"""In the order of how often they are needed."""
TELLING = {**STATUSES, Status.ACTIVE: _l("恢复在管")}


class StatusForm(CheckedForm):
    status = RadioField(_l("情况"), [InputRequired(_l("请选一项"))], choices=options(TELLING, *TOLD))
    on = DayField(_l("从哪天起"), [InputRequired(_l("请填日期"))], description=_l("去世填去世日期"))
    until = DayField(_l("到哪天"), [Optional()], description=_l("只有外出、住院要填；不知道就空着"))
    reason = TextAreaField(
        _l("原因或消息来源"), [Length(max=500)], description=_l("如：家属告知；去世请写死因和谁说的")
    )
    sure = BooleanField(_l("是的，情况属实"))
    disease = SelectField(
        _l("哪种慢病"),
        choices=[],
        default="",
        description=_l("只有拒绝管理、排除诊断、恢复在管可分病种；不选就是全部"),
    )
    region_code = SelectField(
        _l("转到哪个村"),
        choices=[],
        default="",
        description=_l("只有转到本县别处要选；选了，整份档案就转过去"),
    )

    @classmethod
    def offer(
        cls, role: Role, conditions: Iterable[Condition], villages: Iterable[Region], today: date
    ) -> StatusForm:
        """What this role may tell of a person with these registers."""
        form = cls(on=today)
        if role not in CARE:
            form.status.choices = options(TELLING, Status.ACTIVE)
        held = [c.disease for c in conditions]
        form.disease.choices = [*pick(("", _l("全部"))), *(options(DISEASES, *held) if held else [])]
        form.region_code.choices = pick(("", _l("不转")), *((v.code, v.name) for v in villages))
        return form

    def doubted(self, role: Role) -> bool:
        """Whether what cannot easily be undone has yet to be confirmed; a village doctor's waits anyway."""
        grave = self.status.data in {str(status) for status in GONE} and role is not Role.VILLAGE_DOCTOR
        if grave and not self.sure.data:
            self.sure.errors = [_("请确认")]
        return bool(self.sure.errors)

    def told(self) -> StatusIn | None:
        disease = Disease(self.disease.data) if self.disease.data else None
        return self.value(
            StatusIn,
            given(
                status=self.status.data,
                on=self.on.data,
                until=self.until.data,
                reason=self.reason.data,
                disease=disease,
                region_code=self.region_code.data,
            ),
        )


class DecisionForm(FlaskForm):
    """A lead's yes or no to something that waits; a no says why."""

    decision = RadioField(
        validators=[InputRequired()], choices=pick(("approve", _l("批准")), ("refuse", _l("退回")))
    )
    reason = TextField(_l("退回的原因"), [Length(max=200)])

    @property
    def granted(self) -> bool:
        return bool(self.decision.data == "approve")
