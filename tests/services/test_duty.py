"""Who answered for a person on a day: by contract, by village, by membership, each with its days."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import (
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TOWN,
    VILLAGE,
    a_contract,
    a_member_of_staff,
    a_resident,
    a_team,
)
from tests.statements import statements
from tracker.domain.roles import Role
from tracker.models import Membership, Residence, TeamVillage
from tracker.services.workforce import duty, scope

DAY, LATER = date(2026, 3, 2), date(2026, 9, 1)


def test_a_contract_goes_before_the_village_while_it_runs(session: Session) -> None:
    own, other = a_team(session), a_team(session, "二队", (FAR_VILLAGE,))
    here, there = a_member_of_staff(session, team=own), a_member_of_staff(session, team=other)
    person = a_resident(session)
    a_contract(session, person, other, date(2026, 1, 1), terminated_on=LATER)
    assert not scope.responsible_on(session, here, person, DAY)
    assert scope.responsible_on(session, there, person, DAY)
    assert scope.responsible_on(session, here, person, LATER)
    assert not scope.responsible_on(session, there, person, LATER)


def test_nobody_signed_a_contract_without_evidence(session: Session) -> None:
    own, other = a_team(session), a_team(session, "二队", (FAR_VILLAGE,))
    doctor, person = a_member_of_staff(session, team=own), a_resident(session)
    a_contract(session, person, other, date(2026, 1, 1), evidence="none")
    assert scope.responsible_on(session, doctor, person, DAY)


def test_the_village_is_the_one_of_that_day(session: Session) -> None:
    own, other = a_team(session), a_team(session, "二队", (FAR_VILLAGE,))
    here, there = a_member_of_staff(session, team=own), a_member_of_staff(session, team=other)
    person = a_resident(session, village=FAR_VILLAGE)
    session.scalars(select(Residence)).one().village_code = VILLAGE
    session.add(Residence(resident_id=person.id, village_code=FAR_VILLAGE, from_on=LATER))
    session.flush()
    assert scope.village_on(session, person, DAY) == VILLAGE
    assert scope.village_on(session, person, LATER) == FAR_VILLAGE
    assert scope.village_on(session, person, date(1900, 1, 1)) == FAR_VILLAGE
    answers = [
        [scope.responsible_on(session, who, person, day) for who in (here, there)] for day in (DAY, LATER)
    ]
    assert answers == [[True, False], [False, True]]


def test_places_in_teams_and_villages_of_teams_hold_through_their_last_day(session: Session) -> None:
    doctor, person = (
        a_member_of_staff(session, team=a_team(session), region=NEXT_VILLAGE),
        a_resident(session),
    )
    session.scalars(select(Membership)).one().to_on = LATER
    for covered in session.scalars(select(TeamVillage)):
        covered.from_on = DAY
    session.flush()
    days = [date(2026, 3, 1), DAY, LATER, date(2026, 9, 2)]
    assert [scope.responsible_on(session, doctor, person, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("role", "answers"), [(Role.TOWNSHIP_ADMIN, True), (Role.COMMISSION, False), (Role.AUDITOR, False)]
)
def test_a_township_answers_for_its_villages_and_who_only_oversees_for_nobody(
    session: Session, role: Role, answers: bool
) -> None:
    staff, person = a_member_of_staff(session, role, region=TOWN), a_resident(session)
    far = a_resident(session, village=FAR_VILLAGE)
    assert scope.responsible_on(session, staff, person, DAY) is answers
    assert not scope.responsible_on(session, staff, far, DAY)


def test_all_places_of_a_member_of_staff_are_one_statement(session: Session) -> None:
    doctor = a_member_of_staff(session, team=a_team(session))
    with statements(session) as sent:
        found = duty.of_staff(session, doctor)
    assert len(sent) == 1
    assert sorted(village for _, village, _ in found.villages) == [VILLAGE, NEXT_VILLAGE]
