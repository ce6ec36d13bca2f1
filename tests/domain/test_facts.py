from datetime import date
from decimal import Decimal

import pytest

from tests.domain.stories import DM, HTN, known
from tracker.domain.facts import facts, fasting_glucose, has_reading, measured, pressure


def test_what_is_left_out_is_unknown():
    told = known(HTN, {})
    assert told["sbp"] is None
    assert told["signs"] is None
    assert told["adverse_reaction"] is None
    assert known(HTN, {"emergency_signs": []})["signs"] == []
    assert not has_reading(HTN, told)


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        ({"sbp": 138, "dbp": 86}, (138, 86)),
        ({"sbp": 138, "dbp": 86, "bp_readings": [[150, 92]]}, (138, 86)),
        ({"bp_readings": [[150, 92]]}, (150, 92)),
        ({"sbp": 150, "dbp": 92, "bp_readings": [[142, 88], [137, 85]]}, (139.5, 86.5)),
        ({"bp_readings": [[190, 112], [142, 88], [136, 86]]}, (139, 87)),
        ({"sbp": 138}, (138, None)),
        ({}, (None, None)),
    ],
)
def test_the_mean_of_the_last_two_readings_counts(visit, expected):
    assert pressure(visit) == expected
    assert measured(visit) == tuple(None if value is None else int(value) for value in expected)


def test_a_whole_mean_is_shown_without_decimals():
    assert [str(value) for value in pressure({"bp_readings": [[142, 88], [138, 85]]})] == ["140", "86.5"]


def test_the_highest_of_several_readings_is_kept():
    told = known(HTN, {"bp_readings": [[182, 100], [150, 112], [138, 86], [136, 84]]})
    assert (told["sbp"], told["dbp"]) == (137, 85)
    assert (told["sbp_max"], told["dbp_max"]) == (182, 112)


def test_a_decimal_is_compared_like_the_number_it_shows():
    told = known(DM, {"diabetes": {"fpg": Decimal("3.9"), "ppg": Decimal("7.0"), "random_glucose": 17}})
    assert told["fpg"] == 3.9
    assert (told["glucose_min"], told["glucose_max"]) == (3.9, 17)
    assert fasting_glucose({"diabetes": {"fpg": Decimal("6.1")}}) == 6.1
    assert fasting_glucose({"sbp": 120}) is None


def test_each_record_sees_the_whole_encounter():
    visit = {
        "sbp": 150,
        "dbp": 90,
        "temperature": 39.5,
        "unmeasurable": "glucose_hi",
        "hypertension": {"adverse_reaction": 2, "complication": "new"},
        "diabetes": {"fpg": 9.0, "adverse_reaction": 1, "complication": "none"},
    }
    pressure, sugar = known(HTN, visit), known(DM, visit)
    assert pressure["glucose_max"] == sugar["glucose_max"] == 9.0
    assert pressure["temperature"] == sugar["temperature"] == 39.5
    assert pressure["unmeasurable"] == ["glucose_hi"]
    assert (pressure["adverse_reaction"], sugar["adverse_reaction"]) == (True, False)
    assert (pressure["complication_new"], sugar["complication_new"]) == (True, False)


def test_temperature_belongs_to_the_diabetes_form():
    assert known(HTN, {"temperature": 39.5, "hypertension": {}})["temperature"] is None


def test_age_is_that_of_the_visit_date():
    told = facts(HTN, {}, birth_date=date(1960, 5, 20), visit_date=date(2025, 5, 19), pregnant=True)
    assert (told["age"], told["pregnant"]) == (64, True)


def test_a_reading_is_both_pressures_or_the_fasting_glucose():
    assert has_reading(HTN, known(HTN, {"sbp": 130, "dbp": 80}))
    assert not has_reading(HTN, known(HTN, {"sbp": 130}))
    assert has_reading(DM, known(DM, {"diabetes": {"fpg": 6.0}}))
    assert not has_reading(DM, known(DM, {"sbp": 130, "dbp": 80, "diabetes": {"random_glucose": 8.0}}))
