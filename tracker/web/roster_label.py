"""The words for how far an uploaded roster is and what became of its cells."""

from __future__ import annotations

from tracker.domain.finding import Result
from tracker.i18n import lazy_gettext as _l
from tracker.models import Roster, RosterState

STATES = {
    RosterState.WAITING: _l("等待试读"),
    RosterState.READING: _l("正在试读"),
    RosterState.READ: _l("已试读，等您确认"),
    RosterState.APPROVED: _l("等待录入"),
    RosterState.APPLYING: _l("正在录入"),
    RosterState.APPLIED: _l("已录入"),
    RosterState.FAILED: _l("没有成功"),
}
NOTHING_USABLE, NOTHING_NEW = _l("没有能录入的行"), _l("都已在档，不用录入")
RESULTS = {
    Result.REFUSED: _l("拒绝"),
    Result.LEFT_EMPTY: _l("留空"),
    Result.NOTE: _l("提示"),
}


def state(roster: Roster) -> str:
    """How far it is; one that was read and changes nothing does not wait for anybody."""
    read = roster.summary.get("read")
    if roster.state is not RosterState.READ or not read:
        return str(STATES[roster.state])
    if not read["accepted"]:
        return str(NOTHING_USABLE)
    return str(STATES[roster.state] if read["created"] or read["changed"] else NOTHING_NEW)
