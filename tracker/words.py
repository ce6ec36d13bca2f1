"""The words for codes: what is wrong with a field, what a role is called."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from tracker import problems
from tracker.domain.roles import Role
from tracker.models import InstitutionKind
from tracker.schemas.problem import Problem, by_field

_NUMBER = _l("要填数字")
_DAY = _l("日期要写成 2026-11-20 这样")
_OBJECT = _l("应是一个对象 {…}")
_CHOICE = _l("没有这个选项")
_UUID = _l("应是一个 UUID")

PROBLEMS = {
    # of the shape of what came in
    "missing": _l("必填"),
    "extra_forbidden": _l("没有这个字段"),
    "nul": _l("含有不能保存的字符"),
    "string_type": _l("要填文字"),
    "string_unicode": _l("含有不能保存的字符"),
    "string_too_long": _l("最多 %(max_length)s 个字"),
    "string_too_short": _l("至少 %(min_length)s 个字"),
    "string_pattern_mismatch": _l("格式不对"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _l("要填整数"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "number_type": _NUMBER,
    "code_type": _l("要填代码数字"),
    "bool_type": _l("要填 true 或 false"),
    "bool_parsing": _l("要填 true 或 false"),
    "list_type": _l("应是一个列表 […]"),
    "too_long": _l("最多 %(max_length)s 项"),
    "too_short": _l("至少 %(min_length)s 项"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "greater_than_equal": _l("不能小于 %(ge)s"),
    "greater_than": _l("应大于 %(gt)s"),
    "less_than_equal": _l("不能大于 %(le)s"),
    "less_than": _l("应小于 %(lt)s"),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": _UUID,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "moment_type": _l("时间要写成 2026-11-20T09:12:33+08:00 这样"),
    "not_found": _l("没有找到"),
    # of signing in
    "password_short": _l("密码至少要 %(n)s 个字符"),
    "password_long": _l("密码最多 %(n)s 个字符"),
    "password_weak": _l("这个密码太容易猜到，请换一个"),
    "password_wrong": _l("当前密码不对"),
    "activation_wrong": _l("激活码不对或已过期"),
    # of places, teams and staff
    "region_unknown": _l("没有代码为 %(region)s 的地区"),
    "not_a_county": _l("%(region)s 不是县"),
    "not_a_township": _l("%(region)s 不是乡镇或街道"),
    "not_a_village": _l("%(region)s 不是村或居委会"),
    "csv_columns": _l("文件里缺少这些列：%(columns)s"),
    "region_row": _l("第 %(line)s 行不对：%(reason)s"),
    "region_foreign": _l("%(region)s 不在您管理的范围内"),
    "team_unknown": _l("没有名叫“%(name)s”的团队"),
    "team_taken": _l("已经有名叫“%(name)s”的团队"),
    "team_ambiguous": _l("有几个县都有名叫“%(name)s”的团队，请用 --region 指明"),
    "villages_needed": _l("至少要有一个村"),
    "username_taken": _l("用户名“%(name)s”已被使用"),
    "username_form": _l("用户名是 1–60 个字母、数字或 . _ - @"),
    "staff_unknown": _l("没有用户名为“%(name)s”的人员"),
    "role_above": _l("您不能管理这个角色"),
    "region_needed": _l("这个角色要指定地区"),
    "name_needed": _l("要填姓名"),
    "not_yourself": _l("不能停用自己"),
    "period_backwards": _l("结束日期早于开始日期"),
    "number_negative": _l("人数不能是负数"),
    "year_odd": _l("年份应在 2000–2100 之间"),
    "percent_range": _l("目标应在 0–100 之间"),
    "indicator_unknown": _l("没有名为 %(key)s 的指标"),
    "group_unknown": _l("指标 %(key)s 没有分组 %(group)s"),
    "institution_taken": _l("这个地区已有同名机构"),
    "institution_unknown": _l("没有这个机构"),
}
"""Message by problem code; the placeholders are the problem's parameters."""

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


def say(problem: Problem) -> str:
    """One problem in the reader's language."""
    known = PROBLEMS.get(problem.code)
    if known is None:
        return problems.text(problem)
    return str(known) % problem.params if "%(" in str(known) else str(known)


def texts(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Messages by field, in the reader's language."""
    return {field: [say(p) for p in found] for field, found in by_field(problems).items()}
