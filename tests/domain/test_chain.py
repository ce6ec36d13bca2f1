import pytest

from tests.domain.stories import (
    DM,
    ENROLLED,
    HIGH,
    OK,
    a_call,
    a_register,
    a_status,
    a_visit,
    an_outcome,
    course_of,
    judged,
    only,
    open_tasks,
)
from tracker.domain.policy import load
from tracker.domain.replay import replay
from tracker.domain.terms import ReferralResult, Status, TaskKind

ROUTINE, TWO_WEEK, TRACKING = TaskKind.ROUTINE, TaskKind.TWO_WEEK, TaskKind.REFERRAL_TRACKING
URGENT = {"sbp": 186, "dbp": 96}
DANGER = {"emergency_signs": ["orthopnoea"]}
REACTION = {"hypertension": {"adverse_reaction": 2}}


def test_enrolment_opens_the_chain_a_fortnight_later():
    assert open_tasks(course_of()) == [("routine", True, "2025-01-20")]


def test_a_visit_on_the_day_of_enrolment_is_the_first_of_the_chain():
    course = course_of(a_visit(str(ENROLLED), OK))
    assert [task.opened_by is None for task in course.tasks] == [False]
    assert open_tasks(course) == [("routine", True, "2025-04-06")]


@pytest.mark.parametrize("first", [a_call(str(ENROLLED), OK), a_visit(str(ENROLLED), {"heart_rate": 70})])
def test_only_an_evaluated_meeting_takes_the_place_of_the_first_task(first):
    assert open_tasks(course_of(first)) == [("routine", True, "2025-01-20")]


def test_a_visit_closes_the_chain_task_and_opens_the_next():
    visit = a_visit("2025-01-31", OK)
    course = course_of(visit)
    assert open_tasks(course) == [("routine", True, "2025-04-30")]
    closed = course.tasks[0]
    assert (str(closed.closed_on), closed.closed_by, closed.timely) == ("2025-01-31", visit.id, False)
    assert (str(judged(course, visit).next_due), judged(course, visit).task) == ("2025-04-30", "routine")


def test_an_uncontrolled_pressure_is_seen_again_in_two_weeks():
    assert open_tasks(course_of(a_visit("2025-01-20", HIGH))) == [("two_week", True, "2025-02-03")]


@pytest.mark.parametrize(("late", "timely"), [(3, True), (4, False)])
def test_a_visit_recorded_more_than_three_days_later_is_not_in_time(late, timely):
    course = course_of(a_visit("2025-01-20", OK, late=late))
    assert course.tasks[0].timely is timely


@pytest.mark.parametrize(("on", "timely"), [("2025-01-20", True), ("2025-01-21", False)])
def test_the_due_date_itself_is_in_time(on, timely):
    assert course_of(a_visit(on, OK)).tasks[0].timely is timely


def test_the_baseline_of_a_roster_opens_and_closes_but_does_not_count():
    baseline = a_visit("2025-01-15", HIGH, None)
    course = course_of(baseline)
    assert open_tasks(course) == [("two_week", True, "2025-01-29")]
    assert course.tasks[0].counts is False
    answer = judged(course, baseline)
    assert (answer.face_to_face, answer.counted, answer.unsat_streak) == (False, False, 1)
    assert str(course.last_face_to_face_on) == "2025-01-15"


def test_a_visit_without_the_reading_closes_nothing():
    visit = a_visit("2025-01-15", {"diabetes": {"random_glucose": 9.0}}, disease=DM)
    course = course_of(visit, disease=DM)
    assert open_tasks(course) == [("routine", True, "2025-01-20")]
    assert str(judged(course, visit).next_due) == "2025-01-20"


def test_danger_without_a_reading_opens_a_tracking_beside_the_chain():
    course = course_of(a_visit("2025-01-15", DANGER))
    assert open_tasks(course) == [("routine", True, "2025-01-20"), ("referral_tracking", False, "2025-01-29")]


def test_a_reaction_without_a_reading_opens_a_revisit_beside_the_chain():
    course = course_of(a_visit("2025-01-15", REACTION))
    assert open_tasks(course) == [("routine", True, "2025-01-20"), ("two_week", False, "2025-01-29")]


def test_no_second_task_of_a_kind_stands_beside_the_chain():
    course = course_of(
        a_visit("2025-01-15", DANGER), a_visit("2025-01-17", DANGER), a_call("2025-01-18", REACTION)
    )
    assert [task[0] for task in open_tasks(course)] == ["routine", "referral_tracking", "two_week"]
    chained = course_of(a_visit("2025-01-15", HIGH), a_call("2025-01-18", REACTION))
    assert open_tasks(chained) == [("two_week", True, "2025-01-29")]


