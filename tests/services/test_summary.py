"""Summaries by village say what a full count says, whatever has changed since; both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TOWN,
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
from tests.services.test_indicator_oracle import a_random_county
from tests.statements import statements
from tracker.domain.indicator import Key
from tracker.domain.terms import Disease, Status
from tracker.jobs.summary import fold
from tracker.models import (
    Condition,
    Contract,
    Judgement,
    Resident,
    ResidentGroup,
    Summary,
    SummaryState,
    Target,
    Task,
    Team,
    Touched,
)
from tracker.services import summary
from tracker.services.audit import Actor
from tracker.services.indicator import figures
from tracker.services.indicator.kept import FEEDS, day_kept, kept_for, last_year, this_year
from tracker.services.indicator.overview import months
from tracker.services.resident import residence
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.words.problems import texts

DAY = date(2025, 12, 20)
CODES = [COUNTY, TOWN, VILLAGE, NEXT_VILLAGE, FAR_VILLAGE]
PERIODS = [this_year(DAY), last_year(DAY)]


def shown(session: Session) -> list[Any]:
    """Everything that the summaries are used for, as plain numbers."""
    found = [astuple(figure) for period in PERIODS for figure in figures(session, CODES, period)]
    for code in (COUNTY, TOWN, VILLAGE):
        found += months(session, code, DAY, kept_for(session, code, DAY))
    return found


def counted_in_full(session: Session) -> list[Any]:
    session.flush()
    with session.begin_nested() as step:
        session.execute(update(SummaryState).values(day=None))
        assert kept_for(session, COUNTY, DAY) is None
        found = shown(session)
        step.rollback()
    return found


def some(session: Session, dice: Random, model: Any) -> Any:
    return dice.choice(session.scalars(select(model).order_by(model.id)).all())


def a_visit(session: Session, dice: Random, sender: Sender) -> None:
    condition = some(session, dice, Condition)
    day = DAY - timedelta(days=dice.randrange(300))
    body = a_visit_body(condition.resident_id, day.isoformat(), Disease(condition.disease))
    submission.submit(session, sender, [body | {"sbp": dice.choice([128, 170]), "dbp": 80}], texts)


def a_move(session: Session, dice: Random, sender: Sender) -> None:
    person = some(session, dice, Resident)
    on = dice.choice([person.birth_date, DAY - timedelta(days=400), DAY, DAY + timedelta(days=30)])
    residence.move(session, sender, person, dice.choice(CODES[2:]), on)


def a_new_status(session: Session, dice: Random, _sender: Sender) -> None:
    status = dice.choice([Status.DEAD, Status.MOVED_OUT, Status.LOST])
    a_status(session, some(session, dice, Resident), status, DAY - timedelta(days=dice.randrange(60)))


def a_newcomer(session: Session, dice: Random, _sender: Sender) -> None:
    person = a_resident(session, village=dice.choice(CODES[2:]), birth=date(1950, 1, 1))
    a_condition(session, person, enrolled_on=DAY - timedelta(days=200))
    a_contract(session, person, session.scalars(select(Team)).first(), date(2025, 5, 1))
    a_group(session, person, "LOW", date(2025, 1, 1))
    a_checkup(session, person, date(2024, 7, 1))


def an_end(session: Session, dice: Random, _sender: Sender) -> None:
    ended = some(session, dice, Contract)
    ended.terminated_on = ended.occupied_until = max(ended.start_on, min(ended.end_on, DAY))


def another_birth_date(session: Session, dice: Random, _sender: Sender) -> None:
    some(session, dice, Resident).birth_date = dice.choice([date(1950, 1, 1), date(2000, 1, 1)])


def another_enrolment(session: Session, dice: Random, _sender: Sender) -> None:
    some(session, dice, Condition).enrolled_on = DAY - timedelta(days=dice.choice([20, 400]))


def rows_gone(session: Session, dice: Random, _sender: Sender) -> None:
    session.execute(delete(Task).where(Task.id == some(session, dice, Task).id))
    session.execute(delete(Judgement).where(Judgement.visit_id == session.scalar(select(Judgement.visit_id))))
    session.execute(delete(ResidentGroup).where(ResidentGroup.id == session.scalar(select(ResidentGroup.id))))


CHANGES: tuple[Callable[[Session, Random, Sender], None], ...] = (
    a_visit, a_move, a_new_status, a_newcomer, an_end, another_birth_date, another_enrolment, rows_gone,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_after_any_change_the_figures_are_those_of_a_full_count(session: Session, seed: int) -> None:
    dice = Random(seed)
    a_random_county(session, dice)
    session.add(Target(region_code=COUNTY, year=DAY.year, indicator=str(Key.CONTRACT), percent=90))
    fold(session, DAY, AT)
    assert shown(session) == counted_in_full(session)
    doctor = a_member_of_staff(session, team=session.scalars(select(Team)).first())
    sender = Sender(doctor, Actor(doctor.id, doctor.role), AT)
    for change in (*CHANGES, *dice.choices(CHANGES, k=3)):
        change(session, dice, sender)
        assert shown(session) == counted_in_full(session), change.__name__
        if dice.random() < 0.4:
            result = fold(session, DAY, AT)
            assert result["villages"] < len(CODES)
            assert session.scalars(select(Touched)).all() == []
            assert shown(session) == counted_in_full(session), f"stored after {change.__name__}"


def a_county_of_two(session: Session) -> Resident:
    team = a_team(session, villages=(VILLAGE, NEXT_VILLAGE))
    for village in (VILLAGE, NEXT_VILLAGE):
        person = a_resident(session, village=village)
        a_contract(session, person, team, date(2025, 5, 1))
    fold(session, DAY, AT)
    return person


def signed(session: Session, at_most: int | None = None) -> int:
    given = kept_for(session, COUNTY, DAY, at_most)
    return figures(session, [COUNTY], this_year(DAY), [Key.CONTRACT], given)[0].numerator


def test_where_too_many_villages_have_changed_the_figures_stand_and_say_of_when(session: Session) -> None:
    person = a_county_of_two(session)
    a_status(session, person, Status.DEAD, DAY)
    assert (signed(session, at_most=1), signed(session, at_most=0)) == (1, 2)
    late, fresh = kept_for(session, COUNTY, DAY, 0), kept_for(session, COUNTY, DAY, 1)
    assert late is not None
    assert fresh is not None
    assert (late.as_of, fresh.as_of) == (AT, None)
    elsewhere = kept_for(session, VILLAGE, DAY, 0)
    assert elsewhere is not None
    assert elsewhere.as_of is None


def test_what_is_written_while_somebody_counts_is_counted_the_next_time(session: Session) -> None:
    person = a_county_of_two(session)
    a_status(session, person, Status.DEAD, DAY)
    taken = summary.take(session, DAY)
    rows = summary.counted(session, taken, DAY)
    other = a_resident(session, village=NEXT_VILLAGE)
    a_contract(session, other, session.scalars(select(Team)).one(), date(2025, 6, 1))
    assert summary.store(session, taken, rows, DAY, AT)
    assert {note.village_code for note in session.scalars(select(Touched))} == {NEXT_VILLAGE}
    assert (signed(session, at_most=0), signed(session)) == (1, 2)


def test_of_two_who_count_the_one_that_began_last_stores(session: Session) -> None:
    person = a_county_of_two(session)
    first = summary.take(session, DAY)
    rows = summary.counted(session, first, DAY)
    a_status(session, person, Status.DEAD, DAY)
    second = summary.take(session, DAY)
    assert not summary.store(session, first, rows, DAY, AT)
    assert summary.store(session, second, summary.counted(session, second, DAY), DAY, AT)
    assert signed(session, at_most=0) == signed(session) == 1


def test_a_new_day_is_counted_in_full_and_until_then_the_day_before_is_shown(session: Session) -> None:
    a_county_of_two(session)
    tomorrow = DAY + timedelta(days=1)
    assert day_kept(session, tomorrow) == DAY
    assert day_kept(session, DAY + timedelta(days=2)) == DAY + timedelta(days=2)
    assert kept_for(session, COUNTY, tomorrow) is None
    assert fold(session, tomorrow, AT)["villages"] == 2
    assert day_kept(session, tomorrow) == tomorrow
    assert kept_for(session, COUNTY, DAY) is None


def test_summaries_of_another_policy_do_not_count(session: Session) -> None:
    a_county_of_two(session)
    session.execute(update(SummaryState).values(policy_id="another"))
    assert kept_for(session, COUNTY, DAY) is None


def test_the_whole_county_is_two_statements_an_indicator_and_no_table_of_people(session: Session) -> None:
    a_county_of_two(session)
    with statements(session) as run:
        figures(session, CODES, this_year(DAY))
    assert len(run) <= 2 + len(Key) + 2
    assert not any(f"FROM {table}" in sql for sql in run for table in ("contract", "resident ", "condition"))
    assert session.scalar(select(Summary.numerator).where(Summary.key == Key.CONTRACT).limit(1)) == 1


def test_every_table_that_is_counted_notes_what_changes(session: Session) -> None:
    """A table that is copied by a later migration would lose its triggers."""
    if session.get_bind().dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    there = set(session.scalars(text(query)))
    tables = set().union(*FEEDS.values())
    assert {
        f"{table}_touched_{event}" for table in tables for event in ("insert", "update", "delete")
    } <= there
