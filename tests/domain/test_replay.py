from tests.domain.stories import (
    BORN,
    ENROLLED,
    HIGH,
    OK,
    a_call,
    a_status,
    a_visit,
    an_attempt,
    an_outcome,
    course_of,
    day,
    judged,
    only,
    open_tasks,
)
from tracker.domain.course import Period
from tracker.domain.terms import Classification, Mode, ReferralResult, Status, TaskKind

RECONTACT = TaskKind.RECONTACT
URGENT = {"sbp": 186, "dbp": 96}
REACTION = {"hypertension": {"adverse_reaction": 2}}


class TestOneDay:
    def test_the_last_reading_of_a_day_decides(self):
        morning, evening = a_visit("2025-01-20", HIGH), a_visit("2025-01-20", OK, hour=17)
        course = course_of(evening, morning)
        assert judged(course, evening).classification == 1
        assert judged(course, morning).classification == 2
        assert open_tasks(course) == [("routine", True, "2025-04-20")]
        assert judged(course, morning).next_due == judged(course, evening).next_due == day("2025-04-20")

    def test_danger_in_any_reading_of_the_day_stands(self):
        morning, evening = a_visit("2025-01-20", URGENT), a_visit("2025-01-20", OK, hour=17)
        answer = judged(course_of(morning, evening), evening)
        assert (answer.controlled, answer.classification, answer.next_step) == (True, 2, 4)

    def test_a_reaction_told_in_any_visit_of_the_day_stands(self):
        morning, evening = a_visit("2025-01-20", REACTION), a_visit("2025-01-20", OK, hour=17)
        course = course_of(morning, evening)
        assert (judged(course, evening).classification, judged(course, evening).adr_streak) == (3, 1)
        assert open_tasks(course) == [("two_week", True, "2025-02-03")]

    def test_a_class_raised_in_any_visit_of_the_day_stands(self):
        morning = a_visit("2025-01-20", OK, raised=Classification.COMPLICATION)
        evening = a_visit("2025-01-20", OK, hour=17)
        assert judged(course_of(morning, evening), evening).classification == 4

    def test_a_visit_without_a_reading_does_not_decide(self):
        measured, talk = a_visit("2025-01-20", OK), a_visit("2025-01-20", {}, hour=17)
        course = course_of(measured, talk)
        assert open_tasks(course) == [("routine", True, "2025-04-20")]
        assert judged(course, talk).classification is None
        assert judged(course, talk).next_due == day("2025-04-20")

    def test_a_day_counts_once_in_a_streak(self):
        twice = a_visit("2025-01-20", HIGH), a_visit("2025-01-20", HIGH, hour=17)
        course = course_of(*twice)
        assert [judged(course, visit).unsat_streak for visit in twice] == [1, 1]
        assert open_tasks(course) == [("two_week", True, "2025-02-03")]

    def test_a_call_in_the_evening_leaves_the_meeting_of_the_morning_a_meeting(self):
        meeting, call = a_visit("2025-01-20", HIGH), a_call("2025-01-20", OK, hour=19, late=9)
        course = course_of(meeting, call)
        assert open_tasks(course) == [("routine", True, "2025-04-20")]
        assert (course.tasks[0].closed_by, course.tasks[0].timely) == (meeting.id, True)
        assert (judged(course, meeting).counted, judged(course, call).counted) == (True, False)

    def test_a_roster_entry_of_the_same_day_takes_nothing_from_a_visit(self):
        meeting, baseline = a_visit("2025-01-20", OK), a_visit("2025-01-20", OK, None, hour=20)
        task = course_of(meeting, baseline).tasks[0]
        assert (task.closed_by, task.counts) == (meeting.id, True)


