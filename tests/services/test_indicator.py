"""Indicators counted in SQL, against worked cases and small counties; both databases."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    a_checkup,
    a_condition,
    a_contract,
    a_group,
    a_member_of_staff,
    a_region_tree,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tracker.domain.indicator import Key, Note, Period
from tracker.domain.terms import Disease, Status
from tracker.models import Approval, Population, Resident, Staff, Team, Visit
from tracker.services.audit import SYSTEM, Actor
from tracker.services.indicator import Figure, estimate, figures
from tracker.services.resident import residence
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.visit import visit as visits
from tracker.words.problems import texts

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31), date(2026, 11, 22))
CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session, villages=(VILLAGE, NEXT_VILLAGE, FAR_VILLAGE))


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def sender(doctor: Staff) -> Sender:
    return Sender(doctor, Actor(doctor.id, doctor.role), AT)


def seen(
    session: Session,
    sender: Sender,
    person: Resident,
    day: str,
    sbp: int | None = 128,
    *,
    mode: str = "clinic",
    disease: Disease = Disease.HYPERTENSION,
    fpg: float | None = None,
    recorded_at: str | None = None,
) -> Visit:
    more = {"sbp": sbp, "dbp": None if sbp is None else 80, "mode": mode}
    body = a_visit_body(person.id, day, disease.value, **more)
    body["recorded_at"] = recorded_at or body["recorded_at"]
    if disease is Disease.DIABETES:
        body["diabetes"]["fpg"] = fpg
    (answer,) = submission.submit(session, sender, [body], texts)
    assert answer["status"] == "accepted", answer
    return session.get_one(Visit, visits.parse(body).id)


def figure(
    session: Session, key: Key, group: str | None = None, *, region: str = VILLAGE, period: Period = YEAR
) -> Figure:
    found = figures(session, [region], period, [key])
    return next(f for f in found if f.group == group)


def told(found: Figure) -> tuple[int, int | None, str | None]:
    return found.numerator, found.denominator, None if found.rate is None else str(found.rate)


WORKED = {
    "P1": ("2023-05-01", ["2025-05-12"], ["2025-02-10", "2025-05-12", "2025-08-11", "2025-11-10"]),
    "P2": ("2022-01-01", ["2025-10-08"], ["2025-10-08", "2025-10-28", "2025-11-20", "2025-12-15"]),
    "P3": ("2024-03-01", ["2025-01-20"], ["2025-01-20", "2025-04-22 phone", "2025-07-25 home", "2025-10-24"]),
    "P4": ("2025-02-15", [], ["2025-02-15", "2025-06-01 home", "2025-09-05"]),
    "P5": ("2021-06-01", [], ["2025-03-01", "2025-06-01", "2025-09-01", "2025-12-01"]),
    "P6": ("2020-01-01", ["2025-04-01"], ["2025-01-15", "2025-04-15", "2025-07-15"]),
    "P7": ("2020-01-01", ["2025-02-01"], ["2025-02-01", "2025-05-01"]),
    "P8": ("2025-11-20", [], ["2025-11-20"]),
}


def test_managed_to_standard_over_a_whole_year(session: Session, sender: Sender) -> None:
    for name, (enrolled, checkups, days) in WORKED.items():
        person = a_resident(session, name=name)
        a_condition(session, person, enrolled_on=date.fromisoformat(enrolled))
        for day in checkups:
            a_checkup(session, person, date.fromisoformat(day))
        for entry in days:
            day, _, mode = entry.partition(" ")
            seen(session, sender, person, day, mode=mode or "clinic")
        if name == "P6":
            a_status(session, person, Status.DEAD, date(2025, 8, 20))
        if name == "P7":
            a_status(session, person, Status.LOST, date(2025, 7, 1))
    assert told(figure(session, Key.STANDARD, "hypertension")) == (3, 7, "42.86")


@pytest.mark.parametrize(
    ("enrolled", "end", "asked"),
    [
        ("2025-01-01", "2025-06-28", 1),
        ("2025-01-01", "2025-06-29", 2),
        ("2025-07-05", "2025-12-31", 2),
        ("2025-07-06", "2025-12-31", 1),
        ("2025-04-06", "2025-12-31", 3),
        ("2025-04-07", "2025-12-31", 2),
        ("2025-01-06", "2025-12-31", 4),
        ("2025-01-07", "2025-12-31", 3),
        ("2020-01-01", "2025-12-30", 4),
    ],
)
def test_a_quarter_is_asked_for_each_90_days_of_management(
    session: Session, sender: Sender, enrolled: str, end: str, asked: int
) -> None:
    start, last = date.fromisoformat(enrolled), date.fromisoformat(end)
    days = (last - max(start, date(2025, 1, 1))).days + 1
    assert asked == min(4, max(1, days // 90))
    short, enough = a_resident(session), a_resident(session)
    quarters = ["2025-12-01", "2025-09-01", "2025-06-01", "2025-03-01"]
    possible = [q for q in quarters if start <= date.fromisoformat(q) <= last]
    for person, n in ((short, asked - 1), (enough, min(asked, len(possible)))):
        a_condition(session, person, enrolled_on=start)
        for day in possible[:n]:
            seen(session, sender, person, day)
    period = Period(date(2025, 1, 1), last, last)
    hits = 1 if len(possible) >= asked else 0
    assert told(figure(session, Key.STANDARD, "hypertension", period=period))[:2] == (hits, 2)


def test_before_the_end_of_march_no_standard_rate_is_told(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    a_condition(session, person, enrolled_on=date(2024, 1, 1))
    seen(session, sender, person, "2025-02-01")
    early = figure(
        session, Key.STANDARD, "hypertension", period=Period(date(2025, 3, 1), date(2025, 3, 30), AT.date())
    )
    assert (told(early), early.note) == ((1, 1, None), Note.TOO_EARLY)
    assert early.period.start == date(2025, 1, 1)
    later = Period(date(2025, 3, 1), date(2025, 3, 31), AT.date())
    assert figure(session, Key.STANDARD, "hypertension", period=later).rate == Decimal("100.00")


@pytest.mark.parametrize(
    ("status", "disease", "kept"),
    [
        (Status.DEAD, None, False),
        (Status.MOVED_OUT, None, False),
        (Status.REFUSED, Disease.HYPERTENSION, False),
        (Status.MISDIAGNOSED, Disease.HYPERTENSION, False),
        (Status.MISDIAGNOSED, Disease.DIABETES, True),
        (Status.LOST, None, True),
        (Status.AWAY, None, True),
        (Status.HOSPITALISED, None, True),
    ],
)
def test_who_is_managed_on_the_last_day(session: Session, status, disease, kept) -> None:
    person = a_resident(session)
    for register in Disease:
        a_condition(session, person, register, enrolled_on=date(2024, 1, 1))
    a_status(session, person, status, date(2025, 6, 30), disease)
    before = Period(date(2025, 1, 1), date(2025, 6, 29), AT.date())
    upon = Period(date(2025, 1, 1), date(2025, 6, 30), AT.date())
    assert figure(session, Key.CONTROL, "hypertension", period=before).denominator == 1
    assert figure(session, Key.CONTROL, "hypertension", period=upon).denominator == (1 if kept else 0)


def test_nothing_is_known_of_what_came_after_the_day_asked(session: Session) -> None:
    dead, later = a_resident(session), a_resident(session)
    a_condition(session, dead, enrolled_on=date(2024, 1, 1))
    a_condition(session, later, enrolled_on=date(2025, 9, 1))
    a_status(session, dead, Status.DEAD, date(2025, 8, 1))
    asked = [Period(YEAR.start, YEAR.end, date(2025, month, 30)) for month in (6, 8, 9)]
    assert [figure(session, Key.CONTROL, "hypertension", period=p).denominator for p in asked] == [1, 0, 1]


def test_the_latest_counted_visit_decides_control(session: Session, sender: Sender) -> None:
    people = [a_resident(session) for _ in range(6)]
    for person in people:
        a_condition(session, person, enrolled_on=date(2024, 1, 1))
    better, worse, by_phone, lost, last_year, twice = people
    for person, days in (
        (better, [("2025-03-01", 160), ("2025-09-01", 130)]),
        (worse, [("2025-03-01", 130), ("2025-09-01", 160)]),
        (by_phone, [("2025-03-01", 130)]),
        (lost, [("2025-03-01", 130)]),
        (last_year, [("2024-12-31", 130)]),
    ):
        for day, sbp in days:
            seen(session, sender, person, day, sbp)
    seen(session, sender, by_phone, "2025-09-01", 170, mode="phone")
    seen(session, sender, twice, "2025-09-01", 130, recorded_at="2025-09-01T18:00:00+08:00")
    seen(session, sender, twice, "2025-09-01", 160, recorded_at="2025-09-01T08:00:00+08:00")
    a_status(session, lost, Status.LOST, date(2025, 12, 1))
    assert told(figure(session, Key.CONTROL, "hypertension")) == (3, 6, "50.00")


def test_fasting_glucose_below_seven_is_on_target(session: Session, sender: Sender) -> None:
    for fpg in (3.8, 6.9, 7.0):
        person = a_resident(session)
        a_condition(session, person, Disease.DIABETES, enrolled_on=date(2024, 1, 1))
        seen(session, sender, person, "2025-09-01", None, disease=Disease.DIABETES, fpg=fpg)
    assert told(figure(session, Key.CONTROL, "diabetes")) == (2, 3, "66.67")


def test_a_visit_entered_late_counts_once_it_is_approved(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    a_condition(session, person, enrolled_on=date(2025, 9, 1))
    visit = seen(session, sender, person, "2025-09-01", recorded_at="2025-10-15T08:00:00+08:00")
    assert visit.approval is Approval.PENDING
    assert figure(session, Key.STANDARD, "hypertension").numerator == 0
    visits.approve(session, sender, visit, granted=True)
    assert figure(session, Key.STANDARD, "hypertension").numerator == 1
    assert figure(session, Key.CONTROL, "hypertension").numerator == 1


def test_tasks_that_were_closed_in_time(session: Session, sender: Sender) -> None:
    first, dead = a_resident(session), a_resident(session)
    for person in (first, dead):
        a_condition(session, person, enrolled_on=date(2025, 3, 1))
    # Enrolled on 1 March, first task due on the 15th; then quarterly.
    seen(session, sender, first, "2025-03-10")  # in time, next due 10 June
    seen(session, sender, first, "2025-06-11")  # a day late, next due 11 September
    seen(session, sender, first, "2025-09-01", recorded_at="2025-09-05T08:00:00+08:00")  # entered late
    a_status(session, dead, Status.DEAD, date(2025, 3, 15))
    year = figure(session, Key.TIMELY, "hypertension")
    assert told(year) == (1, 4, "25.00")  # the last one, due on 1 December, is open
    spring = Period(date(2025, 3, 1), date(2025, 3, 31), AT.date())
    assert told(figure(session, Key.TIMELY, "hypertension", period=spring)) == (1, 1, "100.00")
    then = Period(date(2025, 6, 1), date(2025, 6, 10), date(2025, 6, 10))
    assert told(figure(session, Key.TIMELY, "hypertension", period=then)) == (0, 1, "0.00")


def test_the_young_are_counted_beside(session: Session) -> None:
    for birth in (date(1990, 12, 31), date(1991, 1, 1)):
        a_condition(session, a_resident(session, birth=birth), enrolled_on=date(2024, 1, 1))
    found = figure(session, Key.CONTROL, "hypertension")
    assert (found.denominator, found.young) == (1, 1)


def test_contract_rate_counts_persons_under_a_valid_contract(session: Session, team: Team) -> None:
    a_region_tree(session)
    session.add(Population(region_code=VILLAGE, year=2025, resident=8))
    people = [a_resident(session) for _ in range(8)]
    active, unsigned, expired, ended, dead, moved, future, last_day = people
    a_contract(session, active, team, date(2025, 6, 1))
    a_contract(session, unsigned, team, date(2025, 6, 1), evidence="none")
    a_contract(session, expired, team, date(2024, 6, 1))
    a_contract(session, ended, team, date(2025, 6, 1), terminated_on=date(2025, 12, 31))
    a_contract(session, dead, team, date(2025, 6, 1))
    a_contract(session, moved, team, date(2025, 6, 1))
    a_contract(session, future, team, date(2026, 1, 1))
    a_contract(session, last_day, team, date(2025, 1, 1))
    a_status(session, dead, Status.DEAD, date(2025, 12, 31))
    a_status(session, moved, Status.MOVED_OUT, date(2025, 7, 1))
    assert told(figure(session, Key.CONTRACT)) == (2, 8, "25.00")


def test_nobody_knows_a_rate_without_a_population(session: Session, team: Team) -> None:
    a_contract(session, a_resident(session), team, date(2025, 6, 1))
    found = figure(session, Key.CONTRACT)
    assert (told(found), found.note) == ((1, None, None), Note.NO_POPULATION)


def test_rates_over_a_hundred_are_shown_as_they_are(session: Session, team: Team) -> None:
    session.add(Population(region_code=VILLAGE, year=2025, resident=3))
    for _ in range(4):
        a_contract(session, a_resident(session), team, date(2025, 6, 1))
    assert told(figure(session, Key.CONTRACT)) == (4, 3, "133.33")


def test_key_groups_count_a_person_once(session: Session, team: Team) -> None:
    old_and_ill = a_resident(session, birth=date(1960, 12, 31))
    almost = a_resident(session, birth=date(1961, 1, 1))
    child = a_resident(session, birth=date(2019, 1, 1))
    schoolchild = a_resident(session, birth=date(2018, 12, 31))
    unborn = a_resident(session, birth=date(2026, 1, 1))
    expecting, delivered, low = (a_resident(session, birth=date(1995, 1, 1)) for _ in range(3))
    for disease in Disease:
        a_condition(session, old_and_ill, disease, enrolled_on=date(2024, 1, 1))
    a_group(session, expecting, "PRG", date(2025, 10, 1))
    a_group(session, delivered, "PRG", date(2025, 1, 1), date(2025, 12, 30))
    a_group(session, low, "LOW", date(2025, 1, 1))
    for person in (old_and_ill, child, low, almost, schoolchild, unborn):
        a_contract(session, person, team, date(2025, 6, 1))
    shown = {
        f.group: (f.numerator, f.denominator) for f in figures(session, [VILLAGE], YEAR, [Key.KEY_CONTRACT])
    }
    expected = {"ANY": (2, 3), "ELD": (1, 1), "HTN": (1, 1), "T2D": (1, 1), "CH6": (1, 1)}
    expected |= {"PRG": (0, 1), "LOW": (1, 1)}
    assert {group: pair for group, pair in shown.items() if pair != (0, 0)} == expected
    assert len(shown) == 13


def test_renewals_begin_within_thirty_days(session: Session, team: Team) -> None:
    for start in (None, date(2025, 7, 1), date(2025, 7, 30), date(2025, 7, 31)):
        person = a_resident(session)
        a_contract(session, person, team, date(2024, 7, 1))  # ends on 30 June 2025
        if start is not None:
            a_contract(session, person, team, start)
    ended, dead = a_resident(session), a_resident(session)
    a_contract(session, ended, team, date(2024, 7, 1), terminated_on=date(2025, 6, 29))
    a_contract(session, dead, team, date(2024, 7, 1))
    a_status(session, dead, Status.DEAD, date(2025, 6, 30))
    found = figure(session, Key.RENEWAL)
    assert (told(found), found.note) == ((2, 4, "50.00"), None)
    early = Period(date(2025, 6, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert figure(session, Key.RENEWAL, period=early).note is Note.PROVISIONAL


def test_a_person_is_counted_where_they_lived_that_day(session: Session, sender: Sender, team: Team) -> None:
    person = a_resident(session)
    a_condition(session, person, enrolled_on=date(2024, 1, 1))
    a_contract(session, person, team, date(2025, 1, 1))
    residence.move(session, sender, person, FAR_VILLAGE, date(2025, 10, 1))
    for day, where, elsewhere in (
        (date(2025, 9, 30), VILLAGE, FAR_VILLAGE),
        (date(2025, 10, 1), FAR_VILLAGE, VILLAGE),
    ):
        period = Period(date(2025, 1, 1), day, AT.date())
        assert figure(session, Key.CONTROL, "hypertension", region=where, period=period).denominator == 1
        assert figure(session, Key.CONTROL, "hypertension", region=elsewhere, period=period).denominator == 0
        assert figure(session, Key.CONTRACT, region=where, period=period).numerator == 1
        assert figure(session, Key.CONTRACT, region=elsewhere, period=period).numerator == 0


def test_regions_add_up_numbers_and_never_rates(session: Session, sender: Sender) -> None:
    for village, rows in ((VILLAGE, [130]), (NEXT_VILLAGE, [130, 160, 160]), (FAR_VILLAGE, [160])):
        for sbp in rows:
            person = a_resident(session, village=village)
            a_condition(session, person, enrolled_on=date(2024, 1, 1))
            seen(session, sender, person, "2025-09-01", sbp)
    codes = [VILLAGE, NEXT_VILLAGE, FAR_VILLAGE, TOWN, OTHER_TOWN, COUNTY]
    shown = {
        f.region_code: told(f)
        for f in figures(session, codes, YEAR, [Key.CONTROL])
        if f.group == "hypertension"
    }
    assert shown == {
        VILLAGE: (1, 1, "100.00"),
        NEXT_VILLAGE: (1, 3, "33.33"),
        FAR_VILLAGE: (0, 1, "0.00"),
        TOWN: (2, 4, "50.00"),
        OTHER_TOWN: (0, 1, "0.00"),
        COUNTY: (2, 5, "40.00"),
    }


def test_a_village_without_anybody_has_its_row_of_zeros(session: Session) -> None:
    a_region_tree(session)
    shown = figures(session, [VILLAGE, FAR_VILLAGE], YEAR)
    assert len(shown) == 2 * (1 + 13 + 1 + 4 * 2)
    assert {f.numerator for f in shown} == {0}
    assert {f.rate for f in shown} == {None}


def test_the_managed_rate_asks_for_the_patients_expected(session: Session) -> None:
    a_region_tree(session)
    for village in (VILLAGE, NEXT_VILLAGE):
        session.add(Population(region_code=village, year=2025, resident=100))
        a_condition(session, a_resident(session, village=village), enrolled_on=date(2024, 1, 1))
    session.flush()
    estimate.put(session, SYSTEM, AT, VILLAGE, 2025, {Disease.HYPERTENSION: 8})
    estimate.put(session, SYSTEM, AT, NEXT_VILLAGE, 2025, {Disease.HYPERTENSION: 4})
    assert told(figure(session, Key.MANAGED, "hypertension")) == (1, 8, "12.50")
    assert told(figure(session, Key.MANAGED, "hypertension", region=TOWN)) == (2, 12, "16.67")
    assert told(figure(session, Key.MANAGED, "diabetes", region=TOWN)) == (0, None, None)
