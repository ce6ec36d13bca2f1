"""Whatever several sessions change and whenever they commit, a phone ends with what a new one would fetch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.conftest import _empty
from tests.factories import (
    AT,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TODAY,
    VILLAGE,
    a_condition,
    a_contract,
    a_group,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)  # fmt: skip
from tests.services.test_sync import Phone
from tracker import database
from tracker.domain.roles import Role
from tracker.domain.terms import Status
from tracker.extensions import db
from tracker.models import (
    AttemptOutcome,
    ContactAttempt,
    Contract,
    Resident,
    ResidentPhone,
    Responsibility,
    Staff,
    Task,
    Team,
)
from tracker.models.sealed import blind_index
from tracker.services.audit import Actor
from tracker.services.resident import residence
from tracker.services.sender import Sender
from tracker.services.sync import change as sync_change
from tracker.services.visit import submission
from tracker.words.problems import texts

VILLAGES = st.sampled_from([VILLAGE, NEXT_VILLAGE, FAR_VILLAGE])
WRITERS = 2
some = st.integers(0, 50)
days = st.integers(0, 300).map(lambda n: date(2026, 1, 6) + timedelta(days=n))


class Syncing(RuleBasedStateMachine):
    """PostgreSQL: two writers whose transactions are open at once. SQLite: they take turns."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Session(db.engine)
        self.writers = [Session(db.engine) for _ in range(WRITERS)]
        self.sqlite = db.engine.dialect.name == "sqlite"
        self.held: dict[UUID, int] = {}
        self.today = TODAY
        self.tries = 0

    @initialize()
    def a_county(self) -> None:
        writer = self.writers[0]
        database.begin_write(writer)
        team = a_team(writer, villages=(VILLAGE,))
        other = a_team(writer, "二队", (NEXT_VILLAGE, FAR_VILLAGE))
        doctor = a_member_of_staff(writer, team=team)
        lead = a_member_of_staff(writer, Role.TEAM_LEAD, team=other, region=NEXT_VILLAGE)
        self.teams, self.staff = [team.id, other.id], [doctor.id, lead.id]
        places = (VILLAGE, VILLAGE, NEXT_VILLAGE, FAR_VILLAGE)
        self.people = [a_resident(writer, village=place).id for place in places]
        for key in self.people:
            a_condition(writer, writer.get_one(Resident, key))
        writer.commit()
        self.phones = [Phone(self.reading.get_one(Staff, key)) for key in self.staff]
        self.reading.commit()

    def write(self, who: int, whom: int, act: Callable[[Session, Resident], Any], *, commit: bool) -> None:
        """A writer leaves alone whom the other one holds, as it would have to wait."""
        number, key = who % WRITERS, self.people[whom % len(self.people)]
        writer = self.writers[number]
        if self.held.get(key, number) != number:
            return
        if self.sqlite:
            self.commit(1 - number)
        if not writer.in_transaction():
            database.begin_write(writer)
        person = writer.get(Resident, key)
        if person is not None:
            act(writer, person)
            writer.flush()
            self.held[key] = number
        if commit:
            self.commit(number)

    def commit(self, number: int) -> None:
        self.writers[number].commit()
        self.held = {key: holder for key, holder in self.held.items() if holder != number}

    @rule(who=some, whom=some, day=days, sbp=st.sampled_from([128, 152, 182]), commit=st.booleans())
    def visit(self, who: int, whom: int, day: date, sbp: int, commit: bool) -> None:
        def act(writer: Session, person: Resident) -> None:
            body = a_visit_body(person.id, str(day), "hypertension", sbp=sbp, dbp=90)
            staff = writer.get_one(Staff, self.staff[0])
            submission.submit(writer, Sender(staff, Actor(staff.id, staff.role), AT), [body], texts)

        self.write(who, whom, act, commit=commit)

    @rule(who=some, whom=some, village=VILLAGES, commit=st.booleans())
    def move(self, who: int, whom: int, village: str, commit: bool) -> None:
        def act(writer: Session, person: Resident) -> None:
            staff = writer.get_one(Staff, self.staff[1])
            sender = Sender(staff, Actor(staff.id, staff.role), AT)
            if person.village_code != village:
                residence.move(writer, sender, person, village, TODAY)

        self.write(who, whom, act, commit=commit)

    @rule(who=some, whom=some, team=some, ago=st.sampled_from([0, 30, 364, 365]), commit=st.booleans())
    def sign(self, who: int, whom: int, team: int, ago: int, commit: bool) -> None:
        def act(writer: Session, person: Resident) -> None:
            signed = select(func.count()).select_from(Contract).where(Contract.resident_id == person.id)
            if not writer.scalar(signed):
                own = writer.get_one(Team, self.teams[team % 2])
                a_contract(writer, person, own, TODAY - timedelta(days=ago))

        self.write(who, whom, act, commit=commit)

    @rule(who=some, whom=some, commit=st.booleans())
    def take_the_contract_back(self, who: int, whom: int, commit: bool) -> None:
        def act(writer: Session, person: Resident) -> None:
            writer.execute(delete(Contract).where(Contract.resident_id == person.id))

        self.write(who, whom, act, commit=commit)

    @rule(who=some, whom=some, kind=st.integers(0, 8), commit=st.booleans())
    def change(self, who: int, whom: int, kind: int, commit: bool) -> None:
        self.write(who, whom, lambda writer, person: CHANGES[kind](self, writer, person), commit=commit)

    @rule(who=some, village=VILLAGES)
    def register(self, who: int, village: str) -> None:
        def act(writer: Session, _person: Resident) -> None:
            self.people.append(a_resident(writer, village=village).id)
            self.held[self.people[-1]] = who % WRITERS

        self.write(who, 0, act, commit=False)

    @rule(who=some)
    def commits(self, who: int) -> None:
        self.commit(who % WRITERS)

    @rule(phone=some, limit=st.sampled_from([1, 2, 500]))
    def fetch(self, phone: int, limit: int) -> None:
        """One page, or as many as there are; a writer may come between two of them."""
        self.phones[phone % 2].page(self.reading, limit)
        self.reading.commit()

    @rule(days=st.integers(1, 3))
    def tomorrow(self, days: int) -> None:
        self.today += timedelta(days=days)
        for phone in self.phones:
            phone.today = self.today

    @rule()
    def restore(self) -> None:
        for number in range(WRITERS):
            self.commit(number)
        database.begin_write(self.writers[0])
        sync_change.begin_anew(self.writers[0])
        self.commit(0)

    @invariant()
    def nobody_was_named_who_was_never_seen(self) -> None:
        for phone in getattr(self, "phones", []):
            for page in phone.pages:
                assert all(key in phone.met for key in page.removed)

    def teardown(self) -> None:
        try:
            self.compare()
        finally:
            for session in (self.reading, *self.writers):
                session.close()
            _empty()

    def compare(self) -> None:
        for number in range(WRITERS):
            self.commit(number)
        self.reading.commit()
        for phone in getattr(self, "phones", []):
            phone.sync(self.reading, 2)
            fresh = Phone(phone.staff, self.today)
            fresh.sync(self.reading)
            assert differences(phone, fresh) == []


