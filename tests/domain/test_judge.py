from datetime import date
from uuid import uuid4

import pytest

from tests.domain.stories import BORN, DM, ENROLLED, HTN, known, noted
from tracker.domain.events import VisitEvent
from tracker.domain.judge import Streaks, judge
from tracker.domain.policy import load
from tracker.domain.terms import Classification, Mode

AT_64, AT_65 = date(1960, 1, 7), date(1960, 1, 6)  # on the day of enrolment, one day short of 65 and 65
NO_STREAK = Streaks()


def answer(disease, visit, before=NO_STREAK, raised=None, **about):
    told = known(disease, visit, ENROLLED, **about)
    event = VisitEvent(uuid4(), ENROLLED, noted(ENROLLED), Mode.CLINIC, told, raised=raised)
    return judge(load(), disease, event, before)


def pressure(sbp, dbp, **more):
    return {"sbp": sbp, "dbp": dbp, **more}


def sugar(fpg=None, **more):
    return {"diabetes": {"fpg": fpg, **more}}


def codes(judgement):
    return [reason.code for reason in judgement.reasons]


@pytest.mark.parametrize(
    ("birth", "sbp", "dbp", "classification", "controlled", "step"),
    [
        (BORN, 139, 89, 1, True, 1),
        (BORN, 140, 89, 2, False, 2),
        (BORN, 139, 90, 2, False, 2),
        (AT_64, 149, 89, 2, False, 2),
        (AT_64, 139, 89, 1, True, 1),
        (AT_65, 149, 89, 1, True, 1),
        (AT_65, 150, 89, 2, False, 2),
        (AT_65, 149, 90, 2, False, 2),
        (BORN, 179, 109, 2, False, 2),
        (BORN, 180, 100, 2, False, 4),
        (BORN, 150, 110, 2, False, 4),
        (BORN, 120, 110, 2, False, 4),
        (date(1960, 2, 29), 149, 89, 2, False, 2),
    ],
)
def test_limits_of_pressure(birth, sbp, dbp, classification, controlled, step):
    judgement = answer(HTN, pressure(sbp, dbp), birth_date=birth)
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (
        classification,
        controlled,
        step,
    )
    assert judgement.on_target is controlled


@pytest.mark.parametrize(
    ("fpg", "classification", "controlled", "on_target", "step"),
    [
        (3.8, 2, False, True, 4),
        (3.9, 2, False, True, 4),
        (4.0, 1, True, True, 1),
        (6.9, 1, True, True, 1),
        (7.0, 2, False, False, 2),
        (16.6, 2, False, False, 2),
        (16.7, 2, False, False, 4),
    ],
)
def test_limits_of_fasting_glucose(fpg, classification, controlled, on_target, step):
    judgement = answer(DM, sugar(fpg))
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (
        classification,
        controlled,
        step,
    )
    assert judgement.on_target is on_target


@pytest.mark.parametrize(
    ("visit", "step"),
    [
        (sugar(6.0, ppg=16.6), 1),
        (sugar(6.0, ppg=16.7), 4),
        (sugar(6.0, random_glucose=3.9), 4),
        (sugar(6.0, random_glucose=4.0), 1),
        ({**sugar(6.0), "temperature": 39.0}, 1),
        ({**sugar(6.0), "temperature": 39.1}, 4),
        ({**sugar(6.0), "unmeasurable": "glucose_hi"}, 4),
        ({**sugar(6.0), "unmeasurable": "glucose_lo"}, 4),
        ({**sugar(6.0), "emergency_signs": ["ketone_breath"]}, 4),
        ({**sugar(6.0), "emergency_signs": []}, 1),
    ],
)
def test_emergencies_of_diabetes_itself(visit, step):
    judgement = answer(DM, visit)
    assert (judgement.classification, judgement.next_step) == (2 if step == 4 else 1, step)
    assert judgement.controlled is True
    assert ("danger_only_glucose" in codes(judgement)) is (step == 4)


