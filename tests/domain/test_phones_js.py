"""The phone refuses the telephone numbers that the server refuses, and no others."""

from __future__ import annotations

import json

import pytest

from tests.frontend import printed, source
from tracker.domain.phones import read_phones

GOOD = [
    "13912345678", "13912345678（儿子）", "儿子：13912345678", "+86 13912345678",
    "139-1234-5678", "139 1234 5678", "0374-8123456", "(0374)8123456", "0374 81234567", "03748123456",
    "１３９１２３４５６７８", "13912345678【本人】",
]  # fmt: skip
DIGITS = ["1391234", "139123456789", "12345678901", "139123", "1391234（儿子）"]
LOCAL = ["8123456", "81234567"]


def by_phone(said: list[str]) -> list[dict[str, object] | None]:
    script = (
        f"import {{ wrongPhone }} from '{source('domain/phones.js')}';"
        f"console.log(JSON.stringify({json.dumps(said)}.map(wrongPhone)));"
    )
    found: list[dict[str, object] | None] = printed(script)
    return found


@pytest.mark.parametrize(
    ("said", "wrong"), [(GOOD, None), (DIGITS, "phone_digits"), (LOCAL, "phone_local")], ids=str
)
def test_both_read_the_same(said: list[str], wrong: str | None) -> None:
    server = [[str(issue.reason) for issue in read_phones(one).issues] for one in said]
    assert server == [[wrong] if wrong else [] for _ in said]
    phone = by_phone(said)
    assert [found and f"phone_{found['wrong']}" for found in phone] == [wrong for _ in said]


def test_the_number_of_digits_is_said() -> None:
    assert by_phone(["1391234"]) == [{"wrong": "digits", "digits": 7}]
