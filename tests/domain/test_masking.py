"""What stays readable of a name and a telephone number."""

from __future__ import annotations

import pytest

from tracker.domain.masking import mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "张*"),
        ("张三", "张*"),
        ("张秀英", "张*英"),
        ("欧阳秀英", "欧**英"),
        ("阿不都热合曼·买买提", "阿***提"),
    ],
)
def test_the_middle_of_a_name_is_starred_however_long(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_the_middle_of_a_telephone_number_is_starred() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("3500000") == "*****00"