@pytest.mark.parametrize("more", [{"emergency_signs": ["orthopnoea"]}, {"unmeasurable": "bp"}])
def test_emergencies_of_hypertension_itself(more):
    judgement = answer(HTN, pressure(128, 80, **more))
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (2, True, 4)
    assert "danger_only_pressure" in codes(judgement)


def test_a_symptom_code_alone_is_no_emergency():
    judgement = answer(HTN, pressure(128, 80, hypertension={"symptoms": [2, 3, 4, 5, 6]}))
    assert judgement.next_step == 1


@pytest.mark.parametrize(
    ("disease", "visit"),
    [
        (DM, {**pressure(180, 90), **sugar(6.0)}),
        (DM, {**pressure(150, 110), **sugar(6.0)}),
        (DM, {**sugar(6.0), "unmeasurable": "bp"}),
        (DM, {**sugar(6.0), "emergency_signs": ["eye_pain"]}),
        (HTN, {**pressure(128, 80), **sugar(16.7)}),
        (HTN, {**pressure(128, 80), **sugar(6.0, random_glucose=3.9)}),
        (HTN, {**pressure(128, 80), **sugar(6.0), "temperature": 39.1}),
        (HTN, {**pressure(128, 80), "emergency_signs": ["abdominal_pain"]}),
    ],
)
def test_an_emergency_of_the_other_disease_leaves_the_class_alone(disease, visit):
    judgement = answer(disease, visit)
    assert (judgement.classification, judgement.next_step, judgement.referral) == (1, 4, "urgent")


def test_without_a_reading_an_emergency_of_the_other_disease_leaves_the_class_empty():
    judgement = answer(DM, {**pressure(186, 100), "diabetes": {}})
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (None, None, 4)
    assert not judgement.evaluated


@pytest.mark.parametrize(("sbp", "dbp", "step"), [(139, 89, 1), (140, 80, 4), (120, 90, 4)])
def test_raised_pressure_in_pregnancy_is_urgent(sbp, dbp, step):
    visit = {**pressure(sbp, dbp), **sugar(6.0)}
    assert answer(DM, visit, pregnant=True).next_step == step
    assert answer(HTN, visit, pregnant=True).next_step == step
    assert answer(DM, visit).next_step == 1


def test_a_dangerous_reading_among_several_stands():
    judgement = answer(HTN, {"bp_readings": [[184, 96], [136, 84], [134, 82]]})
    assert (judgement.controlled, judgement.classification, judgement.next_step) == (True, 2, 4)


@pytest.mark.parametrize(
    ("readings", "controlled"),
    [
        ([[140, 84], [139, 84]], True),
        ([[140, 84], [140, 84]], False),
        ([[130, 90], [130, 89]], True),
        ([[130, 91], [130, 89]], False),
    ],
)
def test_half_a_millimetre_under_the_limit_is_under_it(readings, controlled):
    assert answer(HTN, {"bp_readings": readings}).controlled is controlled


def test_a_mean_that_is_not_whole_is_told_with_its_half():
    (reason,) = answer(HTN, {"bp_readings": [[141, 84], [140, 85]]}).reasons
    assert reason.params == {"sbp": 140.5, "dbp": 84.5}


def test_one_pressure_alone_is_an_emergency_but_no_evaluation():
    judgement = answer(HTN, {"sbp": 185})
    assert (judgement.evaluated, judgement.controlled, judgement.on_target) == (False, None, None)
    assert (judgement.classification, judgement.next_step) == (2, 4)


def test_nothing_measured_and_nothing_found_answers_nothing():
    judgement = answer(
        HTN, {"hypertension": {"adverse_reaction": 1, "complication": "none"}}, raised=Classification(3)
    )
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (None, None, None)
    assert (judgement.referral, judgement.reasons) == (None, ())


