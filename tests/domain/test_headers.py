"""Headers of other counties."""

from __future__ import annotations

import pytest

from tracker.domain.headers import Column, find_header, meaning


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("身份证", Column.ID_NUMBER),
        ("*证件号码（18位）", Column.ID_NUMBER),
        ("手 机", Column.PHONE),
        ("现住址", Column.ADDRESS),
        ("村（居）委会", Column.VILLAGE),
        ("是否高血压", Column.HYPERTENSION),
        ("糖尿病\n(是/否)", Column.DIABETES),
        ("最近一次随访时间", Column.VISITED_ON),
        ("血压(mmHg)", Column.PRESSURE),
        ("空腹血糖（mmol/L）", Column.FPG),
        ("慢病", Column.GROUPS),
        ("户主姓名", Column.HOUSEHOLD_HEAD),
        ("家庭医生姓名", Column.DOCTOR),
        ("确诊高血压时间", Column.HYPERTENSION_ON),
        ("患者本人联系电话2", Column.PHONE),
        ("家庭医生签约日期", Column.SIGNED_ON),
        ("签约协议到期时间", Column.ENDS_ON),
        ("2026年一季度血压值", Column.PRESSURE),
        ("收缩压/舒张压", Column.PRESSURE),
        ("是否签约家庭医生", Column.SIGNED),
        ("下次随访日期", None),
        ("户主身份证号", None),
        ("餐后2小时血糖", None),
        ("随便什么", None),
    ],
)
def test_synonyms_mean_one_column(header: str, column: Column | None) -> None:
    assert meaning(header)[0] is column


def test_the_header_is_found_under_titles() -> None:
    header = find_header(
        [
            ["某县花名册"],
            ["填报单位：某院  填报人：某"],
            [],
            ["序号", "姓名", "证件号", "电话"],
            [1.0, "张三", "x", ""],
        ]
    )
    assert header is not None
    assert header.row == 3
    assert {slot.header for slots in header.slots.values() for slot in slots} == {
        "序号",
        "姓名",
        "证件号",
        "电话",
    }


def test_a_head_of_two_rows_gives_the_visits_their_parent() -> None:
    header = find_header(
        [
            ["花名册", "", "", "", "", "", ""],
            ["姓名", "身份证号", "高血压", "", "", "糖尿病", ""],
            ["", "", "确诊日期", "随访日期", "血压", "随访日期", "空腹血糖"],
            ["张三", "1", "", "", "", "", ""],
        ]
    )
    assert header is not None
    assert header.row == 2
    assert header.slots[Column.HYPERTENSION_ON][0].header == "高血压 确诊日期"
    assert [slot.visit for slot in header.slots[Column.VISITED_ON]] == ["高血压", "糖尿病"]


def test_a_sheet_without_names_has_no_header() -> None:
    assert find_header([["填写说明"], ["一、请填写身份证号"], ["电话", "住址", "备注"]]) is None
