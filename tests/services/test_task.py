"""The lists of open tasks: as of a day, in scope, in order of urgency; both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TODAY,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status, TaskKind
from tracker.models import Resident, Staff, StatusEvent, Team
from tracker.schemas.problem import Refused
from tracker.services.audit import Actor
from tracker.services.sender import Sender
from tracker.services.task import filters as task_filter
from tracker.services.task import listing as task_list
from tracker.services.task import task
from tracker.services.task.task import View, Wanted
from tracker.services.visit import submission
from tracker.services.workforce import assignment
from tracker.services.workforce.scope import NotFound, Scope, scope_of
from tracker.words.problems import texts

DAY = timedelta(days=1)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def scope(session: Session, doctor: Staff) -> Scope:
    return scope_of(session, doctor, TODAY)


def due(
    session: Session, on: date, *, village: str = VILLAGE, disease: Disease = Disease.HYPERTENSION
) -> Resident:
    """Somebody enrolled a fortnight before, whose first visit is due on a day."""
    resident = a_resident(session, village=village)
    a_condition(session, resident, disease, on - 14 * DAY)
    return resident


def visited(session: Session, doctor: Staff, resident: Resident, day: str, **readings: object) -> None:
    body = a_visit_body(resident.id, day, "hypertension", **readings)
    (answer,) = submission.submit(session, Sender(doctor, Actor(doctor.id, doctor.role), AT), [body], texts)
    assert answer["status"] == "accepted", answer


def listed(session: Session, scope: Scope, day: date = TODAY, **wanted: object) -> list[task_list.TaskRow]:
    question = task.ask(session, scope, day, Wanted(**wanted))  # type: ignore[arg-type]
    return task_list.page(session, question, 200).rows


@pytest.mark.parametrize(
    ("days", "view", "found"),
    [
        (-1, View.OVERDUE, True),
        (0, View.OVERDUE, False),
        (0, View.WEEK, True),
        (0, View.DUE, True),
        (7, View.DUE, True),
        (7, View.WEEK, True),
        (8, View.DUE, False),
        (-1, View.WEEK, False),
        (-1, View.DUE, True),
    ],
)
def test_overdue_begins_the_day_after_and_the_list_looks_a_week_ahead(
    session: Session, scope: Scope, days: int, view: View, found: bool
) -> None:
    due(session, TODAY + days * DAY)
    assert bool(listed(session, scope, view=view)) is found


def test_a_list_as_of_an_earlier_day_holds_what_was_open_then(
    session: Session, scope: Scope, doctor: Staff
) -> None:
    person = due(session, date(2026, 10, 1))
    visited(session, doctor, person, "2026-10-20", sbp=128, dbp=82)
    (then,) = listed(session, scope, date(2026, 10, 19), view=View.OVERDUE)
    assert (then.days_overdue, then.last) == (18, None)
    assert listed(session, scope, date(2026, 10, 20), view=View.OVERDUE) == []
    assert listed(session, scope, date(2026, 9, 16)) == []


def test_the_row_tells_the_last_reading_on_or_before_the_day(
    session: Session, scope: Scope, doctor: Staff
) -> None:
    person = due(session, date(2026, 9, 15))
    visited(session, doctor, person, "2026-09-10", sbp=150, dbp=92)
    visited(session, doctor, person, "2026-09-24", sbp=162, dbp=94)
    (row,) = listed(session, scope, date(2026, 10, 9))
    assert row.kind is TaskKind.REFERRAL_TRACKING
    assert row.last == task_list.Reading(date(2026, 9, 24), 162, 94, None)
    (row,) = listed(session, scope, date(2026, 9, 23))
    assert row.last == task_list.Reading(date(2026, 9, 10), 150, 92, None)


def test_the_most_urgent_comes_first_and_who_is_away_stands_last(
    session: Session, scope: Scope, doctor: Staff
) -> None:
    soon = due(session, TODAY + 3 * DAY)
    late = due(session, TODAY - 40 * DAY)
    later = due(session, TODAY - 50 * DAY)
    away = due(session, TODAY - 60 * DAY)
    a_status(session, away, Status.AWAY, TODAY - 9 * DAY, until=TODAY)
    advised, urgent, recheck = (due(session, date(2026, 10, 1)) for _ in range(3))
    visited(session, doctor, recheck, "2026-11-05", sbp=150, dbp=92)
    visited(session, doctor, urgent, "2026-11-10", sbp=186, dbp=92)
    visited(session, doctor, advised, "2026-10-20", sbp=150, dbp=92)
    visited(session, doctor, advised, "2026-11-04", sbp=150, dbp=92)
    rows = listed(session, scope)
    order = [urgent, advised, recheck, later, late, soon, away]
    assert [r.resident_id for r in rows] == [p.id for p in order]
    assert [r.contactable for r in rows] == [True] * 6 + [False]
    assert rows[-1].apart == task_list.Apart(Status.AWAY, TODAY)
    assert rows[0].urgent


def test_a_reported_death_and_a_stay_in_hospital_stand_apart_but_count(
    session: Session, scope: Scope
) -> None:
    dead, sick, back = (due(session, TODAY - 5 * DAY) for _ in range(3))
    session.add(
        StatusEvent(
            resident_id=dead.id, village_code=VILLAGE, status=Status.DEAD, on=TODAY - DAY, recorded_at=AT
        )
    )
    a_status(session, sick, Status.HOSPITALISED, TODAY - 2 * DAY)
    a_status(session, back, Status.AWAY, TODAY - 9 * DAY, until=TODAY - DAY)
    session.flush()
    page = task_list.page(session, task.ask(session, scope, TODAY, Wanted(view=View.OVERDUE)), 200)
    assert (page.size.total, page.size.persons, page.size.apart) == (3, 3, 2)
    assert {r.resident_id: r.apart and r.apart.status for r in page.rows} == {
        dead.id: Status.DEAD,
        sick.id: Status.HOSPITALISED,
        back.id: None,
    }


@pytest.mark.parametrize(
    ("day", "found"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 2), (date(2026, 12, 31), 2)]
)
def test_from_thirty_days_before_the_quarters_end_who_was_not_met_stands_on_the_list(
    session: Session, scope: Scope, doctor: Staff, day: date, found: int
) -> None:
    met, missed, called = (due(session, date(2026, 9, 20)) for _ in range(3))
    for person in (met, missed, called):
        visited(session, doctor, person, "2026-09-30", sbp=128, dbp=82)
    visited(session, doctor, met, "2026-11-02", sbp=128, dbp=82)
    visited(session, doctor, called, "2026-11-02", sbp=128, dbp=82, mode="phone")
    rows = listed(session, scope, day, view=View.QUARTER)
    assert len(rows) == found
    assert met.id not in {r.resident_id for r in rows}


def test_two_diseases_are_two_tasks_of_one_person(session: Session, scope: Scope) -> None:
    person = due(session, TODAY - DAY)
    a_condition(session, person, Disease.DIABETES, TODAY - 15 * DAY)
    page = task_list.page(session, task.ask(session, scope, TODAY, Wanted(view=View.OVERDUE)), 200)
    assert (page.size.total, page.size.persons, len(page.rows)) == (2, 1, 2)


def test_each_role_sees_its_own_places_and_names_as_it_may(session: Session, scope: Scope) -> None:
    own, neighbour = due(session, TODAY - DAY), due(session, TODAY - DAY, village=NEXT_VILLAGE)
    foreign = due(session, TODAY - DAY, village=FAR_VILLAGE)
    assert {r.resident_id for r in listed(session, scope)} == {own.id, neighbour.id}
    over = scope_of(session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY), TODAY)
    rows = {r.resident_id: r for r in listed(session, over)}
    assert set(rows) == {own.id, neighbour.id, foreign.id}
    assert "*" in rows[own.id].name
    assert own.name == next(r.name for r in listed(session, scope) if r.resident_id == own.id)
    blind = scope_of(session, a_member_of_staff(session, Role.SYSADMIN, region=COUNTY), TODAY)
    assert listed(session, blind) == []


def test_the_counts_are_the_lengths_of_the_lists(session: Session, scope: Scope, doctor: Staff) -> None:
    for days in (-100, -30, -7, -1, 0, 3, 7, 8, 60):
        due(session, TODAY + days * DAY)
    rechecked = due(session, TODAY - 20 * DAY)
    visited(session, doctor, rechecked, "2026-11-10", sbp=186, dbp=92)
    for day in (TODAY, date(2026, 12, 15)):
        counts = task.counts(session, task.ask(session, scope, day, Wanted()))
        assert counts == {
            v: task_list.page(session, task.ask(session, scope, day, Wanted(view=v)), 1).size.total
            for v in View
        }
        assert counts[View.DUE] >= counts[View.OVERDUE] > 0


def test_a_referral_stands_in_its_list_from_the_day_it_was_made(
    session: Session, scope: Scope, doctor: Staff
) -> None:
    person = due(session, TODAY - 3 * DAY)
    visited(session, doctor, person, TODAY.isoformat(), sbp=186, dbp=92)
    (row,) = listed(session, scope, view=View.URGENT)
    assert (row.resident_id, row.urgent, row.days_left) == (person.id, True, 14)
    assert listed(session, scope) == []


def test_the_filters_narrow_the_list(session: Session, scope: Scope, team: Team, doctor: Staff) -> None:
    first, second = due(session, TODAY - DAY), due(session, TODAY - 8 * DAY, village=NEXT_VILLAGE)
    sugar = due(session, TODAY - 35 * DAY, disease=Disease.DIABETES)
    ancient = due(session, TODAY - 95 * DAY)

    def found(**asked: str) -> set:
        return {r.resident_id for r in listed(session, scope, **vars_of(session, asked))}

    assert found(village=NEXT_VILLAGE) == {second.id}
    assert found(region=VILLAGE[:9]) == {first.id, second.id, sugar.id, ancient.id}
    assert found(region=FAR_VILLAGE[:9]) == set()
    assert found(disease="diabetes") == {sugar.id}
    assert found(bucket="1-6") == {first.id}
    assert found(bucket="7-29") == {second.id}
    assert found(bucket="30-89") == {sugar.id}
    assert found(bucket="90+") == {ancient.id}
    assert found(kind="two_week") == set()
    assert len(found(team=team.name)) == 4
    assert found(team="没有这个队") == set()
    assert found(doctor=str(uuid4())) == set()
    assert found(doctor=doctor.username) == {first.id, second.id, sugar.id, ancient.id}


def vars_of(session: Session, asked: dict[str, str]) -> dict:
    wanted = task_filter.read(session, asked)
    return {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}


@pytest.mark.parametrize(
    "asked", [{"disease": "flu"}, {"region": "x"}, {"bucket": "2"}, {"kind": "routin"}, {"view": "all"}]
)
def test_a_filter_that_cannot_be_is_refused(session: Session, app: object, asked: dict[str, str]) -> None:
    with pytest.raises(Refused):
        task_filter.read(session, asked)


@pytest.mark.parametrize("text", ["2026-13-01", "tomorrow", "9999-12-31", "0001-01-01", "20261101"])
def test_a_day_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        task_filter.day({"as_of": text}, TODAY)


def test_the_doctor_is_the_one_named_then_the_villages_then_the_teams_lead(
    session: Session, team: Team
) -> None:
    lead = a_member_of_staff(session, Role.TEAM_LEAD, team=team, region=COUNTY)
    scope = scope_of(session, lead, TODAY)
    person, other = due(session, TODAY - DAY), due(session, TODAY - DAY, village=NEXT_VILLAGE)
    assert {r.doctor for r in listed(session, scope)} == {lead.name}
    own = a_member_of_staff(session, team=team, region=VILLAGE)
    next_door = a_member_of_staff(session, team=team, region=NEXT_VILLAGE)
    doctors = {r.resident_id: r.doctor for r in listed(session, scope)}
    assert doctors == {person.id: own.name, other.id: next_door.name}
    actor = Actor(lead.id, lead.role)
    assert assignment.assign(session, scope, [person.id, uuid4()], next_door.id, TODAY, actor, AT) == 1
    assert assignment.assign(session, scope, [person.id], next_door.id, TODAY, actor, AT) == 0
    assert {r.doctor for r in listed(session, scope)} == {next_door.name}
    assert len(listed(session, scope, doctor_id=next_door.id)) == 2
    assert listed(session, scope, doctor_id=own.id) == []
    assert {r.team for r in listed(session, scope)} == {team.name}
    before = {r.resident_id: r.doctor for r in listed(session, scope, TODAY - DAY)}
    assert before[person.id] == own.name


def test_people_cannot_be_given_to_a_doctor_of_another_place(session: Session, scope: Scope) -> None:
    person = due(session, TODAY - DAY)
    far = a_member_of_staff(session, team=a_team(session, "二队", (FAR_VILLAGE,)), region=FAR_VILLAGE)
    with pytest.raises(NotFound):
        assignment.assign(session, scope, [person.id], far.id, TODAY, Actor(), AT)


def test_a_page_costs_the_same_statements_however_many_rows_it_has(
    session: Session, scope: Scope, doctor: Staff
) -> None:
    def statements() -> int:
        seen: list[str] = []

        def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", count)
        listed(session, scope)
        event.remove(session.get_bind(), "before_cursor_execute", count)
        return len(seen)

    visited(session, doctor, due(session, TODAY - DAY), "2026-11-21", sbp=150, dbp=90)
    due(session, TODAY - DAY)
    few = statements()
    for days in range(25):
        due(session, TODAY - days * DAY, village=(VILLAGE, NEXT_VILLAGE)[days % 2])
    assert statements() == few <= 10
