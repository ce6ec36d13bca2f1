"""Deaths, losses, absences, moves and returns; both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    NEXT_VILLAGE,
    TODAY,
    TOWN,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_team,
)
from tracker.domain.contract import ContractKind, Evidence
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import Audit, Contract, Residence, Resident, StatusEvent, Task, Team
from tracker.schemas.attempt import AttemptIn
from tracker.schemas.checkup import CheckupIn
from tracker.schemas.condition import ConditionIn
from tracker.schemas.problem import Refused, problems_of
from tracker.schemas.status import StatusIn
from tracker.services.audit import Actor
from tracker.services.resident import attempt as attempts
from tracker.services.resident import checkup as checkups
from tracker.services.resident import condition as conditions
from tracker.services.resident import status as statuses
from tracker.services.resident.view import view
from tracker.services.sender import Sender
from tracker.services.workforce.scope import NotFound, scope_of


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


def a_sender(session: Session, role: Role, team: Team | None = None, region: str = TOWN) -> Sender:
    staff = a_member_of_staff(session, role, team=team, region=region)
    return Sender(staff, Actor(staff.id, role), AT)


@pytest.fixture
def doctor(session: Session, team: Team) -> Sender:
    return a_sender(session, Role.VILLAGE_DOCTOR, team)


@pytest.fixture
def lead(session: Session, team: Team) -> Sender:
    return a_sender(session, Role.TEAM_LEAD, team)


@pytest.fixture
def admin(session: Session) -> Sender:
    return a_sender(session, Role.TOWNSHIP_ADMIN)


@pytest.fixture
def person(session: Session, team: Team) -> Resident:
    resident = a_resident(session)
    a_condition(session, resident)
    return resident


def a_status(status: str, on: str, **more: Any) -> StatusIn:
    return StatusIn.model_validate({"status": status, "on": on, "reason": "家属告知", **more})


def post(
    session: Session, sender: Sender, person: Resident, status: str, on: str, **more: Any
) -> StatusEvent:
    return statuses.post(session, sender, person.id, a_status(status, on, **more))[0]


def shown(session: Session, sender: Sender, person: Resident, on: date = TODAY) -> dict[str, Any]:
    return view(session, scope_of(session, sender.staff, TODAY), person, on)


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> tuple[str, str]:
    (problem,) = refusal.value.problems
    return problem.field, problem.code


def call(
    session: Session, sender: Sender, person: Resident, *days: str, outcome: str = "unreachable"
) -> None:
    for day in days:
        given = {"attempted_at": f"{day}T10:00:00+08:00", "outcome": outcome}
        attempts.record(session, sender, person.id, AttemptIn.model_validate(given))


def a_contract(session: Session, person: Resident, team: Team) -> Contract:
    contract = Contract(
        number="1", resident_id=person.id, village_code=person.village_code,
        village_code_at=person.village_code, team_id=team.id, kind=ContractKind.FIRST, years=1,
        signed_on=date(2026, 3, 1), start_on=date(2026, 3, 1), end_on=date(2027, 2, 28),
        evidence=Evidence.PAPER, occupied_until=date(2027, 2, 28), created_at=AT,
    )  # fmt: skip
    session.add(contract)
    session.flush()
    return contract


def test_a_death_by_a_lead_ends_tasks_contract_and_residence_at_once(
    session: Session, lead: Sender, person: Resident, team: Team
) -> None:
    contract = a_contract(session, person, team)
    post(session, lead, person, "dead", "2026-05-03")
    assert shown(session, lead, person)["status"] == "dead"
    assert shown(session, lead, person)["conditions"][0]["next_due"] is None
    assert (contract.terminated_on, contract.termination_reason) == (date(2026, 5, 3), "01")
    assert contract.occupied_until == date(2026, 5, 3)
    assert session.scalars(select(Residence.to_on)).one() == date(2026, 5, 3)
    assert session.scalars(select(Task.cancelled_on)).all() == [date(2026, 5, 3)]


def test_a_village_doctors_death_only_silences_until_a_lead_approves(
    session: Session, doctor: Sender, lead: Sender, person: Resident
) -> None:
    event = post(session, doctor, person, "dead", "2026-05-03")
    assert event.approved_at is None
    assert shown(session, doctor, person)["status"] == "active"
    assert statuses.silenced(session, [person.id]) == {person.id}
    with pytest.raises(NotFound):
        statuses.approve(session, doctor, event)
    statuses.approve(session, lead, event)
    assert shown(session, doctor, person)["status"] == "dead"
    assert statuses.silenced(session, [person.id]) == set()


def test_a_lead_who_reports_the_same_death_approves_it(
    session: Session, doctor: Sender, lead: Sender, person: Resident
) -> None:
    event = post(session, doctor, person, "dead", "2026-05-03")
    again, made = statuses.post(session, lead, person.id, a_status("dead", "2026-05-03"))
    assert (again.id, made) == (event.id, False)
    assert event.approved_at is not None


def test_a_refused_report_stays_on_file_and_changes_nothing(
    session: Session, doctor: Sender, lead: Sender, person: Resident
) -> None:
    event = post(session, doctor, person, "dead", "2026-05-03")
    with pytest.raises(Refused):
        statuses.withdraw(session, lead, event, " ")
    statuses.withdraw(session, lead, event, "本人来测过血压")
    assert event.withdrawn_at is not None
    assert statuses.silenced(session, [person.id]) == set()
    assert shown(session, lead, person)["status"] == "active"
    assert "withdraw status" in session.scalars(select(Audit.action)).all()


def test_the_same_status_again_is_the_first_event(session: Session, lead: Sender, person: Resident) -> None:
    first = post(session, lead, person, "away", "2026-11-01", until="2026-12-01")
    again, made = statuses.post(session, lead, person.id, a_status("away", "2026-11-01", until="2026-12-01"))
    assert (again.id, made) == (first.id, False)


@pytest.mark.parametrize(
    ("status", "on", "code"),
    [
        ("dead", "2026-11-23", ("on", "future")),
        ("dead", "1960-05-19", ("on", "before_birth")),
        ("lost", "2026-11-20", ("status", "too_few_attempts")),
    ],
)
def test_impossible_days_are_refused(
    session: Session, lead: Sender, person: Resident, status: str, on: str, code: tuple[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        post(session, lead, person, status, on)
    assert code_of(refusal) == code


def test_lost_needs_three_attempts_on_three_days(session: Session, lead: Sender, person: Resident) -> None:
    call(session, lead, person, "2026-03-01", "2026-03-01", "2026-03-05")
    with pytest.raises(Refused) as refusal:
        post(session, lead, person, "lost", "2026-03-09")
    assert refusal.value.problems[0].params == {"n": 2, "needed": 3}
    call(session, lead, person, "2026-03-09")
    post(session, lead, person, "lost", "2026-03-09")
    shape = shown(session, lead, person)
    assert shape["status"] == "lost"
    assert shape["conditions"][0] | {"diagnosed_on": None} == {
        "disease": "hypertension",
        "status": "lost",
        "diagnosed_on": None,
        "enrolled_on": "2026-01-05",
        "next_due": "2026-06-09",
        "task": "recontact",
    }


def test_who_left_is_brought_back_only_by_the_township_or_the_commission(
    session: Session, lead: Sender, admin: Sender, person: Resident
) -> None:
    post(session, lead, person, "dead", "2026-05-03")
    with pytest.raises(Refused) as refusal:
        post(session, lead, person, "active", "2026-06-01")
    assert code_of(refusal) == ("status", "reopen_role")
    post(session, admin, person, "active", "2026-06-01")
    assert shown(session, lead, person)["status"] == "active"
    assert session.scalars(select(Residence.to_on).order_by(Residence.from_on.desc())).first() is None
    commission = a_sender(session, Role.COMMISSION, region=COUNTY)
    post(session, lead, person, "moved_out", "2026-07-01")
    with pytest.raises(NotFound):
        post(session, commission, person, "away", "2026-07-02")
    post(session, commission, person, "active", "2026-08-01")
    assert shown(session, lead, person)["status"] == "active"


def test_nothing_happens_to_the_dead_but_an_earlier_day_may_be_told_later(
    session: Session, lead: Sender, person: Resident
) -> None:
    post(session, lead, person, "dead", "2026-05-03")
    for status, on in (("moved_out", "2026-05-04"), ("dead", "2026-05-01")):
        with pytest.raises(Refused) as refusal:
            post(session, lead, person, status, on)
        assert refusal.value.conflict
    post(session, lead, person, "hospitalised", "2026-04-20")
    assert shown(session, lead, person)["status"] == "dead"


def residences(session: Session) -> list[tuple[str, date | None]]:
    rows = session.execute(
        select(Residence.village_code, Residence.to_on).order_by(Residence.from_on, Residence.id)
    )
    return [(village, to_on) for village, to_on in rows]


@pytest.mark.parametrize("on", ["2026-04-20", "2026-05-03"])
@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("hospitalised", {}),
        ("away", {"until": "2026-12-01"}),
        ("refused", {}),
        ("moved_out", {}),
        ("transferred", {"region_code": NEXT_VILLAGE}),
    ],
)
def test_what_happened_up_to_the_day_of_death_is_taken_and_wakes_nobody(
    session: Session, lead: Sender, person: Resident, status: str, on: str, more: dict[str, Any]
) -> None:
    post(session, lead, person, "dead", "2026-05-03")
    post(session, lead, person, status, on, **more)
    shape = shown(session, lead, person)
    assert shape["status"] == "dead"
    assert [c["next_due"] for c in shape["conditions"]] == [None]
    assert all(to_on is not None and to_on <= date(2026, 5, 3) for _village, to_on in residences(session))


def test_a_death_told_after_a_later_absence_still_stands(
    session: Session, lead: Sender, person: Resident
) -> None:
    post(session, lead, person, "away", "2026-06-10", until="2026-12-01")
    post(session, lead, person, "dead", "2026-05-03")
    assert shown(session, lead, person)["status"] == "dead"


def test_who_had_come_home_before_the_death_is_dead_all_the_same(
    session: Session, lead: Sender, person: Resident
) -> None:
    post(session, lead, person, "hospitalised", "2026-04-01")
    post(session, lead, person, "dead", "2026-05-03")
    post(session, lead, person, "active", "2026-04-10")
    assert [shown(session, lead, person, day)["status"] for day in (date(2026, 4, 11), TODAY)] == [
        "active",
        "dead",
    ]
    assert residences(session) == [(person.village_code, date(2026, 5, 3))]
    with pytest.raises(Refused) as refusal:
        post(session, lead, person, "active", "2026-04-11")
    assert code_of(refusal) == ("status", "reopen_role")


def test_a_departure_that_was_none_gives_back_the_days_until_the_death(
    session: Session, admin: Sender, person: Resident
) -> None:
    moved = post(session, admin, person, "moved_out", "2026-03-01")
    post(session, admin, person, "dead", "2026-05-03")
    statuses.withdraw(session, admin, moved, "录错人")
    assert residences(session) == [(person.village_code, date(2026, 5, 3))]


@pytest.mark.parametrize(("on", "taken"), [("2026-05-03", True), ("2026-05-04", False)])
def test_records_up_to_the_day_of_death_are_taken_and_none_after_it(
    session: Session, lead: Sender, person: Resident, on: str, taken: bool
) -> None:
    post(session, lead, person, "dead", "2026-05-03")
    acts = [
        lambda: call(session, lead, person, on),
        lambda: checkups.record(session, lead, person.id, CheckupIn(checked_on=on, institution="卫生院")),
        lambda: conditions.enrol(
            session,
            lead,
            person.id,
            ConditionIn(disease="diabetes", diagnosed_on=on, enrolled_on=on),
        ),
    ]
    for act in acts:
        if taken:
            act()
        else:
            with pytest.raises(Refused, match="after_death"):
                act()
    shape = shown(session, lead, person)
    assert {c["status"] for c in shape["conditions"]} == {"dead"}
    assert session.scalars(select(Task.id).where(Task.ended_on.is_(None))).all() == []


def test_a_disease_may_be_ruled_out_alone(session: Session, lead: Sender, person: Resident) -> None:
    a_condition(session, person, Disease.DIABETES)
    post(session, lead, person, "misdiagnosed", "2026-05-03", disease="diabetes")
    shape = shown(session, lead, person)
    assert shape["status"] == "active"
    assert [c["status"] for c in shape["conditions"]] == ["active", "misdiagnosed"]
    assert "T2D" not in shape["groups"]
    other = a_resident(session)
    with pytest.raises(Refused) as refusal:
        post(session, lead, other, "refused", "2026-05-03", disease="diabetes")
    assert code_of(refusal) == ("disease", "no_condition")


def test_an_absence_ends_by_itself(session: Session, lead: Sender, person: Resident) -> None:
    post(session, lead, person, "hospitalised", "2026-11-01", until="2026-11-10")
    days = {"2026-10-31": "active", "2026-11-01": "hospitalised", "2026-11-10": "hospitalised"}
    for day, expected in {**days, "2026-11-11": "active"}.items():
        assert shown(session, lead, person, date.fromisoformat(day))["status"] == expected


def test_a_transfer_inside_the_county_moves_the_record_and_goes_on_active(
    session: Session, lead: Sender, person: Resident
) -> None:
    post(session, lead, person, "transferred", "2026-11-21", region_code=NEXT_VILLAGE)
    assert person.village_code == NEXT_VILLAGE
    assert shown(session, lead, person, date(2026, 11, 21))["status"] == "transferred"
    assert shown(session, lead, person)["status"] == "active"


@pytest.mark.parametrize(("outcome", "status"), [("died", Status.DEAD), ("moved", Status.MOVED_OUT)])
def test_what_an_attempt_hears_becomes_a_report(
    session: Session, doctor: Sender, lead: Sender, person: Resident, outcome: str, status: Status
) -> None:
    call(session, doctor, person, "2026-11-20", outcome=outcome)
    event = session.scalars(select(StatusEvent)).one()
    assert (event.status, event.on, event.approved_at) == (status, date(2026, 11, 20), None)
    assert event.date_estimated
    other = a_resident(session)
    call(session, lead, other, "2026-11-20", outcome=outcome)
    assert shown(session, lead, other)["status"] == status


def test_an_attempt_is_not_in_the_future(session: Session, lead: Sender, person: Resident) -> None:
    with pytest.raises(Refused):
        call(session, lead, person, "2026-11-25")
    tomorrow = replace(lead, at=AT + timedelta(days=3))
    call(session, tomorrow, person, "2026-11-25")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "gone"}, "status"),
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 2000}, "reason"),
        ({"reason": "a\0"}, "reason"),
        ({"until": "2026-12-01"}, "until"),
        ({"disease": "diabetes"}, "disease"),
        ({"region_code": NEXT_VILLAGE}, "region_code"),
        ({"on": "2026-11-31"}, "on"),
        ({"status": "away", "until": "9999-12-31"}, "until"),
        ({"extra": 1}, "extra"),
    ],
)
def test_shapes_that_are_wrong_name_their_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        StatusIn.model_validate({"status": "dead", "on": "2026-11-01", "reason": "家属告知", **change})
    assert [p.field for p in problems_of(refusal.value)] == [field]
