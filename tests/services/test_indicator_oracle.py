"""The SQL of the indicators against plain Python, over small counties made at random; both databases."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    VILLAGE,
    a_checkup,
    a_condition,
    a_contract,
    a_group,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tests.services.oracle import Oracle
from tracker.domain.indicator import Key, Period
from tracker.domain.terms import Disease, Status
from tracker.models import Resident, Team, Visit
from tracker.services.audit import Actor
from tracker.services.indicator import CASES
from tracker.services.indicator.area import EVERYWHERE, Area, area, of_villages
from tracker.services.indicator.case import count
from tracker.services.resident import residence
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.visit import visit as visits
from tracker.words.problems import texts

VILLAGES = (VILLAGE, NEXT_VILLAGE, FAR_VILLAGE)
FIRST = date(2025, 1, 1)
DAYS = 500
ENDS = [date(2025, 3, 31), date(2025, 6, 29), date(2025, 12, 31), date(2026, 2, 28), date(2026, 5, 1)]


@pytest.mark.parametrize("seed", range(3))
def test_sql_and_plain_python_agree(session: Session, seed: int) -> None:
    a_random_county(session, Random(seed))
    for end in ENDS:
        for start in (date(end.year, 1, 1), date(end.year, end.month, 1)):
            asked = Period(start, end, AT.date())
            oracle = Oracle(session, asked)
            for key in Key:
                expected = oracle.counts(key)
                assert counted(session, key, asked, EVERYWHERE) == expected, (key, asked)
                for village in VILLAGES:
                    alone = {place: numbers for place, numbers in expected.items() if place[0] == village}
                    for narrow in (area(session, village), of_villages(session, [village])):
                        assert counted(session, key, asked, narrow) == alone, (key, asked, village)


def counted(session: Session, key: Key, asked: Period, place: Area) -> dict:
    found = count(session, CASES[key](asked.of(key), place), place)
    return {where: (c.numerator, c.denominator) for where, c in found.items() if c.denominator}


def a_random_county(session: Session, dice: Random) -> None:
    team = a_team(session, villages=VILLAGES)
    doctor = a_member_of_staff(session, team=team)
    sender = Sender(doctor, Actor(doctor.id, doctor.role), AT)
    for _ in range(24):
        birth = date(dice.choice([1940, 1959, 1960, 1961, 1970, 1989, 1990, 1991, 2018, 2019, 2020]), 5, 1)
        person = a_resident(session, village=dice.choice(VILLAGES), birth=birth)
        _contracts(session, dice, person, team)
        if dice.random() < 0.3:
            start = a_day(dice)
            a_group(session, person, dice.choice(["PRG", "LOW", "DIS"]), start, start + timedelta(days=90))
        if birth.year < 2000:
            _course(session, dice, person, sender)
        if dice.random() < 0.25:
            residence.move(session, sender, person, dice.choice(VILLAGES), a_day(dice))
        if dice.random() < 0.3:
            status = dice.choice([Status.DEAD, Status.MOVED_OUT, Status.LOST, Status.AWAY, Status.REFUSED])
            a_status(session, person, status, a_day(dice))
    session.flush()


def a_day(dice: Random) -> date:
    return FIRST + timedelta(days=dice.randrange(DAYS))


def _contracts(session: Session, dice: Random, person: Resident, team: Team) -> None:
    start = date(2024, 1, 1) + timedelta(days=dice.randrange(300))
    for _ in range(dice.randrange(4)):
        ended = start + timedelta(days=dice.randrange(30, 300)) if dice.random() < 0.2 else None
        evidence = "none" if dice.random() < 0.2 else "paper"
        made = a_contract(session, person, team, start, evidence=evidence, terminated_on=ended)
        start = made.end_on + timedelta(days=dice.choice([1, 2, 30, 31, 90]))


def _course(session: Session, dice: Random, person: Resident, sender: Sender) -> None:
    diseases = dice.sample(list(Disease), dice.choice([1, 1, 2]))
    enrolled = FIRST + timedelta(days=dice.randrange(-200, 300))
    for disease in diseases:
        a_condition(session, person, disease, enrolled_on=enrolled)
    for _ in range(dice.randrange(9)):
        day = enrolled + timedelta(days=dice.randrange(400))
        late = dice.choice([0, 0, 0, 4, 40])
        body = a_visit_body(
            person.id, day.isoformat(), *diseases, mode=dice.choice(["clinic", "home", "phone"])
        )
        body["recorded_at"] = f"{day + timedelta(days=late)}T09:00:00+08:00"
        if dice.random() < 0.85:
            body |= {"sbp": dice.choice([128, 139, 150, 170]), "dbp": 80}
        if "diabetes" in body and dice.random() < 0.85:
            body["diabetes"]["fpg"] = dice.choice([3.5, 6.1, 6.9, 7.0, 9.0])
        (answer,) = submission.submit(session, sender, [body], texts)
        assert answer["status"] == "accepted", answer
        if late == 40 and dice.random() < 0.5:
            visits.approve(session, sender, session.get_one(Visit, visits.parse(body).id), granted=True)
    for _ in range(dice.randrange(2)):
        a_checkup(session, person, a_day(dice))