@pytest.mark.parametrize(
    ("block", "sbp", "classification", "step", "reason"),
    [
        ({"adverse_reaction": 2}, 128, 3, 2, "reaction"),
        ({"adverse_reaction": 2}, 152, 3, 2, "reaction"),
        (
            {"adverse_reaction": 2, "adverse_reaction_uncontrollable": True},
            128,
            3,
            3,
            "reaction_uncontrollable",
        ),
        ({"adverse_reaction": 1, "adverse_reaction_uncontrollable": True}, 128, 1, 1, None),
        ({"adverse_reaction": 2, "complication": "new"}, 152, 4, 3, "complication_new"),
        ({"complication": "worse"}, 128, 4, 3, "complication_worse"),
    ],
)
def test_the_most_severe_class_is_recorded(block, sbp, classification, step, reason):
    judgement = answer(HTN, pressure(sbp, 82, hypertension=block))
    assert (judgement.classification, judgement.next_step) == (classification, step)
    assert (codes(judgement) or [None])[0] == reason


def test_danger_comes_before_every_other_decision():
    judgement = answer(HTN, pressure(182, 90, hypertension={"complication": "new"}))
    assert (judgement.classification, judgement.next_step, judgement.referral) == (4, 4, "urgent")
    assert codes(judgement)[:2] == ["sbp_urgent", "complication_new"]


def test_the_second_time_in_a_row_is_referred():
    again = answer(HTN, pressure(152, 92), Streaks(unsat=1))
    assert (again.next_step, again.referral, again.unsat_streak) == (3, "advised", 2)
    assert codes(again)[0] == "pressure_twice"
    assert codes(answer(DM, sugar(8.0), Streaks(unsat=1)))[0] == "glucose_twice"


def test_a_reaction_twice_in_a_row_is_referred():
    again = answer(HTN, pressure(128, 82, hypertension={"adverse_reaction": 2}), Streaks(adr=1))
    assert (again.classification, again.next_step, again.adr_streak) == (3, 3, 2)
    assert codes(again)[0] == "reaction_twice"


def test_a_good_reading_breaks_both_streaks():
    judgement = answer(HTN, pressure(128, 82), Streaks(unsat=1, adr=1))
    assert (judgement.unsat_streak, judgement.adr_streak, judgement.next_step) == (0, 0, 1)


@pytest.mark.parametrize(("raised", "final", "step"), [(1, 2, 2), (2, 2, 2), (3, 3, 2), (4, 4, 3)])
def test_a_class_may_be_raised_and_never_lowered(raised, final, step):
    judgement = answer(HTN, pressure(152, 92), raised=Classification(raised))
    assert (judgement.classification, judgement.next_step, judgement.controlled) == (final, step, False)
    assert ("raised" in codes(judgement)) is (raised > 2)


def test_a_raised_class_leaves_control_as_measured():
    judgement = answer(HTN, pressure(128, 82), raised=Classification.UNCONTROLLED)
    assert (judgement.classification, judgement.controlled, judgement.next_step) == (2, True, 2)
    assert (judgement.unsat_streak, judgement.on_target) == (0, True)


@pytest.mark.parametrize(
    ("disease", "visit", "advice"),
    [
        (HTN, pressure(128, 78), ()),
        (HTN, pressure(132, 78), ("pressure_2025",)),
        (HTN, pressure(128, 78, heart_rate=101), ("fast_pulse",)),
        (DM, sugar(4.3), ("glucose_low_side",)),
        (DM, sugar(6.0, hypoglycaemia=3), ("hypoglycaemia",)),
        (DM, sugar(6.0, hba1c=7.0), ("hba1c_high",)),
    ],
)
def test_advice_changes_no_class(disease, visit, advice):
    judgement = answer(disease, visit)
    assert (judgement.advice, judgement.classification) == (advice, 1)


def test_glucose_in_pregnancy_asks():
    assert answer(DM, sugar(5.1), pregnant=True).advice == ("pregnancy_glucose",)
    assert answer(DM, sugar(5.0), pregnant=True).advice == ()
