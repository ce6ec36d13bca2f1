"""Dates, phones, readings, names and words of roster cells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.cells import placeholder, read_age, read_sex, read_text, read_yes
from tracker.domain.dates import read_date
from tracker.domain.finding import Read, texts
from tracker.domain.glucose import read_glucose
from tracker.domain.groups import read_groups
from tracker.domain.identity import read_id_number
from tracker.domain.names import Name, read_name
from tracker.domain.person import Group, Sex
from tracker.domain.phones import read_phones
from tracker.domain.pressure import Pressure, read_pressure, read_pressure_columns
from tracker.domain.reasons import Reason

THE_DAY = date(1956, 3, 2)


def reasons(read: Read[object]) -> list[Reason]:
    return [issue.reason for issue in read.issues]


@pytest.mark.parametrize(
    "raw",
    [
        "1956.3.2",
        "1956-3-2",
        "1956/3/2",
        "19560302",
        19560302.0,
        "1956年3月2日",
        "1956-03-02 00:00:00",
        "1956．3．2",
        "１９５６年３月２日",
        20516,
        20516.0,
        20516.5,
        "20516",
        THE_DAY,
        datetime(1956, 3, 2, 8, 30),  # noqa: DTZ001 a cell knows no time zone
    ],
)
def test_every_way_to_write_a_day_is_read(raw: object) -> None:
    assert read_date(raw) == Read(THE_DAY)


def test_the_other_epoch_counts_from_1904() -> None:
    assert read_date(20516.0 - 1462, epoch_1904=True) == Read(THE_DAY)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1956.03", Reason.DATE_INCOMPLETE),
        (1956.03, Reason.DATE_INCOMPLETE),
        ("1956", Reason.DATE_INCOMPLETE),
        ("195603", Reason.DATE_INCOMPLETE),
        ("56.3.2", Reason.DATE_TWO_DIGIT_YEAR),
        ("2025.2.30", Reason.DATE_IMPOSSIBLE),
        ("长期", Reason.DATE_OPEN_ENDED),
        ("1956年3月2日（农历）", Reason.DATE_LUNAR),
        ("3/2/1956", Reason.DATE_UNCLEAR),
        ("去年春天", Reason.DATE_UNCLEAR),
        (timedelta(days=3), Reason.DATE_UNCLEAR),
        ("#N/A", Reason.BROKEN_FORMULA),
    ],
)
def test_a_doubtful_date_is_left_to_be_asked(raw: object, reason: Reason) -> None:
    found = read_date(raw)
    assert found.value is None
    assert reasons(found) == [reason]


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("13812345678/0374-3511234", ["13812345678", "0374-3511234"]),
        ("13812345678、13912345678", ["13812345678", "13912345678"]),
        ("13812345678或13912345678；03743511234", ["13812345678", "13912345678", "03743511234"]),
        ("13812345678 13912345678", ["13812345678", "13912345678"]),
        ("138 1234 5678", ["13812345678"]),
        ("138-1234-5678", ["13812345678"]),
        ("+86 13812345678", ["13812345678"]),
        ("（0374）3511234", ["0374-3511234"]),
        ("13812345678\n13812345678", ["13812345678"]),
        (13812345678.0, ["13812345678"]),
        (13812345678, ["13812345678"]),
        ("无", []),
        (None, []),
    ],
)
def test_every_number_of_a_cell_is_kept_once(raw: object, numbers: list[str]) -> None:
    found = read_phones(raw)
    assert [phone.number for phone in found.value or ()] == numbers
    assert not found.issues


def test_brackets_and_words_beside_a_number_become_its_remark() -> None:
    for raw in ("13812345678（儿子）", "儿子：13812345678", "13812345678儿子"):
        assert [(p.number, p.remark) for p in read_phones(raw).value or ()] == [("13812345678", "儿子")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1.38123E+10", Reason.PHONE_SCIENTIFIC),
        ("1381234567", Reason.PHONE_DIGITS),
        ("138123456789", Reason.PHONE_DIGITS),
        ("3511234", Reason.PHONE_LOCAL),
        ("有", Reason.PHONE_UNCLEAR),
    ],
)
def test_a_spoilt_number_is_left_out_with_its_reason(raw: str, reason: Reason) -> None:
    found = read_phones(f"13812345678/{raw}")
    assert [phone.number for phone in found.value or ()] == ["13812345678"]
    assert reasons(found) == [reason]


def test_a_local_number_gets_the_countys_area_code_as_suggestion_only() -> None:
    found = read_phones("3511234", area_code="0374")
    assert found.value == ()
    assert found.issues[0].params == {"suggestion": "0374-3511234"}


@pytest.mark.parametrize(
    "raw", ["138/86", "138/86mmHg", "138 86", "138／86", "138-86", "138、86", "138/86 毫米汞柱"]
)
def test_a_pressure_is_read_in_every_usual_form(raw: str) -> None:
    assert read_pressure(raw) == Read(Pressure(138, 86))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("86/138", Reason.BP_SWAPPED),
        ("301/90", Reason.BP_RANGE),
        ("49/40", Reason.BP_RANGE),
        ("120/120", Reason.BP_RANGE),
        ("138", Reason.BP_INCOMPLETE),
        ("18.4/11.5", Reason.BP_UNIT),
        ("正常", Reason.BP_UNCLEAR),
    ],
)
def test_a_pressure_that_cannot_be_is_asked(raw: str, reason: Reason) -> None:
    found = read_pressure(raw)
    assert found.value is None
    assert reasons(found) == [reason]


def test_a_rare_but_possible_pressure_is_kept_with_a_remark() -> None:
    found = read_pressure("222/132")
    assert found.value == Pressure(222, 132)
    assert [fix.reason for fix in found.fixes] == [Reason.BP_ODD]


def test_two_columns_make_one_pressure() -> None:
    assert read_pressure_columns(138.0, "86") == Read(Pressure(138, 86))
    assert reasons(read_pressure_columns(138.0, "")) == [Reason.BP_INCOMPLETE]


@pytest.mark.parametrize(
    ("raw", "value"),
    [(6.1, "6.1"), ("6.1mmol/L", "6.1"), ("１０.５", "10.5"), ("126mg/dL", "7.0"), (7, "7.0")],
)
def test_a_glucose_is_read(raw: object, value: str) -> None:
    assert read_glucose(raw).value == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "reason", "suggestion"),
    [(68.0, Reason.GLUCOSE_DECIMAL, "6.8"), ("126", Reason.GLUCOSE_UNIT, "7.0")],
)
def test_a_glucose_in_doubt_is_asked_with_a_suggestion(raw: object, reason: Reason, suggestion: str) -> None:
    found = read_glucose(raw)
    assert (found.value, reasons(found)) == (None, [reason])
    assert found.issues[0].params == {"suggestion": suggestion}


@pytest.mark.parametrize(
    ("raw", "name", "deceased"),
    [
        ("张三", "张三", False),
        ("张　三", "张三", False),
        ("张 三", "张三", False),
        ("张三（已故）", "张三", True),
        ("张三(死亡)", "张三", True),
        ("张三 已故", "张三", True),
        ("【故】张三", "张三", True),
        ("张三（大）", "张三", False),
        ("古丽·买买提", "古丽·买买提", False),
        ("John  Smith", "John Smith", False),
    ],
)
def test_names_lose_blanks_and_marks(raw: str, name: str, deceased: bool) -> None:
    assert read_name(raw).value == Name(name, deceased)


@pytest.mark.parametrize("raw", ["张\ue123三", "张□三", "张?三"])
def test_an_unshowable_character_is_kept_and_remarked_upon(raw: str) -> None:
    found = read_name(raw)
    assert found.value == Name(raw)
    assert [fix.reason for fix in found.fixes] == [Reason.NAME_RARE]


@pytest.mark.parametrize(
    "raw", ["√", "是", "Y", "y", 1, 1.0, "1", True, "●", "✓", "已签约", "高血压", "高血压2级"]
)
def test_yes_has_many_faces(raw: object) -> None:
    assert read_yes(raw, "高血压").value is True


@pytest.mark.parametrize("raw", ["否", "无", "N", 0, 0.0, "×", False, "未签约"])
def test_no_has_many_faces(raw: object) -> None:
    assert read_yes(raw, "高血压") == Read(False)


def test_neither_yes_nor_no_is_asked_and_empty_says_nothing() -> None:
    assert reasons(read_yes("疑似高血压", "高血压")) == [Reason.YES_UNCLEAR]
    assert read_yes("") == Read()


def test_sex_and_age_by_word_and_code() -> None:
    assert [read_sex(raw).value for raw in ("男", "1", 1.0, "男性")] == [Sex.MALE] * 4
    assert [read_sex(raw).value for raw in ("女", "2", 2.0, "女性")] == [Sex.FEMALE] * 4
    assert [read_age(raw).value for raw in ("68岁", 68.0, "68", "0岁")] == [68, 68, 68, 0]


def test_groups_are_read_by_word_and_bare_codes_are_asked() -> None:
    assert read_groups("高血压、糖尿病").value == {Group.HTN, Group.T2D}
    assert read_groups("65岁及以上老年人，残疾人").value == {Group.ELD, Group.DIS}
    assert read_groups("建档立卡贫困户；低保").value == {Group.POV, Group.LOW}
    assert reasons(read_groups("01")) == [Reason.GROUPS_CODE]
    assert reasons(read_groups("1型糖尿病")) == [Reason.GROUPS_UNKNOWN]


def test_every_reason_has_a_text_in_both_languages() -> None:
    assert set(texts()) == {str(reason) for reason in Reason}
    assert all(set(text) == {"zh", "en"} and all(text.values()) for text in texts().values())


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.-/／年月日 Ex×*（）()无#岁", max_size=40),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)
READERS = (
    read_date,
    read_phones,
    read_pressure,
    read_glucose,
    read_name,
    read_groups,
    read_yes,
    read_sex,
    read_age,
    read_text,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_no_cell_whatever_it_holds_makes_a_reader_fail(raw: object) -> None:
    for reader in READERS:
        assert isinstance(reader(raw), Read)
    read_id_number(raw)
    placeholder(raw)


HUGE = ("9" * 1_000_000, "张" * 1_000_000, " " * 1_000_000, "1/" * 500_000, time(1, 2), 10**5000)


@pytest.mark.parametrize("raw", HUGE, ids=range(len(HUGE)))
def test_a_huge_cell_is_no_harm(raw: object) -> None:
    for reader in READERS:
        assert isinstance(reader(raw), Read)
    read_id_number(raw)
