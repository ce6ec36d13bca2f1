"""The words for how far an uploaded roster is and what became of its cells."""

from __future__ import annotations

from tracker.domain.finding import Result
from tracker.i18n import lazy_gettext as _l
from tracker.models import RosterState

STATES = {
    RosterState.WAITING: _l("等待试读"),
    RosterState.READING: _l("正在试读"),
    RosterState.READ: _l("已试读，等您确认"),
    RosterState.APPROVED: _l("等待录入"),
    RosterState.APPLYING: _l("正在录入"),
    RosterState.APPLIED: _l("已录入"),
    RosterState.FAILED: _l("没有成功"),
}
RESULTS = {
    Result.REFUSED: _l("拒绝"),
    Result.LEFT_EMPTY: _l("留空"),
    Result.NOTE: _l("提示"),
}
