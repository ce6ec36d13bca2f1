"""The report that an import leaves behind."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook

from tracker.domain.finding import Finding, Result
from tracker.domain.reasons import Reason
from tracker.services.roster.report import write_report


def test_one_line_per_cell_under_six_fixed_columns(tmp_path: Path) -> None:
    findings = [
        Finding("张庄", 8, "身份证号码", "1", Result.REFUSED, Reason.ID_CHECK_DIGIT, {"expected": "X"}),
        Finding("张庄", 9, "备注", "=1+1", Result.NOTE, Reason.DECEASED),
    ]
    write_report(tmp_path / "r.xlsx", findings, {"accepted": 7})
    book = CalamineWorkbook.from_path(tmp_path / "r.xlsx")
    assert book.get_sheet_by_index(0).to_python() == [
        ["sheet", "row", "column", "value", "result", "reason"],
        ["张庄", 8.0, "身份证号码", "1", "refused", "校验码不符，末位应为X"],
        ["张庄", 9.0, "备注", "=1+1", "note", "标为已故，将登记为死亡"],
    ]
    assert book.get_sheet_by_index(1).to_python()[0] == ["accepted", 7.0]


def test_the_reasons_follow_the_readers_language(tmp_path: Path) -> None:
    finding = Finding("a", 1, "b", "c", Result.REFUSED, Reason.NAME_MISSING)
    write_report(tmp_path / "r.xlsx", [finding], {}, "en")
    assert CalamineWorkbook.from_path(tmp_path / "r.xlsx").get_sheet_by_index(0).to_python()[1][5] == (
        "The name is missing"
    )
