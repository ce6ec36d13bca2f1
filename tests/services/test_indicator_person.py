"""The people behind the figures, and why somebody is not in the numerator; both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    TODAY,
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
from tracker.domain.indicator import Cause, Key, Period
from tracker.domain.roles import Role
from tracker.domain.terms import Status
from tracker.models import Resident, Staff, Team
from tracker.services.audit import Actor
from tracker.services.indicator import figures
from tracker.services.indicator.person import Part, persons
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.workforce.scope import Scope, scope_of
from tracker.words.problems import texts

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31), TODAY)
EVERYBODY = Part(limit=200)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session, villages=(VILLAGE, FAR_VILLAGE))


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def scope(session: Session, doctor: Staff) -> Scope:
    return scope_of(session, doctor, TODAY)


def seen(session: Session, doctor: Staff, person: Resident, *entries: str, **more: object) -> None:
    sender = Sender(doctor, Actor(doctor.id, doctor.role), AT)
    for day in entries:
        body = a_visit_body(person.id, day, "hypertension", **{"sbp": 128, "dbp": 80, **more})
        (answer,) = submission.submit(session, sender, [body], texts)
        assert answer["status"] == "accepted", answer


def causes(session: Session, scope: Scope, key: Key, group: str | None) -> dict[str, Cause | None]:
    found, total = persons(session, scope, key, group, VILLAGE, YEAR, EVERYBODY)
    assert total == len(found)
    return {person.name: person.cause for person in found}


QUARTERS = ("2025-02-01", "2025-05-01", "2025-08-01", "2025-11-01")


def test_what_is_missing_to_standard(session: Session, doctor: Staff, scope: Scope) -> None:
    people = {}
    for name in ("都好", "缺一次面访", "缺一次读数", "等审批的", "没体检的"):
        people[name] = a_resident(session, name=name)
        a_condition(session, people[name], enrolled_on=date(2024, 1, 1))
        if name != "没体检的":
            a_checkup(session, people[name], date(2025, 5, 1))
        seen(session, doctor, people[name], *QUARTERS[:3])
    seen(session, doctor, people["都好"], QUARTERS[3])
    seen(session, doctor, people["没体检的"], QUARTERS[3])
    seen(session, doctor, people["缺一次面访"], QUARTERS[3], mode="phone")
    seen(session, doctor, people["缺一次读数"], QUARTERS[3], sbp=None, dbp=None)
    seen(session, doctor, people["等审批的"], QUARTERS[3], recorded_at="2025-12-20T08:00:00+08:00")
    assert causes(session, scope, Key.STANDARD, "hypertension") == {
        "都好": None,
        "缺一次面访": Cause.NO_MEETING,
        "缺一次读数": Cause.NO_READING,
        "等审批的": Cause.AWAITS_APPROVAL,
        "没体检的": Cause.NO_CHECKUP,
    }


def test_why_somebody_is_not_controlled(session: Session, doctor: Staff, scope: Scope) -> None:
    people = {name: a_resident(session, name=name) for name in ("达标的", "偏高的", "失访的", "没量的")}
    for person in people.values():
        a_condition(session, person, enrolled_on=date(2024, 1, 1))
    seen(session, doctor, people["达标的"], QUARTERS[0])
    seen(session, doctor, people["偏高的"], QUARTERS[0], sbp=160)
    seen(session, doctor, people["失访的"], QUARTERS[0])
    a_status(session, people["失访的"], Status.LOST, date(2025, 10, 1))
    assert causes(session, scope, Key.CONTROL, "hypertension") == {
        "达标的": None,
        "偏高的": Cause.NOT_CONTROLLED,
        "失访的": Cause.LOST,
        "没量的": Cause.NO_READING,
    }


def test_why_somebody_has_no_valid_contract(session: Session, team: Team, scope: Scope) -> None:
    people = {
        name: a_resident(session, name=name) for name in ("有约", "没签约", "没签字", "到期了", "解约了")
    }
    for person in people.values():
        a_group(session, person, "DIS", date(2025, 1, 1))
    a_contract(session, people["有约"], team, date(2025, 6, 1))
    a_contract(session, people["没签字"], team, date(2025, 6, 1), evidence="none")
    a_contract(session, people["到期了"], team, date(2024, 6, 1))
    a_contract(session, people["解约了"], team, date(2025, 6, 1), terminated_on=date(2025, 7, 1))
    expected = {
        "有约": None,
        "没签约": Cause.NO_CONTRACT,
        "没签字": Cause.UNSIGNED,
        "到期了": Cause.EXPIRED,
        "解约了": Cause.TERMINATED,
    }
    assert causes(session, scope, Key.CONTRACT, None) == expected
    assert causes(session, scope, Key.KEY_CONTRACT, "DIS") == expected


def test_late_and_open_tasks(session: Session, doctor: Staff, scope: Scope) -> None:
    person = a_resident(session, name="王一")
    a_condition(session, person, enrolled_on=date(2025, 3, 1))
    seen(session, doctor, person, "2025-03-10", "2025-06-11")
    seen(session, doctor, person, "2025-09-01", recorded_at="2025-09-05T08:00:00+08:00")
    found, _total = persons(session, scope, Key.TIMELY, "hypertension", VILLAGE, YEAR, EVERYBODY)
    assert sorted((p.day.isoformat(), p.cause) for p in found if p.day) == [
        ("2025-03-15", None),
        ("2025-06-10", Cause.LATE),
        ("2025-09-11", Cause.LATE_ENTRY),
        ("2025-12-01", Cause.OPEN),
    ]


def test_the_lists_are_as_long_as_the_figures_say(session: Session, doctor: Staff, scope: Scope) -> None:
    for sbp in (128, 160, 160):
        person = a_resident(session)
        a_condition(session, person, enrolled_on=date(2024, 1, 1))
        seen(session, doctor, person, "2025-08-01", sbp=sbp)
    for figure in figures(session, [VILLAGE], YEAR):
        if figure.key in (Key.CONTRACT, Key.MANAGED):
            continue
        shown = {
            hit: persons(session, scope, figure.key, figure.group, VILLAGE, YEAR, Part(hit, 200))[1]
            for hit in (True, False)
        }
        assert (shown[True], shown[True] + shown[False]) == (figure.numerator, figure.denominator)


def test_the_commission_sees_stars_and_no_mental_illness(session: Session) -> None:
    person = a_resident(session, name="张秀英")
    a_group(session, person, "SMI", date(2025, 1, 1))
    a_group(session, person, "DIS", date(2025, 1, 1))
    county = scope_of(session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY), TODAY)
    (shown,), _total = persons(session, county, Key.KEY_CONTRACT, "DIS", COUNTY, YEAR, EVERYBODY)
    assert shown.name == "张*英"
    assert persons(session, county, Key.KEY_CONTRACT, "SMI", COUNTY, YEAR, EVERYBODY) == ([], 0)


def test_people_of_other_places_are_not_listed(session: Session, scope: Scope) -> None:
    far = scope_of(session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=FAR_VILLAGE[:9]), TODAY)
    person = a_resident(session)
    a_group(session, person, "DIS", date(2025, 1, 1))
    assert persons(session, far, Key.KEY_CONTRACT, "DIS", COUNTY, YEAR, EVERYBODY) == ([], 0)
    assert persons(session, scope, Key.KEY_CONTRACT, "DIS", COUNTY, YEAR, EVERYBODY)[1] == 1
