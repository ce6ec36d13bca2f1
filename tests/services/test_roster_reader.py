"""Whole roster files of made-up counties, as persons and findings."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import rosters
from tests.rosters import HEADER, TODAY, id_number, person
from tracker.domain.contract import Term
from tracker.domain.finding import Finding, Result
from tracker.domain.person import Group, Sex
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit
from tracker.domain.roster_merge import Persons
from tracker.services.roster.reader import read_rows
from tracker.services.roster.refusal import WorkbookRefused

Outcome = tuple[dict[str, RosterRow], list[Finding]]


def read(path: Path) -> Outcome:
    """Persons by name, and the findings."""
    persons = Persons()
    found = list(read_rows(path, rosters.villages(), TODAY, persons))
    people = list(persons.all())
    assert len(people) == len(persons)
    assert len({person.name for person in people}) == len(people)
    return {person.name: person for person in people}, found


@pytest.fixture
def county(tmp_path: Path) -> Outcome:
    return read(rosters.xlsx(tmp_path / "名册.xlsx", ("张庄", rosters.county_sheet())))


def said(found: list[Finding], row: int) -> set[tuple[Result, Reason, str]]:
    return {(item.result, item.reason, item.column) for item in found if item.row == row}


def test_every_usable_person_is_taken_and_nobody_else(
    county: Outcome,
) -> None:
    people, found = county
    assert set(people) == {"王一", "李二", "赵三", "吴七", "陈十", "褚甲"}
    assert {item.row for item in found if item.result is Result.REFUSED} == {7, 8, 9, 11, 12, 13, 16}


def test_a_row_arrives_with_all_its_cells(county: Outcome) -> None:
    one = county[0]["王一"]
    assert (one.id_number, one.birth_date, one.village_code) == (
        id_number(date(1956, 3, 2)),
        date(1956, 3, 2),
        "999101101201",
    )
    assert [(phone.number, phone.remark) for phone in one.phones] == [("13800000001", "儿子")]
    assert one.contract == Term(date(2026, 1, 5), date(2027, 1, 4))
    assert (one.hypertension, one.diabetes, one.hypertension_on) == (True, False, date(2015, 6, 1))
    assert one.visits == (RosterVisit(date(2026, 8, 1), 138, 86),)
    assert one.note == "独居"


def test_the_id_number_outweighs_the_column_of_sex(
    county: Outcome,
) -> None:
    people, found = county
    assert people["王一"].sex is Sex.MALE
    assert (Result.NOTE, Reason.SEX_CONTRADICTS_ID, "性别") in said(found, 4)


def test_words_for_groups_give_diseases_and_entered_groups(
    county: Outcome,
) -> None:
    two = county[0]["李二"]
    assert (two.diabetes, two.groups) == (True, {Group.DIS})
    assert two.last_visit == RosterVisit(date(2026, 9, 1), fpg=Decimal("6.8"))


def test_marks_of_death_are_read_from_name_and_remark(
    county: Outcome,
) -> None:
    people, found = county
    assert people["赵三"].deceased
    assert people["褚甲"].deceased
    assert (Result.NOTE, Reason.DECEASED, "姓名") in said(found, 6)


def test_lost_numbers_are_refused_with_their_own_reasons(
    county: Outcome,
) -> None:
    _, found = county
    assert said(found, 7) == {(Result.REFUSED, Reason.ID_CUT, "身份证号码")}
    assert said(found, 8) == {(Result.REFUSED, Reason.ID_SCIENTIFIC, "身份证号码")}
    assert said(found, 12) == {(Result.REFUSED, Reason.VILLAGE_UNKNOWN, "村")}
    assert said(found, 13) == {(Result.REFUSED, Reason.NAME_MISSING, "姓名")}


def test_a_placeholder_is_accepted_only_with_name_sex_birth_and_village(
    county: Outcome,
) -> None:
    people, found = county
    seven = people["吴七"]
    assert (seven.id_number, seven.no_id_reason, seven.sex, seven.birth_date) == (
        None,
        "不详",
        Sex.MALE,
        date(1988, 8, 8),
    )
    assert said(found, 11) == {(Result.REFUSED, Reason.ID_MISSING_INCOMPLETE, "身份证号码")}


def test_another_document_counts_as_awaiting_papers(tmp_path: Path) -> None:
    row = person("王一", "护照 E12345678", 性别="女", 出生日期="1980.1.1")
    people, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), row])))
    assert (people["王一"].id_number, people["王一"].document) == (None, "护照 E12345678")
    assert said(found, 2) == {(Result.NOTE, Reason.ID_OTHER_DOCUMENT, "身份证号码")}


def test_one_number_is_one_person_and_the_newer_row_counts(
    county: Outcome,
) -> None:
    people, found = county
    ten = people["陈十"]
    assert ten.hypertension
    assert ten.last_visit == RosterVisit(date(2026, 10, 2), 150, 88)
    assert (Result.NOTE, Reason.MERGED_WITH, "身份证号码") in said(found, 14) & said(found, 15)
    assert (Result.LEFT_EMPTY, Reason.BP_SWAPPED, "血压") in said(found, 14)
    assert (Result.LEFT_EMPTY, Reason.GLUCOSE_DECIMAL, "空腹血糖") in said(found, 14)
    assert (Result.REFUSED, Reason.ID_OTHER_NAME, "身份证号码") in said(found, 16)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("gb18030", ","), ("utf-8", ","), ("utf-8-sig", "\t"), ("utf-16", "\t"), ("gb18030", ";")],
)
def test_delimited_text_reads_like_the_workbook(tmp_path: Path, encoding: str, mark: str) -> None:
    rows = [person("王一", id_number(date(1956, 3, 2)), 血压="138/86", 最近随访时间="2026-8-1", 高血压="是")]
    book, _ = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), *rows])))
    text, _ = read(rosters.delimited(tmp_path / "a.csv", [HEADER.split(), *rows], encoding, mark))
    assert asdict(text["王一"]) == asdict(book["王一"])


def test_an_old_workbook_reads_alike(tmp_path: Path) -> None:
    people, _ = read(rosters.xls(tmp_path / "旧.xls", "张庄", rosters.county_sheet()[:6]))
    assert set(people) == {"王一", "李二", "赵三"}
    assert people["李二"].last_visit == RosterVisit(date(2026, 9, 1), fpg=Decimal("6.8"))


def test_a_county_with_merged_heads_and_four_quarters(tmp_path: Path) -> None:
    number = id_number(date(1950, 5, 5))
    rows = [
        ["慢病随访登记表"],
        ["姓名", "身份证号", "村名", "慢病", "第一季度", "", "第二季度", ""],
        ["", "", "", "", "随访日期", "血压", "随访日期", "血压"],
        ["王一", number, "后李村", "高血压", "2026.2.1", "150/90", "2026.5.1", "138/84"],
    ]
    people, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", rows)))
    assert people["王一"].last_visit == RosterVisit(date(2026, 5, 1), 138, 84)
    assert people["王一"].hypertension
    assert found == []


def test_a_title_in_the_middle_moves_the_rows_to_its_village(tmp_path: Path) -> None:
    head = ["姓名", "身份证号", "联系电话"]
    rows = [
        ["李集镇张庄村花名册"],
        head,
        ["王一", id_number(date(1950, 5, 5)), ""],
        ["清水回族乡张庄村花名册"],
        head,
        ["李二", id_number(date(1950, 5, 5), 2), ""],
    ]
    people, _ = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", rows)))
    assert {name: one.village_code for name, one in people.items()} == {
        "王一": "999101101201",
        "李二": "999101102201",
    }


def test_hidden_rows_and_broken_formulas_are_told(tmp_path: Path) -> None:
    rows = [
        HEADER.split(),
        person("王一", id_number(date(1950, 5, 5)), 备注="#REF!"),
        person("李二", "#REF!"),
    ]
    people, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", rows), hidden=2))
    assert set(people) == {"王一"}
    assert said(found, 2) == {
        (Result.NOTE, Reason.HIDDEN_ROW, "姓名"),
        (Result.LEFT_EMPTY, Reason.BROKEN_FORMULA, "备注"),
    }
    assert said(found, 3) == {(Result.REFUSED, Reason.ID_BROKEN_FORMULA, "身份证号码")}


def test_serial_numbers_follow_the_workbooks_epoch(tmp_path: Path) -> None:
    row = person("王一", "无", 性别="男", 出生日期=20516 - 1462)
    people, _ = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), row]), epoch_1904=True))
    assert people["王一"].birth_date == date(1956, 3, 2)


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"签约日期": "2026.1.5", "到期日期": "2025.1.4"}, Reason.CONTRACT_REVERSED, "到期日期"),
        ({"签约日期": "2020.1.5", "到期日期": "2026.1.4"}, Reason.CONTRACT_TOO_LONG, "到期日期"),
        ({"签约日期": "2026.1.5", "到期日期": "长期"}, Reason.DATE_OPEN_ENDED, "到期日期"),
        ({"签约日期": "2027.1.5", "到期日期": "2028.1.4"}, Reason.DATE_FUTURE, "签约日期"),
        ({"最近随访时间": "2026.12.1", "血压": "138/86"}, Reason.DATE_FUTURE, "最近随访时间"),
        ({"最近随访时间": "2014.1.1", "确诊日期": "2015.1.1"}, Reason.VISIT_BEFORE_DIAGNOSIS, "最近随访时间"),
        ({"血压": "138/86"}, Reason.READING_WITHOUT_DATE, "血压"),
        ({"联系方式": "1381234567"}, Reason.PHONE_DIGITS, "联系方式"),
        ({"高血压": "否", "人群类别": "高血压"}, Reason.DISEASE_CONTRADICTS, "高血压"),
    ],
)
def test_an_odd_cell_is_left_empty_and_the_person_taken(
    tmp_path: Path, cells: dict[str, object], reason: Reason, column: str
) -> None:
    rows = [HEADER.split(), person("王一", id_number(date(1950, 5, 5)), **{"高血压": "是", **cells})]
    people, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", rows)))
    assert (Result.LEFT_EMPTY, reason, column) in said(found, 2)
    assert people["王一"].contract is None
    assert people["王一"].visits == ()


def test_two_rows_without_number_and_alike_are_asked_and_taken_once(tmp_path: Path) -> None:
    row = person("王一", "无", 性别="男", 出生日期="1956.3.2")
    people, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), row, row])))
    assert set(people) == {"王一"}
    assert (Result.NOTE, Reason.SAME_PERSON, "姓名") in said(found, 3)


def test_the_fourth_resident_with_one_phone_is_remarked_upon(tmp_path: Path) -> None:
    rows = [
        person(name, id_number(date(1950, 5, 5), at), 联系方式="13800000001")
        for at, name in enumerate(("王一", "李二", "赵三", "钱四"), 1)
    ]
    _, found = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), *rows])))
    assert [(item.row, item.reason) for item in found] == [(5, Reason.PHONE_SHARED)]


def test_fifteen_and_eighteen_digits_are_one_person(tmp_path: Path) -> None:
    number = id_number(date(1956, 3, 2))
    rows = [person("王一", number), person("王一", number[:6] + number[8:17])]
    people, _ = read(rosters.xlsx(tmp_path / "a.xlsx", ("a", [HEADER.split(), *rows])))
    assert replace(people["王一"], row=0).id_number == number


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet="王一二男女是否√0123456789.-/x（）无合计年月日", max_size=20),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=19, max_size=19), min_size=1, max_size=12))
def test_no_sheet_whatever_it_holds_makes_reading_fail(rows: list[list[object]]) -> None:
    with TemporaryDirectory() as folder:
        path = rosters.xlsx(Path(folder) / "a.xlsx", ("a", [HEADER.split(), *rows]))
        persons = Persons()
        assert all(found.text("zh") for found in read_rows(path, rosters.villages(), TODAY, persons))
        assert len(list(persons.all())) == len(persons)


def test_a_file_without_header_is_refused(tmp_path: Path) -> None:
    path = rosters.xlsx(tmp_path / "a.xlsx", ("a", [["一"], ["二"]]))
    with pytest.raises(WorkbookRefused) as refused:
        read(path)
    assert refused.value.reason is Reason.FILE_WITHOUT_HEADER
