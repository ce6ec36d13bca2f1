"""Files that are no workbook, or too much of one, and the numbering of rows."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests import rosters
from tracker.domain.reasons import Reason
from tracker.services.roster.refusal import WorkbookRefused
from tracker.services.roster.workbook import open_sheets

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def refusal(path: Path) -> Reason:
    with pytest.raises(WorkbookRefused) as refused:
        [list(sheet.rows) for sheet in open_sheets(path)]
    assert "\n" not in refused.value.text("zh")
    assert refused.value.text("en")
    return refused.value.reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"", Reason.FILE_EMPTY),
        ("a.xlsx", b"PK\x03\x04 this is no workbook", Reason.FILE_BROKEN),
        ("a.xlsx", b"plain text", Reason.FILE_BROKEN),
        ("a.xls", OLE2 + bytes(4000), Reason.FILE_BROKEN),
        (
            "a.xlsx",
            OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
            Reason.FILE_LOCKED,
        ),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", Reason.FILE_FORMAT),
        ("a.csv", b"%PDF-1.7", Reason.FILE_FORMAT),
        ("a.csv", b"\xef\xbb\xbf  \r\n", Reason.FILE_EMPTY),
        ("a.csv", b"\x81\xff\xff\xfe,\xff", Reason.FILE_ENCODING),
        ("a.csv", bytes(range(1, 32)) * 40, Reason.FILE_FORMAT),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, reason: Reason
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) is reason


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.xlsx") is Reason.FILE_MISSING


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", bytes(5_000_000))
    assert refusal(path) is Reason.FILE_BOMB


def test_a_package_with_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(201):
            package.writestr(f"xl/{number}.xml", "x")
    assert refusal(path) is Reason.FILE_BOMB


def test_a_value_in_the_last_corner_of_a_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("a")
        page.write_string(0, 0, "姓名")
        page.write_string(1_048_575, 16_383, "x")
    assert refusal(path) is Reason.FILE_BOMB


def test_formats_without_values_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "formats.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("a")
        page.write_string(0, 0, "姓名")
        page.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    (sheet,) = open_sheets(path)
    assert list(sheet.rows) == [(1, ["姓名"])]


def test_another_office_package_is_of_the_wrong_format(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    assert refusal(path) is Reason.FILE_FORMAT


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    assert refusal(path) is Reason.FILE_TOO_BIG


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_rows_are_numbered_as_excel_does_also_after_empty_ones(tmp_path: Path, kind: str) -> None:
    rows = [[], [], ["", "姓名"], [], ["", "王一"]]
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        rosters.xlsx(path, ("a", rows))
    elif kind == "xls":
        rosters.xls(path, "a", rows)
    else:
        path.write_text("\n\n,姓名\n\n,王一\n", encoding="gb18030")
    (sheet,) = open_sheets(path)
    assert {number: cells[-1] for number, cells in sheet.rows if any(cells)} == {3: "姓名", 5: "王一"}


def test_text_that_keeps_excel_from_cutting_is_unwrapped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,身份证号\n王一,"=""999101195603020011"""\n', encoding="utf-8")
    (sheet,) = open_sheets(path)
    assert list(sheet.rows)[1] == (2, ["王一", "999101195603020011"])


def test_cells_merged_downwards_hold_for_every_row_they_cover(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("a")
        page.write_row(0, 1, ["村", "姓名"])
        page.merge_range(1, 1, 3, 1, "张庄")
        for row, name in enumerate(("王一", "李二", "赵三", "钱四"), 1):
            page.write_string(row, 2, name)
    (sheet,) = open_sheets(path)
    assert [list(cells) for _, cells in sheet.rows][1:] == [
        ["张庄", "王一"],
        ["张庄", "李二"],
        ["张庄", "赵三"],
        ["", "钱四"],
    ]