class TestStreaks:
    def test_a_contact_without_a_reading_is_skipped(self):
        visits = a_visit("2025-01-10", HIGH), a_call("2025-01-24", {}), a_visit("2025-02-07", HIGH)
        course = course_of(*visits)
        assert [judged(course, visit).unsat_streak for visit in visits] == [1, 1, 2]
        assert judged(course, visits[2]).next_step == 3

    def test_a_reading_by_phone_counts(self):
        call = a_call("2025-01-24", HIGH)
        assert judged(course_of(a_visit("2025-01-10", HIGH), call), call).next_step == 3

    def test_the_baseline_of_a_roster_counts(self):
        visit = a_visit("2025-01-24", HIGH)
        assert judged(course_of(a_visit(str(ENROLLED), HIGH, None), visit), visit).unsat_streak == 2

    def test_a_referral_with_changed_treatment_starts_afresh(self):
        before = a_visit("2025-01-10", HIGH), a_visit("2025-01-24", HIGH)
        last = a_visit("2025-02-14", HIGH)
        changed = course_of(*before, an_outcome("2025-01-30", changed=True), last)
        assert (judged(changed, last).unsat_streak, judged(changed, last).next_step) == (1, 2)

    def test_a_referral_that_changed_nothing_does_not(self):
        before = a_visit("2025-01-10", HIGH), a_visit("2025-01-24", HIGH)
        last = a_visit("2025-02-14", HIGH)
        same = course_of(*before, an_outcome("2025-01-30"), last)
        assert judged(same, last).unsat_streak == 3
        stayed = an_outcome("2025-01-30", ReferralResult.NOT_ARRIVED, changed=True)
        assert judged(course_of(*before, stayed, last), last).unsat_streak == 3

    def test_an_outcome_older_than_the_last_reading_does_not(self):
        course = course_of(a_visit("2025-01-24", HIGH), an_outcome("2025-01-24", changed=True))
        again = a_visit("2025-02-07", HIGH)
        events = a_visit("2025-01-24", HIGH), an_outcome("2025-01-24", changed=True), again
        assert judged(course_of(*events), again).unsat_streak == 2
        assert str(course.last_evaluated_on) == "2025-01-24"


class TestLost:
    LOST = a_status("2025-02-01", Status.LOST)

    def test_the_tasks_stay_and_a_search_is_due(self):
        course = course_of(self.LOST)
        assert open_tasks(course) == [("routine", True, "2025-01-20"), ("recontact", False, "2025-05-01")]
        assert (course.next_due, course.next_task) == (day("2025-05-01"), RECONTACT)

    def test_an_attempt_closes_the_search_and_opens_the_next(self):
        attempt = an_attempt("2025-04-15")
        course = course_of(self.LOST, an_attempt("2025-02-01"), attempt, an_attempt("2025-04-15", hour=15))
        assert open_tasks(course)[1:] == [("recontact", False, "2025-07-15")]
        search = only(course.tasks, RECONTACT, "2025-02-01")
        assert (search.closed_by, search.timely) == (attempt.id, True)

    def test_an_attempt_while_not_lost_does_nothing(self):
        assert open_tasks(course_of(an_attempt("2025-01-15"))) == [("routine", True, "2025-01-20")]

    def test_an_evaluated_visit_ends_it(self):
        call = a_call("2025-03-01", OK)
        course = course_of(self.LOST, call)
        assert open_tasks(course) == [("routine", True, "2025-01-20")]
        assert only(course.tasks, RECONTACT, "2025-02-01").closed_by == call.id
        assert course.status is Status.ACTIVE
        assert course.periods[1] == Period(Status.LOST, day("2025-02-01"), day("2025-03-01"))

    def test_a_visit_without_a_reading_does_not_end_it(self):
        visit = a_visit("2025-03-01", {})
        course = course_of(self.LOST, visit)
        assert course.status is Status.LOST
        assert judged(course, visit).task is RECONTACT

    def test_a_return_ends_it(self):
        course = course_of(self.LOST, a_status("2025-03-01", Status.ACTIVE))
        assert open_tasks(course) == [("routine", True, "2025-01-20")]
        assert course.status is Status.ACTIVE

    def test_a_visit_on_the_day_of_the_loss_is_before_it(self):
        course = course_of(self.LOST, a_visit("2025-02-01", OK, hour=20))
        assert course.status is Status.LOST
        assert [task[0] for task in open_tasks(course)] == ["recontact", "routine"]


