"""Uploading a roster."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileAllowed, FileField, FileRequired, FileSize

from tracker.i18n import lazy_gettext as _l
from tracker.services.roster.file import BIGGEST


class RosterForm(FlaskForm):
    file = FileField(
        _l("名册文件"),
        [
            FileRequired(_l("请选择文件")),
            FileAllowed(["xlsx", "xls", "csv"], _l("请用 .xlsx、.xls 或 .csv 文件")),
            FileSize(BIGGEST, 1, _l("文件是空的，或超过 20 MB")),
        ],
        description=_l(".xlsx、.xls 或 .csv，最大 20 MB；先试读给您看，确认后才录入"),
    )
