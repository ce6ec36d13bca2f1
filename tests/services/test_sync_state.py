"""What a phone is told of a register follows from the stored rows as it does from the whole history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from tests.encounters import Maker, judged_whole, states_of
from tests.factories import AT, a_condition, a_member_of_staff, a_resident, a_team, a_visit_body
from tests.services.test_course_orders import START, Step, histories, play
from tracker import clock
from tracker.domain.course import Course
from tracker.domain.policy import load
from tracker.domain.state import State
from tracker.domain.terms import Disease, ReferralResult, Status
from tracker.models import Resident
from tracker.services.audit import Actor
from tracker.services.course import known
from tracker.services.course.rows import replayed
from tracker.services.sender import Sender
from tracker.services.sync import rows as sync_rows
from tracker.services.sync.state import state_of
from tracker.services.visit import submission
from tracker.services.workforce.scope import scope_of
from tracker.words.problems import texts

HTN = Disease.HYPERTENSION


def agree(state: State, course: Course) -> None:
    """Streaks, last days and open tasks; from when on it may be used is the browser's test."""
    assert (state.unsat_streak, state.adr_streak) == (course.unsat_streak, course.adr_streak)
    assert (state.last_met, state.last_evaluated) == (course.last_face_to_face_on, course.last_evaluated_on)
    assert sorted((t.kind, t.chain, t.due_on, t.opened_on) for t in state.tasks) == sorted(
        (t.kind, t.chain, t.due_on, t.opened_on) for t in course.tasks if t.is_open
    )


def test_the_state_of_thousands_of_registers_follows_from_their_rows() -> None:
    streaks = set()
    for story in Maker(Random(5)).stories(2_500):
        replays = judged_whole(story.history)
        found = states_of(story.history, replays)
        for condition, course in replays.courses:
            agree(found[condition.disease], course)
            streaks.add((course.unsat_streak, course.adr_streak))
    assert {(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (0, 2), (2, 1)} <= streaks


@pytest.fixture
def sender(session: Session) -> Sender:
    staff = a_member_of_staff(session, team=a_team(session))
    session.commit()
    return Sender(staff, Actor(staff.id, staff.role), AT)


@pytest.mark.parametrize("examples", [12])
def test_the_state_is_read_from_what_is_stored(session: Session, sender: Sender, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(threads=histories())
    def check(threads: list[list[Step]]) -> None:
        person = a_resident(session)
        for disease in Disease:
            a_condition(session, person, disease, START)
        play(session, sender, person, [step for thread in threads for step in thread])
        compare(session, sender, person)
        session.rollback()

    check()


def compare(session: Session, sender: Sender, person: Resident) -> dict[Disease, State]:
    """The states as a download tells them, which agree with the replay."""
    session.flush()
    session.expire_all()
    history = known.read(session, [person], load())[person.id].history
    stored = sync_rows.read(session, scope_of(session, sender.staff, clock.today()), [person.id])
    found = {row.disease: state_of(stored, row) for row in stored.of(sync_rows.conditions, person.id)}
    for condition, course in replayed(history, load(), clock.zone()).courses:
        agree(found[condition.disease], course)
    return found


def a_high_visit(session: Session, sender: Sender, person: Resident, on: date, **more: Any) -> None:
    moment = datetime.combine(on, time(1), UTC).isoformat()
    body = a_visit_body(person.id, str(on), "hypertension", **more)
    (answer,) = submission.submit(
        session, sender, [body | {"sbp": 152, "dbp": 94, "recorded_at": moment}], texts
    )
    assert answer["status"] == "accepted", answer


def test_a_streak_ends_where_a_visit_tells_of_a_changed_treatment(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    a_condition(session, person, HTN, START)
    a_high_visit(session, sender, person, START)
    a_high_visit(session, sender, person, START + timedelta(14))
    assert compare(session, sender, person)[HTN].unsat_streak == 2
    drugs = {"drug_changes": [{"name": "氨氯地平"}]}
    form = {"outcome": "arrived", "outcome_on": str(START + timedelta(20))}
    a_high_visit(session, sender, person, START + timedelta(28), hypertension=drugs, referral_form=form)
    state = compare(session, sender, person)[HTN]
    assert (state.unsat_streak, state.judge_from) == (1, START + timedelta(29))


def test_an_outcome_between_visits_ends_a_streak_and_leaves_a_two_week_task(
    session: Session, sender: Sender
) -> None:
    person = a_resident(session)
    a_condition(session, person, HTN, START)
    for days in (0, 14):
        a_high_visit(session, sender, person, START + timedelta(days))
    play(session, sender, person, [Step("outcome", START + timedelta(20), ReferralResult.ARRIVED)])
    assert compare(session, sender, person)[HTN].as_json() == {
        "last_met": "2026-01-19",
        "last_evaluated": "2026-01-19",
        "judge_from": "2026-01-25",
        "tasks": [{"kind": "two_week", "due_on": "2026-02-08", "opened_on": "2026-01-25", "chain": True}],
    }


def test_a_person_without_visits_has_the_task_of_the_enrolment(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    a_condition(session, person, HTN, START)
    assert compare(session, sender, person)[HTN].as_json() == {
        "judge_from": "2026-01-05",
        "tasks": [{"kind": "routine", "due_on": "2026-01-19", "opened_on": "2026-01-05", "chain": True}],
    }


def test_a_loss_counts_from_the_day_after_it(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    a_condition(session, person, HTN, START)
    play(session, sender, person, [Step("status", START + timedelta(60), Status.LOST)])
    assert compare(session, sender, person)[HTN].judge_from == START + timedelta(61)
