"""What to look for in the trail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import Length, Optional

from tracker.forms.field import TextField, pick
from tracker.i18n import lazy_gettext as _l
from tracker.services.audit_trail import Wanted
from tracker.words.act import ACTIONS


class AuditForm(FlaskForm):
    """Sent by GET, so that the address holds the filter."""

    class Meta:
        csrf = False

    username = TextField(_l("用户名或姓名"), [Length(max=60)])
    action = SelectField(_l("动作"), choices=pick(("", _l("全部")), *ACTIONS.items()), validate_choice=False)
    since = DateField(_l("从"), [Optional()])
    until = DateField(_l("到"), [Optional()])

    def wanted(self, zone: ZoneInfo) -> Wanted:
        since, until = self.since.data, self.until.data
        return Wanted(
            self.username.data,
            self.action.data,
            datetime.combine(since, time.min, zone) if since else None,
            datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        )