def differences(phone: Phone, fresh: Phone) -> list[tuple[Any, ...]]:
    """Short enough to be read in a failure."""
    everybody = sorted(phone.people.keys() | fresh.people.keys())
    pairs = [(key, phone.people.get(key, {}), fresh.people.get(key, {})) for key in everybody]
    return [
        (key, name, kept.get(name), new.get(name))
        for key, kept, new in pairs
        for name in sorted(kept.keys() | new.keys())
        if kept.get(name) != new.get(name)
    ]


def rename(machine: Syncing, _writer: Session, person: Resident) -> None:
    person.name, person.allergies = f"王{len(machine.people)}红", "青霉素"


def readdress(machine: Syncing, _writer: Session, person: Resident) -> None:
    person.address = f"{len(machine.people)}组8号"


def name_a_doctor(machine: Syncing, writer: Session, person: Resident) -> None:
    writer.add(
        Responsibility(
            resident_id=person.id, village_code=person.village_code, staff_id=machine.staff[0],
            from_on=machine.today, to_on=machine.today + timedelta(days=1),
        )
    )  # fmt: skip


def call_away(_machine: Syncing, writer: Session, person: Resident) -> None:
    a_status(writer, person, Status.AWAY, TODAY, until=TODAY + timedelta(days=2))


def expect(_machine: Syncing, writer: Session, person: Resident) -> None:
    a_group(writer, person, "PRG", TODAY - timedelta(days=200), TODAY + timedelta(days=1))


def give_a_phone(_machine: Syncing, writer: Session, person: Resident) -> None:
    key = blind_index("resident_phone.number", "13900000000")
    writer.add(
        ResidentPhone(
            resident_id=person.id, village_code=person.village_code, number="13900000000", number_key=key,
            tail_key=key,
        )
    )  # fmt: skip


def put_a_task_off(_machine: Syncing, writer: Session, person: Resident) -> None:
    writer.execute(update(Task).where(Task.resident_id == person.id).values(due_on=TODAY + timedelta(days=9)))


def try_to_reach(machine: Syncing, writer: Session, person: Resident) -> None:
    """Each try is a minute after the one before: of two in one moment neither is the last."""
    machine.tries += 1
    staff = writer.get_one(Staff, machine.staff[machine.tries % 2])
    outcome = list(AttemptOutcome)[machine.tries % 5]
    writer.add(
        ContactAttempt(
            resident_id=person.id, village_code=person.village_code, staff_id=staff.id, recorded_at=AT,
            attempted_at=AT + timedelta(minutes=machine.tries), outcome=outcome, until=machine.today,
        )
    )  # fmt: skip


def forget_the_tries(_machine: Syncing, writer: Session, person: Resident) -> None:
    writer.execute(delete(ContactAttempt).where(ContactAttempt.resident_id == person.id))


CHANGES = (
    rename, readdress, name_a_doctor, call_away, expect, give_a_phone, put_a_task_off, try_to_reach,
    forget_the_tries,
)  # fmt: skip


def test_a_phone_ends_with_what_a_new_one_would_fetch(app: Flask) -> None:
    _empty()
    run_state_machine_as_test(
        Syncing,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # making a failure small takes minutes here
            suppress_health_check=list(HealthCheck),
        ),
    )
