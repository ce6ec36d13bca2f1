"""What the made-up county looks like; no database is needed to make it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from tracker.demo import crew, places, village
from tracker.demo.contract import PACKAGES, Cover, share_of
from tracker.demo.places import PACKAGED, Plan
from tracker.demo.record import Record
from tracker.domain.contract import Evidence
from tracker.domain.identity import birth_date, sex, valid_id_number
from tracker.domain.policy import load
from tracker.domain.terms import Disease, Mode
from tracker.models import Contract, Judgement, StatusEvent, Task
from tracker.models.sealed import KeyRing, use_keys
from tracker.services.course.bulk import rows_of_new

TODAY = date(2026, 11, 22)
PEOPLE = 3000


@pytest.fixture(scope="module")
def people(folder) -> list[Record]:
    keys = folder / "keys.json"  # those of the other tests: a process has one key ring
    KeyRing.create(keys)
    use_keys(KeyRing.read(keys))
    known = places.read(PACKAGED)
    plan = Plan(places.county_of(known), PEOPLE, 1, TODAY)
    practices = crew.gather(plan, known, places.villages_of(plan, known)).practices.values()
    packages = {code: uuid4() for code in ("BASIC", *PACKAGES.values())}
    covers = {p: Cover(share_of(plan.chance("cover", p.village.township)), packages) for p in practices}
    return [r for p in practices for r in village.records(plan, p, covers[p], load())]


@pytest.fixture(scope="module")
def derived(people):
    return rows_of_new([record.history for record in people], people[0].written_at(TODAY - timedelta(days=1)))


@pytest.fixture(scope="module")
def contracts(people) -> list[list[Contract]]:
    return [[row for row in record.rows if isinstance(row, Contract)] for record in people]


def share(found, among) -> float:
    among = list(among)
    return sum(1 for thing in among if found(thing)) / len(among)


def test_everybody_is_there_once(people):
    assert len(people) == PEOPLE
    assert len({r.resident.id for r in people}) == PEOPLE
    assert len({r.resident.archive_no for r in people}) == PEOPLE


def test_id_numbers_are_valid_fit_the_person_and_belong_to_no_place(people):
    numbers = [(r.person, r.resident.id_number) for r in people if r.resident.id_number]
    assert len({number for _, number in numbers}) == len(numbers) > PEOPLE * 0.99
    for person, number in numbers:
        assert number.startswith("999")
        assert valid_id_number(number)
        assert (birth_date(number), sex(number)) == (person.birth_date, person.sex)


def test_the_young_have_left(people):
    ages = [r.person.age(TODAY) for r in people]
    assert 0.27 < share(lambda a: a >= 60, ages) < 0.38
    assert 0.14 < share(lambda a: a < 15, ages) < 0.24
    assert 0.08 < share(lambda a: 15 <= a < 35, ages) < 0.2
    assert 0.46 < share(lambda r: r.person.sex == "male", people) < 0.54


def test_about_fifteen_in_a_hundred_are_patients(people):
    on = [set(r.conditions) for r in people]
    assert 0.125 < share(bool, on) < 0.17
    assert 0.10 < share(lambda d: Disease.HYPERTENSION in d, on) < 0.14
    assert 0.035 < share(lambda d: Disease.DIABETES in d, on) < 0.06
    assert 0.012 < share(lambda d: len(d) == 2, on) < 0.03


def test_part_of_the_visits_is_overdue_by_one_day_to_four_months(derived):
    open_tasks = [t for t in derived[Task] if t["ended_on"] is None]
    days = [(TODAY - t["due_on"]).days for t in open_tasks if t["due_on"] < TODAY]
    assert 0.1 < len(days) / len(open_tasks) < 0.21
    assert share(lambda d: d <= 120, days) > 0.95
    assert min(days) < 7 < 60 < max(days)


def test_visits_follow_a_quarterly_rhythm_with_rechecks_and_referrals(people, derived):
    gaps = [
        (b - a).days for r in people for a, b in pairwise(sorted({v.visit_date for v in r.history.visits}))
    ]
    assert share(lambda g: 70 <= g <= 105, gaps) > 0.3
    assert share(lambda g: g <= 16, gaps) > 0.15
    evaluated = [j for j in derived[Judgement] if j["evaluated"]]
    assert 0.25 < share(lambda j: not j["controlled"], evaluated) < 0.45
    steps = Counter(j["next_step"] for j in derived[Judgement])
    assert min(steps[n] for n in (1, 2, 3, 4)) > 0
    outcomes = Counter(str(o.outcome) for r in people for o in r.history.outcomes)
    assert outcomes["arrived"] > outcomes["not_arrived"] > 0


def test_few_visits_are_entered_late_and_some_wait_for_a_lead(people):
    visits = [v for r in people for v in r.history.visits]
    assert 0.02 < share(lambda v: v.late_entry, visits) < 0.06
    assert 0 < share(lambda v: v.approval is not None, visits) < 0.015
    modes = Counter(v.mode for v in visits)
    assert modes[Mode.CLINIC] > modes[Mode.HOME] > modes[Mode.PHONE] > 0


def test_end_digits_of_pressures_do_not_heap(people):
    readings = [v.body["sbp"] for r in people for v in r.history.visits if "sbp" in v.body]
    digits = Counter(reading % 10 for reading in readings)
    assert all(0.07 < digits[digit] / len(readings) < 0.13 for digit in range(10))


def test_nothing_happens_after_yesterday_or_before_birth(people):
    for record in people:
        for visit in record.history.visits:
            assert visit.visit_date < TODAY
            assert visit.received_at.date() < TODAY
            assert visit.recorded_at.date() >= visit.visit_date
        for condition in record.history.conditions:
            assert record.person.birth_date <= condition.diagnosed_on <= condition.enrolled_on < TODAY


def test_contracts_never_overlap_and_most_people_have_one(contracts):
    valid = 0
    for own in contracts:
        taken = sorted((c.start_on, c.occupied_until) for c in own if c.occupied_until)
        assert all(a[1] < b[0] for a, b in pairwise(taken))
        valid += any(c.start_on <= TODAY <= c.occupied_until for c in own if c.occupied_until)
    assert 0.55 < valid / PEOPLE < 0.76


def test_contracts_are_of_every_kind(contracts):
    rows = [c for own in contracts for c in own]
    soon = TODAY + timedelta(days=60)
    assert any(c.evidence is Evidence.NONE and c.occupied_until is None for c in rows)
    assert sum(TODAY <= c.end_on <= soon for c in rows) > 60
    assert sum(c.end_on < TODAY for c in rows) > 60
    assert {str(c.kind) for c in rows} == {"first", "renewal"}
    assert {c.termination_reason for c in rows} >= {"01", "02"}


def test_people_die_move_go_away_and_are_lost_after_three_tries(people):
    events = [row for r in people for row in r.rows if isinstance(row, StatusEvent)]
    seen = {str(event.status) for event in events}
    assert {"dead", "moved_out", "away", "lost"} <= seen
    for record in people:
        if any(str(s.status) == "lost" for s in record.history.statuses):
            assert len({a.attempted_at.date() for a in record.history.attempts}) >= 3
