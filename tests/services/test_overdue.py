"""The nightly scan: each overdue task once, told ever higher, resolved when done; both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    TODAY,
    TOWN,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
)
from tests.statements import statements
from tracker.domain.contract import ContractKind, Evidence
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.models import Alert, AlertKind, Contract, Episode, Resident, StatusEvent, Task, Team
from tracker.services import alert
from tracker.services.contract import expiry
from tracker.services.task import escalation, overdue, task
from tracker.services.workforce.scope import scope_of

DAY = timedelta(days=1)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


def overdue_by(session: Session, days: int, village: str = VILLAGE) -> Resident:
    resident = a_resident(session, village=village)
    a_condition(session, resident, enrolled_on=TODAY - (14 + days) * DAY)
    return resident


def told(session: Session, **also: object) -> Counter[tuple[str, int]]:
    """Unresolved messages by reader and step."""
    found = session.scalars(select(Alert).where(Alert.resolved_at.is_(None)).filter_by(**also))
    return Counter((a.role.value, a.params["days"]) for a in found)


def test_each_overdue_task_is_recorded_once(session: Session, team: Team) -> None:
    for days in (-3, 0, 1, 5, 40):
        overdue_by(session, days)
    first = overdue.scan(session, TODAY, AT)
    assert first == {"job": "overdue-scan", "as_of": "2026-11-22", "found": 3, "new": 3}
    before = session.scalar(select(func.count()).select_from(Alert))
    assert overdue.scan(session, TODAY, AT) == first | {"new": 0}
    assert session.scalar(select(func.count()).select_from(Alert)) == before
    tomorrow = overdue.scan(session, TODAY + DAY, AT)
    assert (tomorrow["found"], tomorrow["new"]) == (4, 1)
    assert overdue.scan(session, TODAY - 10 * DAY, AT)["found"] == 1


def test_the_scan_finds_what_the_lists_show(session: Session, team: Team) -> None:
    for days in (1, 2, 9, 95):
        overdue_by(session, days)
    over = scope_of(session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY), TODAY)
    for day in (TODAY, TODAY - 5 * DAY, TODAY + 3 * DAY):
        listed = task.size(session, task.ask(session, over, day, task.Wanted(view=task.View.OVERDUE)))
        assert overdue.scan(session, day, AT)["found"] == listed.total


def test_the_longer_it_lasts_the_more_people_are_told(session: Session, team: Team) -> None:
    person = overdue_by(session, 0)
    steps = {}
    for days in (0, 1, 6, 7, 29, 30, 89, 90):
        overdue.scan(session, TODAY + days * DAY, AT)
        steps[days] = told(session)
    doctor, lead, town = "village_doctor", "team_lead", "township_admin"
    assert steps[0] == Counter()
    assert steps[1] == steps[6] == Counter({(doctor, 1): 1})
    assert steps[7] == steps[29] == Counter({(doctor, 7): 1, (lead, 7): 1})
    assert steps[30] == steps[89] == Counter({(doctor, 7): 1, (lead, 30): 1, (town, 30): 1})
    assert steps[90] == steps[89] + Counter({("commission", 90): 1})
    raised = session.scalars(select(Alert).where(Alert.role == Role.VILLAGE_DOCTOR)).first()
    assert raised is not None
    assert (raised.team_id, raised.region_code, raised.resident_id) == (team.id, VILLAGE, person.id)
    summary = session.scalars(select(Alert).where(Alert.role == Role.COMMISSION)).one()
    assert (summary.region_code, summary.params) == (TOWN, {"days": 90, "count": 1})


def test_who_is_found_late_is_told_to_all_at_once_but_once_each(session: Session, team: Team) -> None:
    overdue_by(session, 100)
    overdue.scan(session, TODAY, AT)
    assert told(session) == Counter(
        {("village_doctor", 7): 1, ("team_lead", 30): 1, ("township_admin", 30): 1, ("commission", 90): 1}
    )


def test_who_is_away_or_reported_dead_is_recorded_and_not_pressed(session: Session, team: Team) -> None:
    away, dead = overdue_by(session, 8), overdue_by(session, 8)
    a_status(session, away, Status.AWAY, TODAY - 3 * DAY, until=TODAY + 3 * DAY)
    session.add(
        StatusEvent(resident_id=dead.id, village_code=VILLAGE, status=Status.DEAD, on=TODAY, recorded_at=AT)
    )
    session.flush()
    assert overdue.scan(session, TODAY, AT)["new"] == 2
    assert told(session) == Counter()
    overdue.scan(session, TODAY + 4 * DAY, AT)
    assert told(session, resident_id=away.id) == Counter({("village_doctor", 7): 1, ("team_lead", 7): 1})
    assert told(session, resident_id=dead.id) == Counter()


def test_those_apart_are_the_same_whether_asked_for_each_task_or_for_the_county(
    session: Session, team: Team
) -> None:
    people = [overdue_by(session, 8) for _ in range(6)]
    away, hospital, over, register, dead, _ = people
    a_status(session, away, Status.AWAY, TODAY - 3 * DAY, until=TODAY + 3 * DAY)
    a_status(session, hospital, Status.HOSPITALISED, TODAY - 3 * DAY)
    a_status(session, over, Status.AWAY, TODAY - 5 * DAY, until=TODAY - 2 * DAY)
    a_status(session, register, Status.AWAY, TODAY - DAY, disease=Disease.HYPERTENSION)
    session.add(
        StatusEvent(resident_id=dead.id, village_code=VILLAGE, status=Status.DEAD, on=TODAY, recorded_at=AT)
    )
    session.flush()
    asked = escalation.asked(TODAY, AT)
    each = session.scalars(select(Task.resident_id).where(task.apart(TODAY)))
    county = session.scalars(select(Task.resident_id).where(escalation.absent()), asked)
    assert set(each) == set(county) == {away.id, hospital.id, register.id, dead.id}


def test_a_message_is_done_with_when_its_task_has_ended(session: Session, team: Team) -> None:
    person = overdue_by(session, 3)
    overdue.scan(session, TODAY, AT)
    assert told(session)
    a_status(session, person, Status.DEAD, TODAY)
    assert session.scalars(select(Task)).one().ended_on == TODAY
    overdue.scan(session, TODAY + DAY, AT)
    assert told(session) == Counter()
    assert session.scalars(select(Episode)).one().resident_id == person.id


def test_a_task_that_is_overdue_again_is_told_of_at_its_next_step_and_ends_again(
    session: Session, team: Team
) -> None:
    overdue_by(session, 3)
    open_task = session.scalars(select(Task)).one()
    overdue.scan(session, TODAY, AT)
    for ended_on, day, expected in (
        (TODAY, TODAY, {}),
        (None, TODAY + DAY, {}),
        (None, TODAY + 5 * DAY, {("village_doctor", 7): 1, ("team_lead", 7): 1}),
        (TODAY, TODAY + 6 * DAY, {}),
    ):
        open_task.ended_on = ended_on
        overdue.scan(session, day, AT)
        session.expire_all()
        assert told(session) == Counter(expected)
    episode = session.scalars(select(Episode)).one()
    assert (episode.level, episode.resolved_at) == (7, AT)


def test_a_night_without_news_only_looks(session: Session, team: Team) -> None:
    for days in (1, 8, 40, 100):
        overdue_by(session, days)
    overdue.scan(session, TODAY, AT)
    with statements(session) as run:
        overdue.scan(session, TODAY, AT)
    assert [statement.split()[0] for statement in run] == ["SELECT", "SELECT", "SELECT"]


def test_messages_are_read_in_scope_and_from_below(session: Session, team: Team) -> None:
    far_team = a_team(session, "二队", (FAR_VILLAGE,))
    near, far = overdue_by(session, 8), overdue_by(session, 2, FAR_VILLAGE)
    overdue.scan(session, TODAY, AT)

    def read(role: Role, *, team: Team | None = None, region: str = COUNTY, mine: bool = False) -> list:
        staff = a_member_of_staff(session, role, team=team, region=region)
        rows, total = alert.listing(session, scope_of(session, staff, TODAY), mine=mine, limit=50)
        assert total == len(rows)
        return rows

    (own,) = read(Role.VILLAGE_DOCTOR, team=team)
    assert (own.resident_id, own.name, own.team, own.due) == (near.id, near.name, "一队", TODAY - 8 * DAY)
    assert {r.role for r in read(Role.TEAM_LEAD, team=team)} == {Role.VILLAGE_DOCTOR, Role.TEAM_LEAD}
    assert {r.role for r in read(Role.TEAM_LEAD, team=team, mine=True)} == {Role.TEAM_LEAD}
    assert [r.resident_id for r in read(Role.VILLAGE_DOCTOR, team=far_team)] == [far.id]
    everything = read(Role.COMMISSION)
    assert len(everything) == 3
    assert all("*" in str(r.name) for r in everything)
    assert len(read(Role.AUDITOR)) == 3
    assert read(Role.SYSADMIN) == []
    assert len(read(Role.TOWNSHIP_ADMIN, region=TOWN)) == 2


def a_contract(session: Session, team: Team, end: date, *, resident: Resident | None = None) -> Contract:
    person = resident or a_resident(session)
    start = end.replace(year=end.year - 1) + DAY
    contract = Contract(
        number=f"N{person.id.hex[:8]}{end:%Y%m%d}",
        resident_id=person.id,
        village_code=VILLAGE,
        village_code_at=VILLAGE,
        team_id=team.id,
        kind=ContractKind.FIRST,
        years=1,
        signed_on=start,
        start_on=start,
        end_on=end,
        occupied_until=end,
        evidence=Evidence.PAPER,
        created_at=AT,
    )
    session.add(contract)
    session.flush()
    return contract


@pytest.mark.parametrize(
    ("left", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_a_contract_is_announced_sixty_thirty_and_seven_days_before_its_end(
    session: Session, team: Team, left: int, step: int | None
) -> None:
    a_contract(session, team, TODAY + left * DAY)
    expected = {} if step is None else {("village_doctor", step): 1, ("team_lead", step): 1}
    assert expiry.scan(session, TODAY, AT)["new"] == len(expected)
    assert told(session) == expected
    assert expiry.scan(session, TODAY, AT)["new"] == 0


def test_a_renewed_or_ended_contract_is_announced_no_more(session: Session, team: Team) -> None:
    renewed, ended = (a_contract(session, team, TODAY + 20 * DAY) for _ in range(2))
    expiry.scan(session, TODAY - 30 * DAY, AT)
    expiry.scan(session, TODAY, AT)
    assert told(session, kind=AlertKind.CONTRACT_EXPIRY) == Counter(
        {("village_doctor", 30): 2, ("team_lead", 30): 2}
    )
    person = session.get_one(Resident, renewed.resident_id)
    a_contract(session, team, date(2027, 12, 12), resident=person)
    ended.terminated_on = ended.occupied_until = TODAY
    session.flush()
    expiry.scan(session, TODAY, AT)
    assert told(session) == Counter()
