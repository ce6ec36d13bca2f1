"""The people of one village, one finished record after another; nothing of other villages is needed."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.demo import patient, person
from tracker.demo.contract import Cover, contracts
from tracker.demo.crew import Practice
from tracker.demo.fate import fate_of
from tracker.demo.followup import Habit
from tracker.demo.household import people
from tracker.demo.names import Surnames
from tracker.demo.person import Numbers
from tracker.demo.places import Plan
from tracker.demo.record import Record
from tracker.domain.policy import Policy


def records(plan: Plan, practice: Practice, cover: Cover, policy: Policy, done: int = 0) -> Iterator[Record]:
    """All people but the first `done`, who are stored already."""
    village = practice.village
    surnames = Surnames.of_village(plan.chance("surnames", village.code))
    habit = Habit.of(plan.chance("habit", village.code))
    numbers = Numbers(village.index)
    everybody = people(plan.chance("people", village.code), surnames, village.people, plan.today)
    for somebody in everybody:
        number = numbers.next(somebody.birth_date, somebody.sex)
        if somebody.serial <= done:
            continue
        random = plan.chance("life", village.code, somebody.serial)
        record = person.register(plan, practice, somebody, number, random)
        patient.enrol(record)
        fate = fate_of(record)
        contracts(record, fate, cover)
        patient.look_after(record, fate, habit, policy)
        yield record
