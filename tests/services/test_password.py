"""Which passwords are refused."""

from __future__ import annotations

import pytest

from tracker.schemas.problem import Refused
from tracker.services.account import password


@pytest.mark.parametrize(
    "weak",
    ["short", "1234567890", "12345678901", "9876543210", "abcdefghijk", "1111122222", "aaaaabbbbb",
     "wang-2026-xy", "x" * 201],
)  # fmt: skip
def test_a_password_that_is_soon_guessed_is_refused(weak: str) -> None:
    with pytest.raises(Refused):
        password.check(weak, "wang")


@pytest.mark.parametrize("good", ["chun-yu-jing-chun", "春眠不觉晓处处闻啼鸟", "a1s2d3f4g5h6"])
def test_a_phrase_is_taken(good: str) -> None:
    password.check(good, "wang")
