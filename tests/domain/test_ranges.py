import pytest

from tracker.domain.ranges import RANGES, crossed, impossible, odd


@pytest.mark.parametrize(
    ("key", "fits", "does_not"),
    [
        ("sbp", 50, 49),
        ("sbp", 300, 301),
        ("dbp", 0, 201),
        ("heart_rate", 220, 29),
        ("weight_kg", 20, 19.9),
        ("weight_target_kg", 250, 250.1),
        ("height_cm", 80, 79),
        ("bmi_target", 60, 60.1),
        ("temperature", 43.0, 43.1),
        ("smoking_target", 100, 101),
        ("drinking_liang_per_day", 50, 50.1),
        ("sport_times_per_week", 21, 22),
        ("sport_minutes_target", 300, 301),
        ("fpg", 1.0, 0.9),
        ("random_glucose", 40.0, 40.1),
        ("hba1c", 3.0, 20.1),
        ("staple_g_per_day", 1500, 1501),
        ("times", 8, 9),
    ],
)
def test_the_ends_of_a_hard_range_belong_to_it(key, fits, does_not):
    assert not impossible(key, fits)
    assert impossible(key, does_not)


def test_what_is_missing_or_unknown_is_not_impossible():
    assert not impossible("sbp", None)
    assert not impossible("psychology", 99)
    assert not impossible("sbp", True)


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ({"sbp": 80, "dbp": 45}, []),
        ({"sbp": 79, "dbp": 50}, ["sbp"]),
        ({"sbp": 221, "dbp": 125}, ["sbp"]),
        ({"sbp": 120, "dbp": 101}, ["pulse_pressure"]),
        ({"sbp": 181, "dbp": 80}, ["pulse_pressure"]),
        ({"sbp": 180, "dbp": 80}, []),
        ({"smoking_per_day": 60, "drinking_liang_per_day": 21}, ["drinking_liang_per_day"]),
        ({"diabetes": {"fpg": 20.1, "staple_g_per_day": 40}}, ["fpg", "staple_g_per_day"]),
        ({"weight_target_kg": 29.9, "sport_minutes": 300}, ["weight_target_kg"]),
        ({}, []),
    ],
)
def test_odd_values_are_named(values, keys):
    assert odd(values) == keys


def test_swapped_pressures_are_crossed():
    assert crossed(86, 138)
    assert crossed(120, 120)
    assert not crossed(138, 86)
    assert not crossed(None, 86)


def test_every_range_has_both_labels_and_its_soft_range_inside():
    for bounds in RANGES.values():
        assert bounds.label("en_GB").isascii()
        assert bounds.label("zh_Hans_CN") == bounds.label_zh
        assert (
            bounds.low <= (bounds.soft_low or bounds.low) < (bounds.soft_high or bounds.high) <= bounds.high
        )
