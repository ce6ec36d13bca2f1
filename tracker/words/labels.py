"""The words for the closed lists of the domain, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tracker.domain.calendar import age
from tracker.domain.contract import ContractKind, Evidence, Signer, TerminationReason
from tracker.domain.indicator import ANY_KEY_GROUP, Cause, Key, Note
from tracker.domain.masking import mask_id_number as mask_id_number
from tracker.domain.person import Group, Sex
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Mode, ReferralResult, Status
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.i18n import ngettext
from tracker.models import AttemptOutcome, InstitutionKind
from tracker.words.day import format_date

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

TERMINATION_REASONS = {
    TerminationReason.DEATH: _l("去世"),
    TerminationReason.MOVED_OUT: _l("迁出本辖区"),
    TerminationReason.LOST: _l("失访（连续一年联系不上）"),
    TerminationReason.REQUEST: _l("居民要求解约"),
    TerminationReason.SWITCHED: _l("改签其他团队"),
    TerminationReason.REFUSED: _l("连续一年拒绝服务"),
    TerminationReason.MISTAKE: _l("签约信息有误或重复"),
    TerminationReason.INSTITUTION: _l("机构原因（团队撤销）"),
    TerminationReason.OTHER: _l("其他（要写明）"),
}
CONTRACT_KINDS = {
    ContractKind.FIRST: _l("新签"),
    ContractKind.RENEWAL: _l("续签"),
    ContractKind.SWITCH: _l("改签"),
}
EVIDENCE = {
    Evidence.DRAWN: _l("当场手写"),
    Evidence.PAPER: _l("纸质签字"),
    Evidence.NONE: _l("暂未签字"),
}
SIGNERS = {
    Signer.RESIDENT: _l("本人"),
    Signer.REPRESENTATIVE: _l("家庭代表"),
    Signer.GUARDIAN: _l("监护人"),
}
ROLES = {
    Role.VILLAGE_DOCTOR: _l("村医"),
    Role.TEAM_LEAD: _l("团队长"),
    Role.TOWNSHIP_ADMIN: _l("卫生院管理员"),
    Role.COUNTY_DOCTOR: _l("县级医生"),
    Role.COMMISSION: _l("县卫健委"),
    Role.AUDITOR: _l("审计员"),
    Role.SYSADMIN: _l("系统管理员"),
}
LICENCES = {
    "": _l("没有登记"),
    "rural_doctor": _l("乡村医生执业证"),
    "assistant_physician": _l("执业助理医师证"),
    "physician": _l("执业医师证"),
    "nurse": _l("护士执业证"),
    "other": _l("其他"),
}
INSTITUTIONS = {
    InstitutionKind.COUNTY_HOSPITAL: _l("县级医院"),
    InstitutionKind.TOWNSHIP_HOSPITAL: _l("乡镇卫生院"),
    InstitutionKind.BRANCH: _l("分院"),
    InstitutionKind.CLINIC: _l("村卫生室"),
}
INDICATORS = {
    Key.CONTRACT: _l("签约率"),
    Key.KEY_CONTRACT: _l("重点人群签约率"),
    Key.MANAGED: _l("管理率"),
    Key.STANDARD: _l("规范管理率"),
    Key.CONTROL: _l("控制率"),
    Key.TIMELY: _l("随访及时率"),
    Key.RENEWAL: _l("续签率"),
}
CAUSES = {
    Cause.UNSIGNED: _l("未签字"),
    Cause.NO_CONTRACT: _l("未签约"),
    Cause.EXPIRED: _l("已到期"),
    Cause.TERMINATED: _l("已解约"),
    Cause.NOT_RENEWED: _l("没有续签"),
    Cause.NO_MEETING: _l("缺面访"),
    Cause.NO_READING: _l("缺读数"),
    Cause.AWAITS_APPROVAL: _l("待审批"),
    Cause.NO_CHECKUP: _l("缺体检"),
    Cause.LOST: _l("失访"),
    Cause.NOT_CONTROLLED: _l("未达标"),
    Cause.OPEN: _l("未完成"),
    Cause.LATE: _l("逾期完成"),
    Cause.LATE_ENTRY: _l("补录太晚"),
}
NOTES = {
    Note.TOO_EARLY: _l("未到考核期，3月31日起才有比率"),
    Note.PROVISIONAL: _l("暂计：到期后 30 天内还可续签"),
    Note.NO_POPULATION: _l("没有设置常住人口"),
    Note.NO_ESTIMATE: _l("没有设置估计患者数"),
}


def indicator(key: Key, group: str | None = None) -> str:
    """The name of an indicator for a group: 高血压控制率, 65岁及以上签约率."""
    if group is None or group == ANY_KEY_GROUP:
        return str(INDICATORS[key])
    if key is Key.KEY_CONTRACT:
        return _("%(group)s签约率", group=GROUPS[Group(group)])
    return _("%(disease)s%(rate)s", disease=DISEASES[Disease(group)], rate=INDICATORS[key])


def plain(percent: Decimal) -> str:
    """A percentage with at most one decimal: 70, 66.9."""
    shown = percent.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(shown.to_integral_value() if shown == shown.to_integral_value() else shown)


def day(on: date | str | None) -> str:
    """A date in full: 2026年11月20日."""
    if on is None:
        return ""
    found = date.fromisoformat(on) if isinstance(on, str) else on
    return format_date(found, _("y年M月d日"))


def weekday(on: date) -> str:
    """A date with its day of the week: 2026年11月20日（周五）."""
    return format_date(on, _("y年M月d日（EEE）"))


def moment(at: datetime, zone: tzinfo) -> str:
    """A moment as the clock on the wall told it: 2026年11月20日 09:12."""
    here = at.astimezone(zone)
    return f"{day(here.date())} {here:%H:%M}"


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
    if left < 0:
        return _("应于 %(day)s 随访", day=day(on))
    return days_left(left) if left <= SOON else _("下次 %(day)s", day=day(on))


def days_left(left: int) -> str:
    """今天到期，明天到期，3 天后到期."""
    if left == 0:
        return _("今天到期")
    if left == 1:
        return _("明天到期")
    return ngettext("%(num)s 天后到期", "%(num)s 天后到期", left)
