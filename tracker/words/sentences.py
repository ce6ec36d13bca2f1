"""What lists and messages say of a task or an alert, in the reader's language."""

from __future__ import annotations

from datetime import date, tzinfo
from decimal import Decimal
from typing import Any

from tracker.domain.indicator import Key
from tracker.domain.terms import Disease, Status, TaskKind
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.i18n import ngettext
from tracker.models import AlertKind
from tracker.services.alert import AlertRow
from tracker.services.task.listing import Reading, TaskRow
from tracker.services.task.reached import Attempt
from tracker.services.task.task import Bucket, View
from tracker.words import labels
from tracker.words.day import format_date
from tracker.words.labels import DISEASES

KINDS: dict[TaskKind, Any] = {
    TaskKind.ROUTINE: _l("季度随访"),
    TaskKind.TWO_WEEK: _l("二周复访"),
    TaskKind.REFERRAL_TRACKING: _l("转诊追踪"),
    TaskKind.RECONTACT: _l("重新联系"),
}


VIEWS: dict[View, Any] = {
    View.DUE: _l("应访"),
    View.URGENT: _l("转诊"),
    View.REVISIT: _l("复访"),
    View.OVERDUE: _l("逾期"),
    View.WEEK: _l("本周"),
    View.QUARTER: _l("季末未访"),
}
BUCKETS: dict[Bucket, Any] = {
    Bucket.DAYS_1: _l("1–6 天"),
    Bucket.DAYS_7: _l("7–29 天"),
    Bucket.DAYS_30: _l("30–89 天"),
    Bucket.DAYS_90: _l("90 天以上"),
}
ALERTS: dict[AlertKind, Any] = {
    AlertKind.OVERDUE: _l("随访逾期"),
    AlertKind.CONTRACT_EXPIRY: _l("签约到期"),
    AlertKind.TARGET: _l("目标进度"),
}
JOBS: dict[str, Any] = {
    "overdue-scan": _l("查找逾期随访"),
    "contract-expiry": _l("提醒快到期的签约"),
    "target-check": _l("核对年度目标"),
    "summaries": _l("汇总各村指标"),
    "imports-sweep": _l("接着处理上传的名册"),
    "sessions-clean": _l("清理过期登录"),
}
"""What each nightly job does; one without words goes by its name."""
FIGURES: dict[str, Any] = {
    "as_of": _l("截至"),
    "found": _l("逾期"),
    "new": _l("新消息"),
    "checked": _l("已核对"),
    "behind": _l("落后"),
    "sessions": _l("过期登录"),
    "attempts": _l("旧的登录尝试"),
    "started": _l("接着处理"),
    "deleted": _l("删除的旧文件"),
}
"""The figures that jobs come back with."""


def reason(row: TaskRow) -> str:
    """Why somebody is on a list: "上次 162/94，二周复访，逾期 3 天"."""
    parts = [last(row.disease, row.last), kind(row), when(row), absence(row)]
    return _("，").join(part for part in parts if part)


def kind(row: TaskRow) -> str:
    return _("紧急转诊追踪") if row.urgent else str(KINDS[row.kind])


def last(disease: Disease, reading: Reading | None) -> str:
    """The last reading of the disease in question."""
    found = figures(disease, reading)
    return _("上次 %(reading)s", reading=found) if found else _("还没有读数")


def figures(disease: Disease, reading: Reading | None) -> str:
    if reading is None:
        return ""
    if disease is Disease.DIABETES:
        return "" if reading.fpg is None else f"{reading.fpg:g}"
    return "" if reading.sbp is None else f"{reading.sbp}/{reading.dbp}"


def when(row: TaskRow) -> str:
    """How long overdue, or how long there still is."""
    if row.days_overdue:
        return ngettext("逾期 %(num)d 天", "逾期 %(num)d 天", row.days_overdue)
    return labels.days_left(row.days_left)


def absence(row: TaskRow) -> str:
    """Why the person is not to be pressed now."""
    if row.apart is None:
        return ""
    if row.apart.status is Status.DEAD:
        return _("已报去世，待核实")
    word = _("外出") if row.apart.status is Status.AWAY else _("住院")
    if row.apart.until is None:
        return word
    return _("%(word)s至 %(day)s", word=word, day=day_words(row.apart.until))


def contact(attempt: Attempt, zone: tzinfo) -> str:
    """What came of a try to reach somebody: "11月20日 联系：答应来，约到 11月27日"."""
    day = day_words(attempt.attempted_at.astimezone(zone).date())
    said = _("%(day)s 联系：%(outcome)s", day=day, outcome=labels.OUTCOMES[attempt.outcome])
    return said if attempt.until is None else said + _("，约到 %(day)s", day=day_words(attempt.until))


def day_words(day: date) -> str:
    return format_date(day, _("M月d日"))


def alert(row: AlertRow, today: date) -> str:
    """A message in one sentence; the person's name stands beside it."""
    known = {
        "overdue": _overdue,
        "overdue_summary": _summary,
        "contract_expiry": _expiry,
        "behind_target": _behind,
    }
    return known[row.code](row, today) if row.code in known else row.code


def _overdue(row: AlertRow, today: date) -> str:
    days = row.params["days"] if row.due is None else (today - row.due).days
    disease = "" if row.disease is None else str(DISEASES[row.disease])
    return ngettext(
        "%(disease)s随访已逾期 %(num)s 天", "%(disease)s随访已逾期 %(num)s 天", days, disease=disease
    )


def _summary(row: AlertRow, today: date) -> str:  # noqa: ARG001
    return _(
        "%(region)s有 %(count)s 项随访逾期超过 %(days)s 天",
        region=row.region or row.region_code, count=row.params["count"], days=row.params["days"],
    )  # fmt: skip


def _expiry(row: AlertRow, today: date) -> str:
    if row.due is None:
        return _("签约将在 %(days)s 天内到期", days=row.params["days"])
    left, day = (row.due - today).days, day_words(row.due)
    return ngettext("签约 %(num)s 天后到期（%(day)s）", "签约 %(num)s 天后到期（%(day)s）", left, day=day)


def _behind(row: AlertRow, today: date) -> str:  # noqa: ARG001
    params = row.params
    rates = {name: labels.plain(Decimal(params[name])) for name in ("rate", "pace", "target")}
    behind = _(
        "%(region)s%(indicator)s %(rate)s%%，低于进度 %(pace)s%%（全年目标 %(target)s%%）",
        region=row.region or row.region_code,
        indicator=labels.indicator(Key(params["indicator"]), params["group"]), **rates,
    )  # fmt: skip
    if params.get("denominator") is None:
        return behind
    counted = f"{params['numerator']:,}/{params['denominator']:,}"
    return _("%(behind)s：%(counted)s", behind=behind, counted=counted)
