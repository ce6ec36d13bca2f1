"""A lead's word on what phones brought: a reason, which of two is right, and a file carried by hand."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import HiddenField, RadioField
from wtforms.validators import UUID, DataRequired, InputRequired, Length

from tracker.forms.field import TextField, pick
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.delivery import FILE_AT_MOST


class LeaveForm(FlaskForm):
    reason = TextField(_l("不用补录的原因"), [DataRequired(_l("要写明原因")), Length(max=500)])


class ConflictForm(FlaskForm):
    decision = RadioField(
        validators=[InputRequired()], choices=pick(("keep", _l("已存的对")), ("take", _l("另一份对")))
    )
    version = HiddenField()
    reason = TextField(_l("原因"), [DataRequired(_l("要写明原因")), Length(max=500)])

    def seen_version(self) -> int:
        """The version that the lead has looked at; 0 when the form says none."""
        said = self.version.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class PairForm(FlaskForm):
    first = HiddenField(validators=[UUID()])
    second = HiddenField(validators=[UUID()])
    decision = RadioField(
        validators=[InputRequired()],
        choices=pick(("both", _l("两次都对")), ("first", _l("作废")), ("second", _l("作废"))),
    )
    reason = TextField(_l("作废的原因"), [Length(max=500)])

    def decided(self) -> bool:
        """Whether it says what is to be done, and why where something is voided."""
        if not self.validate_on_submit():
            return False
        if self.decision.data != "both" and not self.reason.data:
            self.reason.errors = [_("要写明原因")]
            return False
        return True


class DeliveryForm(FlaskForm):
    file = FileField(
        _l("手机导出的文件"),
        [
            FileRequired(_l("请选择文件")),
            FileSize(FILE_AT_MOST, 1, _l("文件是空的，或超过 20 MB")),
        ],
        description=_l(".json，最大 20 MB；在手机的“这台手机”页上点“导出没有上传的记录”得到"),
    )
