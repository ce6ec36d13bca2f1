"""The words for what is wrong with something that came in, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from tracker.domain.ranges import RANGES
from tracker.schemas.problem import Problem, by_field

WORDS: dict[str, Any] = {
    # shape
    "missing": _l("必须填写"),
    "extra_forbidden": _l("没有这个字段"),
    "number_type": _l("要填数字"),
    "int_type": _l("要填整数"),
    "int_from_float": _l("要填整数"),
    "int_parsing": _l("要填整数"),
    "float_type": _l("要填数字"),
    "finite_number": _l("要填数字"),
    "bool_type": _l("要填 true 或 false"),
    "bool_parsing": _l("要填 true 或 false"),
    "string_type": _l("要填文字"),
    "string_too_long": _l("最多 %(max_length)s 个字"),
    "string_too_short": _l("必须填写"),
    "list_type": _l("要填列表"),
    "tuple_type": _l("要填列表"),
    "too_long": _l("最多 %(max_length)s 项"),
    "dict_type": _l("要填对象"),
    "model_type": _l("要填对象"),
    "model_attributes_type": _l("要填对象"),
    "literal_error": _l("只能是：%(expected)s"),
    "enum": _l("只能是：%(expected)s"),
    "uuid_parsing": _l("要填 UUID"),
    "uuid_type": _l("要填 UUID"),
    "date_type": _l("日期要写成 2026-11-20 这样"),
    "moment_type": _l("时间要写成 2026-11-20T09:12:33+08:00 这样"),
    "nul": _l("含有不能保存的字符"),
    "code_type": _l("要填代码数字"),
    "greater_than_equal": _l("太小了"),
    "less_than": _l("太大了"),
    # visits
    "out_of_range": _l("%(label)s应在 %(low)s–%(high)s 之间，您填的是 %(value)s"),
    "crossed": _l("舒张压应低于收缩压，您填的是 %(sbp)s/%(dbp)s"),
    "reading": _l("这一次血压不可能：%(sbp)s/%(dbp)s"),
    "symptom_code": _l("症状代码是 1–9，不能重复"),
    "symptom_exclusive": _l("“无症状”不能和别的症状一起选"),
    "explain_reaction": _l("有不良反应时要写明药物和反应"),
    "explain_raise": _l("提高分类要写明原因"),
    "mode_needed": _l("要选随访方式"),
    "future": _l("日期不能晚于今天（%(today)s）"),
    "after_death": _l("此人已于 %(on)s 去世，之后不能有随访"),
    "before_enrolment": _l("早于建档日期 %(on)s"),
    "no_condition": _l("此人没有这种慢病的登记"),
    "unknown_staff": _l("没有这个账号"),
    "id_taken": _l("这个编号已经用过"),
    "stale_version": _l("这条随访已被改过（现在是第 %(version)s 版），请看过再改"),
    "already_void": _l("这条随访已经作废"),
    "appointment_past": _l("预约日期不能早于随访日期"),
}
LITERAL = {"not_found": "not found"}
"""Answers of the API that do not depend on the language."""


def text(problem: Problem) -> str:
    """One problem in words; an unknown code gets a general sentence."""
    if problem.code in LITERAL:
        return LITERAL[problem.code]
    params = dict(problem.params)
    if "key" in params and params["key"] in RANGES:
        params["label"] = RANGES[params["key"]].label(str(get_locale()))
    params = {name: _plain(value) for name, value in params.items()}
    words = WORDS.get(problem.code, _l("不符合要求"))
    return str(words) % params if params else str(words)


def texts(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Messages by field path, as the API answers them and the forms show them."""
    return {name: [text(p) for p in found] for name, found in by_field(problems).items()}


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
