"""The words for what is wrong with something that came in, in the reader's language."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import get_locale

from tracker.domain.finding import finding_text
from tracker.domain.ranges import RANGES
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.problem import Problem, by_field
from tracker.words.day import format_date

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
    "date_range": _l("日期不合理"),
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
    "after_death": _l("此人已于 %(on)s 去世，之后不能再有记录"),
    "before_enrolment": _l("早于建档日期 %(on)s"),
    "no_condition": _l("此人没有这种慢病的登记"),
    "unknown_staff": _l("没有这个账号"),
    "id_taken": _l("这个编号已经用过"),
    "stale_version": _l("这条随访已被改过（现在是第 %(version)s 版），请看过再改"),
    "correction_closed": _l("录入已超过 24 小时，请团队长或卫生院管理员来改"),
    "reason_missing": _l("要写明原因"),
    "already_void": _l("这条随访已经作废"),
    "appointment_past": _l("预约日期不能早于随访日期"),
    # what the visit form asks back
    "signs_needed": _l("请点一下：有危急情况就点出来，没有就点“无以下情况”"),
    "signs_exclusive": _l("“无以下情况”和“没有问”不能和别的一起点"),
    "signs_by_phone_only": _l("见了面就要问，只有电话没找到本人时才能不问"),
    "symptoms_needed": _l("请点症状，没有就点“无症状”"),
    "danger_asked": _l("这些症状属于危急情况吗？是，就在上面“危急情况”里点出来；不是，就在下面勾选“不属于”"),
    "pulse_asked": _l(
        "心率超过 100。是持续性心动过速吗？是，就在“危急情况”里点出来；不是，就在下面勾选“不属于”"
    ),
    "pressure_half": _l("收缩压和舒张压要一起填"),
    "reading_missing": _l("没有读数的病这次不评估，原来的随访任务照旧保留。请补上读数，或写明没测的原因"),
    "late_reason_needed": _l("超过 3 天才录入，请写明原因"),
    "outcome_needed": _l("上次转诊还没有结果，请点一项；还不知道也要点"),
    "drug_name_needed": _l("请写药名"),
    "odd_asked": _l("不常见。没有填错就在页面上方勾选确认"),
    # phones
    "seal_broken": _l("打不开：密封的内容已损坏，或不是发给这台服务器的"),
    "seal_long": _l("密封的内容太长，最多 %(most)s 个字符"),
    "seal_no_json": _l("密封的内容看不懂"),
    "seal_of_another": _l("密封的是另一条记录"),
    "seal_alone": _l("密封的记录旁边不能有别的内容"),
    "other_author": _l("这条记录是别人写的，要由他本人的手机或账号上传"),
    "public_key": _l("要填 P-256 公钥"),
    "device_revoked": _l("这台手机已被停用，请重新设置"),
    "after_leaving": _l("账号已于 %(on)s 停用，之后的记录不收"),
    "devices_many": _l("已有 %(most)s 台手机，请先停用不用的"),
    "no_delivery": _l("这不是手机导出的文件，或文件不完整"),
    "delivery_of_nobody": _l("这个文件不是您的人的手机导出的"),
    "delivery_changed": _l("文件在手机导出以后被改过，没有收。请让医生重新导出"),
    "delivery_long": _l("一个文件最多 %(most)s 条记录"),
    # contracts
    "population_first": _l("请先设置这一年的常住人口"),
    "term_years": _l("签约年限是 1–3 年"),
    "unknown_team": _l("没有这个团队，请核对团队名称"),
    "unknown_package": _l("没有服务包 %(code)s，或已停用"),
    "signature_image": _l("签名图片格式不对"),
    "signature_empty": _l("还没有签名"),
    "signature_unused": _l("没有签字就不能带签名图片"),
    "note_needed": _l("选“其他”要写明原因"),
    "start_before_signing": _l("生效日期不能早于签订日期 %(on)s"),
    "start_too_late": _l("生效日期不能比签订日期晚一年以上"),
    "resident_dead": _l("此人已于 %(on)s 去世，开始日期不能晚于这一天"),
    "resident_moved_out": _l("此人已迁出本县，不能签约"),
    "roster_county": _l("只有负责一个县的人员才能上传名册"),
    "roster_state": _l("这份名册已经录入或正在处理"),
    "contract_overlap": _l(
        "此人已与%(team)s（电话 %(phone)s）签约，到 %(end_on)s 为止；要换团队请先改签解约"
    ),
    "contract_overlap_silent": _l(
        "此人已与%(team)s签约，到 %(end_on)s 为止；要换团队请先改签解约。这个团队没有登记电话"
    ),
    "renewal_window": _l("续签要在到期日 %(end)s 前 60 天到后 30 天之内；过期更久请重新签约"),
    "renewal_start": _l("续签从 %(on)s 开始，不能另填生效日期"),
    "renewal_of_ended": _l("未签字、已解约或作废的合同不能续签，请重新签约"),
    "outside_contract": _l("解约日期应在 %(first)s 到 %(last)s 之间"),
    "already_terminated": _l("这份合同已经解约，不能再改"),
    "contract_not_valid": _l("未签字或作废的合同不能解约"),
    "already_signed": _l("这份合同已经签过字或作废"),
    "void_too_late": _l("签订超过 24 小时，只有县卫健委可以作废"),
    # people
    "string_pattern_mismatch": _l("格式不对"),
    "less_than_equal": _l("太大了"),
    "name_empty": _l("请填姓名"),
    "one_phone": _l("每项填一个电话号码"),
    "no_id_reason": _l("没有身份证号要写明原因"),
    "document_number": _l("证件号码只含字母和数字"),
    "too_old": _l("年龄超过 %(oldest)s 岁，请再看一遍"),
    "birth_unlike_id": _l("与身份证号上的出生日期 %(on)s 不一致"),
    "sex_unlike_id": _l("与身份证号上的性别不一致"),
    "no_village": _l("没有这个村，或不归您管"),
    "duplicate_here": _l("已经有这个人：%(name)s，档案号 %(archive)s"),
    "duplicate_known": _l("已经有这个人，档案号 %(archive)s"),
    "duplicate_unnumbered": _l(
        "已经有这个人：%(name)s，档案号 %(archive)s。确实是另一个人，请填证件号码，孩子填监护人身份证号"
    ),
    "duplicate_elsewhere": _l("此人已在别处建档，请与县卫健委联系"),
    "reason_needed": _l("请写明原因或消息来源"),
    "reveal_quota": _l("今天已查看 %(most)s 次完整信息，请明天再来"),
    # registers, statuses, attempts
    "diagnosed_after": _l("确诊日期不能晚于建档日期"),
    "already_enrolled": _l("已于 %(on)s 建档"),
    "before_birth": _l("早于出生日期 %(on)s"),
    "until_unused": _l("只有外出和住院填截止日期"),
    "until_before": _l("截止日期不能早于开始日期"),
    "promise_before": _l("约的日子不能早于联系的那天"),
    "promise_far": _l("最远约到三个月后；更久不在家的，请登记外出"),
    "disease_unused": _l("这个状态是整个人的，不分病种"),
    "region_unused": _l("只有转到本县别处时填新的村"),
    "already_dead": _l("此人已登记于 %(on)s 去世"),
    "before_leaving": _l("不能早于离开的日期 %(on)s"),
    "reopen_role": _l("去世或迁出的人，只有卫生院管理员或县卫健委能恢复"),
    "too_few_attempts": _l("登记失访要有 %(needed)s 个不同日子的联系记录，现在只有 %(n)s 个"),
    # signing in
    "password_short": _l("密码至少要 %(n)s 个字符"),
    "password_long": _l("密码最多 %(n)s 个字符"),
    "password_weak": _l("这个密码太容易猜到，请换一个"),
    "password_wrong": _l("当前密码不对"),
    "activation_wrong": _l("激活码不对或已过期"),
    # places, teams and staff
    "region_unknown": _l("没有代码为 %(region)s 的地区"),
    "region_name_unknown": _l("没有叫“%(name)s”的地区，请核对名称，或填代码"),
    "region_name_shared": _l("有几个地方叫“%(name)s”，请填代码：%(codes)s"),
    "not_a_county": _l("%(region)s 不是县"),
    "not_a_township": _l("%(region)s 不是乡镇或街道"),
    "not_a_village": _l("%(region)s 不是村或居委会"),
    "csv_columns": _l("文件里缺少这些列：%(columns)s"),
    "region_row": _l("第 %(line)s 行不对：%(reason)s"),
    "region_foreign": _l("%(region)s 不在您管理的范围内"),
    "team_unknown": _l("没有名叫“%(name)s”的团队"),
    "team_taken": _l("已经有名叫“%(name)s”的团队"),
    "team_ambiguous": _l("有几个县都有名叫“%(name)s”的团队，请用 --region 指明"),
    "village_elsewhere": _l("%(region)s 不在这个团队的乡镇 %(township)s，一个团队只负责一个乡镇的村"),
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
ROSTER = "roster_"
"""Problems that reading rosters knows too; their words stand with the report's."""
CLOSED = ("enum", "literal_error")
"""Problems that list what may be chosen, which pydantic writes as an English enumeration."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LITERAL = {"not_found": "not found"}
"""Answers of the API that do not depend on the language."""


def text(problem: Problem) -> str:
    """One problem in words; an unknown code gets a general sentence."""
    if problem.code in LITERAL:
        return LITERAL[problem.code]
    params = dict(problem.params)
    if problem.code.startswith(ROSTER):
        return finding_text(problem.code.removeprefix(ROSTER), params, str(get_locale()))
    if "key" in params and params["key"] in RANGES:
        params["label"] = RANGES[params["key"]].label(str(get_locale()))
    if problem.code in CLOSED:
        params["expected"] = str(params.get("expected", "")).replace("'", "").replace(" or ", ", ")
    params = {name: _plain(value) for name, value in params.items()}
    if problem.code == "contract_overlap" and params["phone"] is None:
        return str(WORDS["contract_overlap_silent"]) % params
    words = WORDS.get(problem.code, _l("不符合要求"))
    return str(words) % params if params else str(words)


def texts(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Messages by field path, as the API answers them and the forms show them."""
    return {name: [text(p) for p in found] for name, found in by_field(problems).items()}


def _plain(value: object) -> object:
    """Figures without idle zeros, and days as every page writes them."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and DAY.fullmatch(value):
        with contextlib.suppress(ValueError):  # typed, and no day: it is told as it is
            return format_date(date.fromisoformat(value), _("y年M月d日"))
    return value
