"""Noting a try to reach a person."""

from __future__ import annotations

from datetime import datetime, tzinfo

from wtforms import DateTimeLocalField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.forms.checked import DayField, OnceForm, given, options
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.attempt import AttemptIn
from tracker.words.labels import OUTCOMES


class MomentField(DateTimeLocalField):
    """A day and a time of the county's clock."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = datetime.fromisoformat(valuelist[0].strip()).replace(tzinfo=None)
        except ValueError:
            raise ValueError(_("请填日期和时间")) from None


class AttemptForm(OnceForm):
    attempted_at = MomentField(
        _l("什么时候"), [InputRequired(_l("请填日期和时间"))], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )
    outcome = RadioField(_l("结果"), [InputRequired(_l("请选结果"))], choices=options(OUTCOMES))
    until = DayField(_l("约到哪天"), [Optional()])
    note = TextAreaField(_l("备注"), [Length(max=500)])

    def attempt(self, zone: tzinfo) -> AttemptIn | None:
        moment = self.attempted_at.data
        return self.value(
            AttemptIn,
            given(
                id=self.id.data,
                attempted_at=None if moment is None else moment.replace(tzinfo=zone),
                outcome=self.outcome.data,
                until=self.until.data,
                note=self.note.data,
            ),
        )
