"""Voiding a visit: only the reason is asked."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from tracker.forms.field import TextField
from tracker.i18n import lazy_gettext as _l


class VoidForm(FlaskForm):
    reason = TextField(_l("作废的原因"), [InputRequired(_l("要写明原因")), Length(max=500)])