class TestStatus:
    def test_a_visit_on_the_day_of_death_is_judged(self):
        visit, late = a_visit("2025-02-20", HIGH, hour=15), a_visit("2025-02-21", OK)
        course = course_of(a_status("2025-02-20", Status.DEAD, hour=8), visit, late)
        assert judged(course, visit).classification == 2
        assert judged(course, visit).next_due is None
        assert late.id not in course.judgements

    def test_visits_after_a_return_are_judged_again(self):
        visit = a_visit("2025-03-01", OK, hour=8)
        course = course_of(
            a_status("2025-02-20", Status.MOVED_OUT), a_status("2025-03-01", Status.ACTIVE), visit
        )
        assert judged(course, visit).classification == 1
        assert open_tasks(course) == [("routine", True, "2025-06-01")]

    def test_an_absence_ends_after_its_last_day(self):
        course = course_of(a_status("2025-02-01", Status.AWAY, until="2025-03-31"))
        assert course.periods == (
            Period(Status.ACTIVE, ENROLLED, day("2025-02-01")),
            Period(Status.AWAY, day("2025-02-01"), day("2025-04-01")),
            Period(Status.ACTIVE, day("2025-04-01"), None),
        )
        assert course.status_on(day("2025-03-31")) is Status.AWAY
        assert course.status_on(day("2025-04-01")) is Status.ACTIVE
        assert course.status_on(day("2025-01-05")) is None
        assert open_tasks(course) == [("routine", True, "2025-01-20")]

    def test_an_absence_is_cut_short_by_the_next_status(self):
        events = (
            a_status("2025-02-01", Status.AWAY, until="2025-12-31"),
            a_status("2025-02-10", Status.HOSPITALISED),
        )
        assert [(period.status, period.to_on) for period in course_of(*events).periods] == [
            (Status.ACTIVE, day("2025-02-01")),
            (Status.AWAY, day("2025-02-10")),
            (Status.HOSPITALISED, None),
        ]

    def test_nothing_but_a_return_follows_a_death(self):
        events = a_status("2025-02-01", Status.DEAD), a_status("2025-02-05", Status.LOST)
        course = course_of(*events, a_status("2025-02-09", Status.MOVED_OUT))
        assert course.status is Status.DEAD
        assert open_tasks(course) == []

    def test_whoever_moved_out_may_be_reported_dead(self):
        course = course_of(a_status("2025-02-01", Status.MOVED_OUT), a_status("2025-02-05", Status.DEAD))
        assert course.status is Status.DEAD

    def test_a_hospital_stay_ends_a_search(self):
        course = course_of(a_status("2025-02-01", Status.LOST), a_status("2025-02-05", Status.HOSPITALISED))
        assert open_tasks(course) == [("routine", True, "2025-01-20")]


def test_a_late_entry_waits_for_approval_but_is_judged():
    visit = a_visit("2025-01-20", OK, late=40, approved=False)
    course = course_of(visit)
    assert (judged(course, visit).classification, judged(course, visit).counted) == (1, False)
    assert open_tasks(course) == [("routine", True, "2025-04-20")]


def test_what_is_dated_before_the_enrolment_is_left_out():
    early = a_visit("2025-01-05", HIGH)
    course = course_of(early, a_status("2024-12-01", Status.AWAY))
    assert course.judgements == {}
    assert course.periods == (Period(Status.ACTIVE, ENROLLED, None),)


def test_the_elderly_limit_begins_on_the_birthday():
    birthday = BORN.replace(year=BORN.year + 65)
    visits = [
        a_visit(str(on), {"sbp": 145, "dbp": 80}, Mode.HOME) for on in (birthday.replace(day=9), birthday)
    ]
    course = course_of(*visits)
    assert [judged(course, visit).controlled for visit in visits] == [False, True]