def test_a_meeting_closes_the_revisit_beside_the_chain_too():
    course = course_of(a_visit("2025-01-15", REACTION), a_visit("2025-01-20", OK))
    assert open_tasks(course) == [("routine", True, "2025-04-20")]
    assert [task.timely for task in course.tasks] == [True, True, None]


class TestReferral:
    def test_a_tracking_becomes_the_chain(self):
        assert open_tasks(course_of(a_visit("2025-01-20", URGENT))) == [
            ("referral_tracking", True, "2025-02-03")
        ]

    @pytest.mark.parametrize("result", [r for r in ReferralResult if r is not ReferralResult.UNKNOWN])
    def test_an_outcome_closes_it_and_opens_a_revisit(self, result):
        outcome = an_outcome("2025-01-25", result)
        course = course_of(a_visit("2025-01-20", URGENT), outcome)
        assert open_tasks(course) == [("two_week", True, "2025-02-08")]
        tracking = only(course.tasks, TRACKING, "2025-01-20")
        assert (tracking.closed_by, tracking.timely) == (outcome.id, True)

    def test_an_unknown_outcome_closes_nothing(self):
        course = course_of(a_visit("2025-01-20", URGENT), an_outcome("2025-01-25", ReferralResult.UNKNOWN))
        assert open_tasks(course) == [("referral_tracking", True, "2025-02-03")]

    @pytest.mark.parametrize(("on", "timely"), [("2025-02-03", True), ("2025-02-04", False)])
    def test_an_outcome_is_in_time_until_the_due_date(self, on, timely):
        course = course_of(a_visit("2025-01-20", URGENT), an_outcome(on))
        assert only(course.tasks, TRACKING, "2025-01-20").timely is timely

    def test_a_good_visit_before_the_outcome_leaves_the_tracking_beside_the_chain(self):
        course = course_of(a_visit("2025-01-20", URGENT), a_visit("2025-01-24", OK))
        assert open_tasks(course) == [
            ("referral_tracking", False, "2025-02-03"),
            ("routine", True, "2025-04-24"),
        ]

    def test_an_outcome_beside_the_chain_opens_a_revisit_beside_it(self):
        visits = a_visit("2025-01-20", URGENT), a_visit("2025-01-24", OK)
        course = course_of(*visits, an_outcome("2025-01-26"))
        assert open_tasks(course) == [("two_week", False, "2025-02-09"), ("routine", True, "2025-04-24")]

    def test_no_second_revisit_when_the_chain_is_one(self):
        visits = a_visit("2025-01-20", DANGER), a_visit("2025-01-24", HIGH)
        course = course_of(*visits, an_outcome("2025-01-26"))
        assert open_tasks(course) == [("two_week", True, "2025-02-07")]

    def test_another_referral_continues_the_open_one(self):
        again = a_visit("2025-01-30", URGENT)
        course = course_of(a_visit("2025-01-20", URGENT), again)
        assert open_tasks(course) == [("referral_tracking", True, "2025-02-13")]
        old = only(course.tasks, TRACKING, "2025-01-20")
        assert (old.closed_by, old.timely) == (again.id, False)
        assert judged(course, again).referral == "urgent"

    def test_a_tracking_beside_the_chain_is_continued_as_the_chain(self):
        course = course_of(a_visit("2025-01-15", DANGER), a_visit("2025-01-20", URGENT))
        assert open_tasks(course) == [("referral_tracking", True, "2025-02-03")]
        assert only(course.tasks, ROUTINE, str(ENROLLED)).timely is True

    def test_the_outcome_told_in_a_visit_comes_before_it(self):
        told = an_outcome("2025-01-30")
        course = course_of(a_visit("2025-01-20", URGENT), a_visit("2025-01-30", OK, outcome=told))
        assert open_tasks(course) == [("routine", True, "2025-04-30")]
        assert only(course.tasks, TRACKING, "2025-01-20").timely is True
        assert only(course.tasks, TWO_WEEK, "2025-01-30").closed_by is not None

    def test_an_outcome_of_the_same_day_answers_the_referral_of_that_day(self):
        course = course_of(an_outcome("2025-01-20", hour=8), a_visit("2025-01-20", URGENT, hour=15))
        assert open_tasks(course) == [("two_week", True, "2025-02-03")]

    def test_an_outcome_without_a_referral_opens_nothing(self):
        assert open_tasks(course_of(an_outcome("2025-01-10"))) == [("routine", True, "2025-01-20")]


