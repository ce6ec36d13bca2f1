"""Worked cases of single encounters, one register for each disease that is expected to be judged."""

import json
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.domain.stories import a_register, day, known, noted
from tracker.domain.course import Course
from tracker.domain.events import StatusEvent, VisitEvent
from tracker.domain.policy import load
from tracker.domain.replay import replay
from tracker.domain.terms import Disease, Mode, Status

CASES = json.loads(Path(__file__).with_name("worked_cases.json").read_text(encoding="utf-8"))
QUESTIONS = ("classification", "controlled", "next_step", "referral")


def told(disease: Disease, case: dict) -> list[VisitEvent]:
    birth = day(case["birth_date"])
    return [
        VisitEvent(
            uuid4(),
            day(visit["on"]),
            noted(day(visit["on"])),
            Mode(visit["mode"]),
            known(disease, visit["visit"], day(visit["on"]), birth_date=birth),
        )
        for visit in case["visits"]
    ]


def followed(disease: Disease, case: dict) -> tuple[VisitEvent, Course]:
    visits = told(disease, case)
    # Enrolled a fortnight and more before, so that the first task is due earlier than anything that follows.
    register = a_register(disease, visits[0].on - timedelta(days=20), day(case["birth_date"]))
    return visits[-1], replay(register, visits, load())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_worked_case(case):
    dues = []
    for disease, expected in case["expected"].items():
        visit, course = followed(Disease(disease), case)
        judgement = course.judgements[visit.id]
        assert {name: getattr(judgement, name) for name in QUESTIONS} == {
            name: expected[name] for name in QUESTIONS
        }
        due = next(task.due_on for task in course.tasks if task.opened_by == visit.id)
        assert due == date.fromisoformat(expected["next_due"])
        texts = [load().reason_text(reason.code, "zh", reason.params) for reason in judgement.reasons]
        assert expected.get("reason") is None or texts[0] == expected["reason"]
        dues.append(due)
    assert case.get("next_encounter_due", str(min(dues))) == str(min(dues))


def test_death_cancels_what_is_open_and_ends_the_judging():
    register = a_register(Disease.HYPERTENSION, date(2025, 3, 10))
    first, last, after = date(2025, 3, 10), date(2025, 5, 3), date(2025, 5, 10)
    facts = known(Disease.HYPERTENSION, {"sbp": 130, "dbp": 80})
    visits = [VisitEvent(uuid4(), on, noted(on), Mode.HOME, facts) for on in (first, last, after)]
    death = StatusEvent(uuid4(), last, noted(last, hour=20), Status.DEAD)
    course = replay(register, [*visits, death], load())
    assert [task.is_open for task in course.tasks] == [False, False]
    assert (course.status, course.next_due, course.next_task) == (Status.DEAD, None, None)
    assert set(course.judgements) == {visits[0].id, visits[1].id}
    assert course.tasks[-1].cancelled_on == last
    assert course.tasks[-1].cancel_reason is Status.DEAD
