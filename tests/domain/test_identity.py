"""ID numbers as spreadsheets spoil them; valid ones are the standard's examples or made up (999xxx)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rosters import id_number
from tracker.domain.finding import finding_text
from tracker.domain.identity import IdNumber, Refusal, check_digit, mask, read_id_number, valid_id_number
from tracker.domain.person import Sex
from tracker.domain.reasons import Reason

EXAMPLE = "11010519491231002X"


@pytest.mark.parametrize(
    ("raw", "value", "fixes"),
    [
        (EXAMPLE, EXAMPLE, []),
        ("11010519491231002x", EXAMPLE, ["小写x"]),
        ("１１０１０５１９４９１２３１００２Ｘ", EXAMPLE, ["全角"]),
        (" 110105 19491231 002X\u200b", EXAMPLE, ["空格"]),
        ("'11010519491231002X", EXAMPLE, ["引号"]),
        ("11010519491231002Ⅹ", EXAMPLE, ["全角"]),
        ("11010519491231002Х", EXAMPLE, ["形近字符改为X"]),
        ("11010519491231002×", EXAMPLE, ["形近字符改为X"]),
        ("11010519491231002*", EXAMPLE, ["形近字符改为X"]),
        ("999101560302001", id_number(date(1956, 3, 2)), ["15位升18位"]),
        (999101560302001.0, id_number(date(1956, 3, 2)), ["15位升18位"]),
        (999101560302001, id_number(date(1956, 3, 2)), ["15位升18位"]),
    ],
)
def test_a_usable_number_is_put_right_and_says_how(raw: object, value: str, fixes: list[str]) -> None:
    found = read_id_number(raw)
    assert isinstance(found, IdNumber)
    assert found.value == value
    assert [finding_text(fix.reason) for fix in found.fixes] == fixes


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("4.40524E+17", Reason.ID_SCIENTIFIC),
        (4.40524e17, Reason.ID_SCIENTIFIC),
        ("440524188001010000", Reason.ID_CUT),
        (440524188001010000, Reason.ID_CUT),
        ("110105194912310021", Reason.ID_CHECK_DIGIT),
        ("999101195603020019", Reason.ID_CHECK_DIGIT),
        ("99910119560302001*", Reason.ID_CHECK_DIGIT),
        ("11010519490230002X", Reason.ID_DATE),
        ("11010520991231002X", Reason.ID_DATE),
        ("1101051949123100", Reason.ID_LENGTH),
        ("11010519491231O02X", Reason.ID_CHARACTERS),
        ("E12345678", Reason.ID_OTHER_DOCUMENT),
        ("护照 E12345678", Reason.ID_OTHER_DOCUMENT),
        ("户口本", Reason.ID_OTHER_DOCUMENT),
        ("#REF!", Reason.ID_BROKEN_FORMULA),
        ("张三", Reason.ID_UNREADABLE),
        (float("nan"), Reason.ID_UNREADABLE),
        (True, Reason.ID_UNREADABLE),
        (date(2020, 1, 1), Reason.ID_UNREADABLE),
        ("不详", Reason.ID_MISSING),
        (0.0, Reason.ID_MISSING),
        (None, Reason.ID_MISSING),
        ("  ", Reason.ID_MISSING),
    ],
)
def test_each_kind_of_bad_number_has_its_own_reason(raw: object, reason: Reason) -> None:
    found = read_id_number(raw, date(2026, 11, 22))
    assert isinstance(found, Refusal)
    assert found.reason is reason


def test_scientific_notation_tells_what_to_do() -> None:
    assert finding_text(Reason.ID_SCIENTIFIC) == "科学计数法，原号已丢失，请把该列设为文本后重新导出"


def test_a_wrong_check_digit_tells_the_right_one() -> None:
    found = read_id_number("110105194912310021")
    assert isinstance(found, Refusal)
    assert finding_text(found.reason, found.params) == "校验码不符，末位应为X"


def test_birth_and_sex_come_out_of_the_number() -> None:
    found = read_id_number(EXAMPLE)
    assert isinstance(found, IdNumber)
    assert (found.birth_date, found.sex) == (date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize("number", ["410421197001010018", "411025198506150024", "411623196002290035"])
def test_a_place_code_younger_than_its_holder_is_no_error(number: str) -> None:
    body = number[:17]
    assert valid_id_number(body + check_digit(body))


def test_masking_leaves_the_last_four() -> None:
    assert mask(EXAMPLE) == "**************002X"