class TestPhone:
    def test_a_good_reading_never_closes_a_routine_task(self):
        call = a_call("2025-01-15", OK)
        course = course_of(call)
        assert open_tasks(course) == [("routine", True, "2025-01-20")]
        assert (judged(course, call).evaluated, judged(course, call).counted) == (True, False)

    def test_a_good_reading_closes_a_revisit_and_the_routine_counts_from_the_last_meeting(self):
        course = course_of(a_visit("2025-01-20", HIGH), a_call("2025-02-01", OK))
        assert open_tasks(course) == [("routine", True, "2025-04-20")]
        assert only(course.tasks, TWO_WEEK, "2025-01-20").timely is True

    def test_a_good_reading_closes_a_revisit_beside_the_chain(self):
        course = course_of(a_visit("2025-01-12", REACTION), a_call("2025-01-15", OK))
        assert open_tasks(course) == [("routine", True, "2025-01-20")]

    def test_a_bad_reading_opens_a_revisit_beside_a_routine_task(self):
        course = course_of(a_call("2025-01-15", HIGH))
        assert open_tasks(course) == [("routine", True, "2025-01-20"), ("two_week", False, "2025-01-29")]

    def test_a_second_bad_reading_puts_the_tracking_where_the_revisit_was(self):
        chained = course_of(a_visit("2025-01-20", HIGH), a_call("2025-02-01", HIGH))
        assert open_tasks(chained) == [("referral_tracking", True, "2025-02-15")]
        beside = course_of(a_visit("2025-01-20", OK), a_call("2025-02-01", HIGH), a_call("2025-02-10", HIGH))
        assert open_tasks(beside) == [
            ("referral_tracking", False, "2025-02-24"),
            ("routine", True, "2025-04-20"),
        ]

    def test_a_reaction_moves_the_revisit_of_the_chain(self):
        call = a_call("2025-02-01", {**OK, **REACTION})
        assert open_tasks(course_of(a_visit("2025-01-20", HIGH), call)) == [("two_week", True, "2025-02-15")]

    def test_an_open_tracking_is_continued_in_its_place(self):
        course = course_of(a_visit("2025-01-20", URGENT), a_call("2025-01-25", URGENT))
        assert open_tasks(course) == [("referral_tracking", True, "2025-02-08")]
        beside = course_of(a_visit("2025-01-15", DANGER), a_call("2025-01-18", URGENT))
        assert open_tasks(beside) == [
            ("routine", True, "2025-01-20"),
            ("referral_tracking", False, "2025-02-01"),
        ]

    def test_a_revisit_of_the_chain_and_a_tracking_beside_it_become_one_tracking(self):
        visits = a_visit("2025-01-20", DANGER), a_visit("2025-01-24", HIGH)
        course = course_of(*visits, a_call("2025-01-28", URGENT))
        assert open_tasks(course) == [("referral_tracking", True, "2025-02-11")]


class TestClosing:
    @pytest.mark.parametrize("status", [Status.DEAD, Status.MOVED_OUT, Status.REFUSED, Status.MISDIAGNOSED])
    def test_all_open_tasks_are_cancelled(self, status):
        course = course_of(a_visit("2025-01-15", DANGER), a_status("2025-02-20", status))
        assert open_tasks(course) == []
        assert {(str(task.cancelled_on), task.cancel_reason) for task in course.tasks} == {
            ("2025-02-20", status)
        }
        assert {task.timely for task in course.tasks} == {None}

    def test_a_return_opens_the_chain_again(self):
        course = course_of(a_status("2025-02-20", Status.REFUSED), a_status("2025-03-01", Status.ACTIVE))
        assert open_tasks(course) == [("routine", True, "2025-03-15")]

    def test_a_death_taken_back_on_its_day_leaves_a_task_open(self):
        back = a_status("2025-02-20", Status.ACTIVE, hour=18)
        course = course_of(a_status("2025-02-20", Status.DEAD), back)
        assert open_tasks(course) == [("routine", True, "2025-03-06")]
        assert [period.status for period in course.periods] == [Status.ACTIVE]


def test_a_task_keeps_its_id_when_the_events_are_replayed():
    register, visits = a_register(), [a_visit("2025-01-20", HIGH), a_visit("2025-02-03", OK)]
    before = {task.id for task in replay(register, visits[:1], load()).tasks}
    assert before < {task.id for task in replay(register, visits, load()).tasks}
