"""The words for the closed lists of the domain, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as ngettext_

from tracker.domain.calendar import age
from tracker.domain.masking import mask_id_number as mask_id_number
from tracker.domain.person import Group, Sex
from tracker.domain.terms import Disease, Mode, ReferralResult, Status
from tracker.models import AttemptOutcome

_: Callable[..., str] = gettext
ngettext: Callable[..., str] = ngettext_
SOON = 7
"""Days within which a date is told by its distance."""

SEXES = {Sex.MALE: _l("男"), Sex.FEMALE: _l("女")}
DISEASES = {Disease.HYPERTENSION: _l("高血压"), Disease.DIABETES: _l("2型糖尿病")}
MODES = {Mode.CLINIC: _l("门诊"), Mode.HOME: _l("家庭"), Mode.PHONE: _l("电话")}
GROUPS = {
    Group.ELD: _l("65岁及以上"),
    Group.PRG: _l("孕产妇"),
    Group.CH6: _l("0–6岁儿童"),
    Group.HTN: _l("高血压"),
    Group.T2D: _l("2型糖尿病"),
    Group.TB: _l("肺结核"),
    Group.SMI: _l("严重精神障碍"),
    Group.DIS: _l("残疾人"),
    Group.POV: _l("脱贫或监测户"),
    Group.FPS: _l("计生特殊家庭"),
    Group.LOW: _l("低保或特困"),
    Group.COPD: _l("慢阻肺"),
    Group.GEN: _l("一般人群"),
}
ID_TYPES = {
    "id_card": _l("居民身份证"),
    "household_book": _l("户口本"),
    "birth_certificate": _l("出生医学证明"),
    "passport": _l("护照"),
    "hk_macao_taiwan": _l("港澳台证件"),
    "other": _l("其他证件"),
}
STATUSES = {
    Status.ACTIVE: _l("在管"),
    Status.AWAY: _l("暂时外出"),
    Status.HOSPITALISED: _l("住院"),
    Status.LOST: _l("失访"),
    Status.DEAD: _l("去世"),
    Status.TRANSFERRED: _l("转到本县别处"),
    Status.MOVED_OUT: _l("迁出本县"),
    Status.REFUSED: _l("拒绝管理"),
    Status.MISDIAGNOSED: _l("排除诊断"),
}
OUTCOMES = {
    AttemptOutcome.WILL_COME: _l("答应来"),
    AttemptOutcome.LATER: _l("改天再来"),
    AttemptOutcome.UNREACHABLE: _l("联系不上"),
    AttemptOutcome.WRONG_NUMBER: _l("号码不对"),
    AttemptOutcome.REFUSED: _l("不愿来"),
    AttemptOutcome.MOVED: _l("已迁走"),
    AttemptOutcome.DIED: _l("已去世"),
    AttemptOutcome.SEEN_ELSEWHERE: _l("在别处看病"),
}
REFERRAL_RESULTS = {
    ReferralResult.ARRIVED: _l("到了医院"),
    ReferralResult.NOT_ARRIVED: _l("没有去"),
    ReferralResult.IN_HOSPITAL: _l("正在住院"),
    ReferralResult.REFUSED: _l("不愿去"),
    ReferralResult.UNKNOWN: _l("还不清楚"),
}


def day(on: date | str | None) -> str:
    """A date in full: 2026年11月20日."""
    if on is None:
        return ""
    found = date.fromisoformat(on) if isinstance(on, str) else on
    return str(format_date(found, "long"))


def who(person: Mapping[str, Any], today: date) -> str:
    """Sex and age of somebody in a list: 女 · 70岁."""
    years = age(date.fromisoformat(person["birth_date"]), today)
    return _("%(sex)s · %(age)s岁", sex=SEXES[Sex(person["sex"])], age=years)


def days_over(due: date | str | None, today: date) -> int:
    """Days past a due date, negative before it; 0 where there is none."""
    if due is None:
        return 0
    return (today - (date.fromisoformat(due) if isinstance(due, str) else due)).days


def due(on: date | str | None, today: date) -> str:
    """When something is due: by its distance when that is near, else by its date."""
    if on is None:
        return _("没有待办的随访")
    left = -days_over(on, today)
    if left == 0:
        return _("今天到期")
    if 0 < left <= SOON:
        return ngettext("%(num)s 天后到期", "%(num)s 天后到期", left)
    return day(on)
