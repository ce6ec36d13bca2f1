from datetime import date

import pytest

from tests.domain.stories import HTN, known
from tracker.domain.policy import load, packs
from tracker.domain.terms import Disease, EmergencySign, NextStep, Referral, TaskKind, Unmeasurable

COMPUTED = {
    "controlled",
    "own_emergency",
    "foreign_emergency",
    "computed_class",
    "classification",
    "raised",
    "raised_reason",
    "unsat_streak",
    "adr_streak",
    "next_step",
}
policy = load()


def every(node, key):
    """Everything that stands under a key, anywhere in the pack."""
    if isinstance(node, dict):
        found = [node[key]] if key in node else []
        return found + [hit for value in node.values() for hit in every(value, key)]
    return [hit for value in node for hit in every(value, key)] if isinstance(node, list) else []


def names(predicate):
    operator, *rest = predicate
    if operator in {"and", "or"}:
        return {name for part in rest for name in names(part)}
    return {rest[0]} if operator == "has" else {name for name in rest if isinstance(name, str)}


def predicates():
    rows = every(policy.pack, "when")
    return rows + every(policy.pack["diseases"], "controlled") + every(policy.pack["diseases"], "on_target")


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "="])
def test_a_comparison_with_a_missing_fact_is_false(operator):
    assert not policy.holds([operator, "sbp", 140], {})
    assert not policy.holds([operator, "sbp", 140], {"sbp": None})
    assert not policy.holds([operator, 140, "sbp"], {"sbp": None})


def test_an_unknown_list_or_answer_is_false():
    assert not policy.holds(["has", "signs", "eye_pain"], {"signs": None})
    assert not policy.holds(["is", "pregnant"], {"pregnant": None})
    assert policy.holds(["has", "signs", "eye_pain"], {"signs": ["eye_pain"]})


def test_names_that_are_no_facts_are_thresholds():
    assert policy.holds([">=", "sbp", "sbp_urgent"], {"sbp": 180})
    assert policy.threshold("late_entry_days") == 3


def test_every_name_in_the_pack_is_a_fact_or_a_threshold():
    told = set(known(HTN, {})) | COMPUTED | set(policy.pack["thresholds"])
    assert {name for predicate in predicates() for name in names(predicate)} <= told
    assert {name for params in every(policy.pack, "params") for name in params} <= told


def test_every_sign_of_the_forms_is_in_the_pack():
    asked = {(p[1], p[2]) for p in predicates() if p[0] == "has"}
    assert {code for name, code in asked if name == "signs"} == set(EmergencySign)
    assert {code for name, code in asked if name == "unmeasurable"} == set(Unmeasurable)


def test_every_code_has_words_in_both_languages():
    params = {"sbp": 1, "dbp": 1, "fpg": 1, "raised_reason": "100%"}
    for code in every(policy.pack["diseases"], "code"):
        assert policy.reason_text(code, "zh_Hans_CN", params)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in policy.reason_text(code, "en", params))
    assert set(policy.pack["texts"]) == set(every(policy.pack["diseases"], "code"))


def test_reasons_read_like_on_the_form():
    assert policy.reason_text("sbp_urgent", "zh_Hans_CN") == "收缩压≥180"
    assert policy.reason_text("glucose_urgent_high", "zh") == "血糖≥16.7"
    assert (
        policy.reason_text("pressure_high", "en", {"sbp": 150, "dbp": 92})
        == "pressure not controlled (150/92)"
    )


def test_steps_lead_to_tasks_and_referrals():
    assert [policy.task(step) for step in NextStep] == [
        TaskKind.ROUTINE,
        TaskKind.TWO_WEEK,
        TaskKind.REFERRAL_TRACKING,
        TaskKind.REFERRAL_TRACKING,
    ]
    assert [policy.referral(step) for step in NextStep] == [None, None, Referral.ADVISED, Referral.URGENT]


def test_intervals_count_months_or_days():
    assert policy.due("routine", date(2025, 11, 30)) == date(2026, 2, 28)
    assert policy.due("two_week", date(2025, 12, 20)) == date(2026, 1, 3)
    assert policy.due("enrolment", date(2025, 1, 1)) == date(2025, 1, 15)


def test_only_packs_on_file_are_loaded():
    assert "GW2017-default" in packs()
    assert load("GW2017-default") is load("GW2017-default")
    with pytest.raises(LookupError):
        load("../GW2017-default")


def test_both_diseases_have_every_table():
    tables = {"controlled", "on_target", "own_emergency", "foreign_emergency", "reasons", "advice"}
    assert all(set(policy.pack["diseases"][disease]) == tables for disease in Disease)
