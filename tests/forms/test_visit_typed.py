"""What is typed into the visit form before it is read."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from tracker.forms.visit_typed import as_typed, count, further, tidy


@pytest.mark.parametrize("typed", ["138/86", "138／86", " 138-86 ", "138 86", "138/86mmHg"])
def test_a_pressure_in_one_box_fills_both(typed: str) -> None:
    found = tidy(MultiDict({"sbp": typed, "dbp": ""}))
    assert (found["sbp"], found["dbp"]) == ("138", "86")


@pytest.mark.parametrize("typed", ["138", "1388/6", "138/", "一百三", ""])
def test_anything_else_in_the_first_box_stays_as_it_is(typed: str) -> None:
    assert tidy(MultiDict({"sbp": typed, "dbp": ""}))["sbp"] == typed


def test_a_second_box_that_holds_something_is_never_overwritten() -> None:
    found = tidy(MultiDict({"sbp": "138/86", "dbp": "90"}))
    assert (found["sbp"], found["dbp"]) == ("138/86", "90")


def test_medicines_close_up_over_an_empty_row() -> None:
    path = "hypertension.drugs"
    sent = {
        f"{path}.0.name": " ",
        f"{path}.0.unit": "mg",
        f"{path}.2.name": "氨氯地平片",
        f"{path}.2.per": "week",
    }
    found = tidy(MultiDict(sent))
    assert (found[f"{path}.0.name"], found[f"{path}.0.per"]) == ("氨氯地平片", "week")
    assert (found[f"{path}.2.name"], found[f"{path}.2.per"]) == ("", "day")


def test_rows_are_bounded_whatever_is_sent() -> None:
    assert count(MultiDict({"diabetes.drugs.99.name": "x"}), "diabetes.drugs") == 20
    assert count(MultiDict({"diabetes.drugs.999.name": "x"}), "diabetes.drugs") == 3
    assert further({"bp_readings": [[1, 1]] * 6}) == 5


def test_a_stored_value_is_typed_as_a_person_would() -> None:
    assert [as_typed(v) for v in (6.0, 6.1, 0, True, False, None, "x")] == ["6", "6.1", "0", "y", "", "", "x"]
