"""The download of a phone: everybody once, then who changed, never one of another doctor's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

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
from tests.statements import statements
from tracker.domain.policy import load
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Status
from tracker.extensions import db
from tracker.models import Resident, Responsibility, Staff, SyncState, Team
from tracker.schemas.attempt import AttemptIn
from tracker.services.audit import Actor
from tracker.services.resident import attempt, residence
from tracker.services.sender import Sender
from tracker.services.sync import change as sync_change
from tracker.services.sync import sync
from tracker.services.visit import submission
from tracker.services.workforce import scope
from tracker.words.problems import texts


class Phone:
    """What a phone does with the pages it gets."""

    def __init__(self, staff: Staff, today: date = TODAY) -> None:
        self.staff, self.today, self.cursor = staff, today, ""
        self.people: dict[str, dict[str, Any]] = {}
        self.pages: list[sync.Page] = []
        self.met: set[str] = set()
        """Everybody who ever came."""

    def page(self, session: Session, limit: int = 500) -> sync.Page:
        own = scope.scope_of(session, self.staff, self.today)
        page = sync.page(session, own, self.cursor, load(), self.today, limit)
        if page.whole:
            self.people = {}
        for key in page.removed:
            self.people.pop(key, None)
        self.people |= {person["id"]: person for person in page.people}
        self.met |= set(self.people)
        self.cursor = page.cursor
        self.pages.append(page)
        return page

    def sync(self, session: Session, limit: int = 500) -> list[sync.Page]:
        """Page by page, each in a transaction of its own."""
        self.pages = []
        while self.page(session, limit).more:
            session.commit()
        session.commit()
        return self.pages

    def ids(self) -> set[UUID]:
        return {UUID(key) for key in self.people}


def a_doctor(session: Session, team: Team | None = None) -> Staff:
    return a_member_of_staff(session, team=team or a_team(session, villages=(VILLAGE,)))


def visit(session: Session, staff: Staff, person: Resident, day: str, **more: Any) -> None:
    sender = Sender(staff, Actor(staff.id, staff.role), AT)
    body = a_visit_body(person.id, day, "hypertension", **more)
    (answer,) = submission.submit(session, sender, [body], texts)
    assert answer["status"] == "accepted", answer


def test_the_first_time_everybody_comes_page_by_page_and_afterwards_nobody(session: Session) -> None:
    phone = Phone(a_doctor(session))
    people = {a_resident(session).id for _ in range(7)}
    foreign = a_resident(session, village=FAR_VILLAGE)
    session.commit()
    pages = phone.sync(session, limit=3)
    assert not any(page.restored for page in pages)
    assert [len(page.people) for page in pages[:3]] == [3, 3, 1]
    assert [page.whole for page in pages[:3]] == [True, False, False]
    assert phone.ids() == people
    assert foreign.id not in phone.ids()
    (idle,) = phone.sync(session)
    assert (idle.people, idle.removed, idle.whole, idle.more) == ([], [], False, False)


def test_a_person_comes_with_what_a_visit_needs_and_nothing_to_identify_by(session: Session) -> None:
    team = a_team(session, villages=(VILLAGE,))
    doctor = a_doctor(session, team)
    person = a_resident(session, name="张秀英", birth=date(1950, 3, 1))
    person.allergies, person.address = "青霉素", "东头第3村民组12号"
    a_condition(session, person)
    a_contract(session, person, team, date(2026, 3, 1))
    drugs = [{"name": "氨氯地平片", "times": 1, "dose": 5, "unit": "mg"}]
    visit(
        session, doctor, person, "2026-11-02", sbp=152, dbp=94, weight_kg=61.5, smoking_per_day=0,
        note="不外传", hypertension={"drugs": drugs, "adherence": 2},
    )  # fmt: skip
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    (got,) = phone.people.values()
    state = got["conditions"][0].pop("state")
    assert got == {
        "id": str(person.id), "name": "张*英", "initials": "zy", "sex": "male", "birth_date": "1950-03-01",
        "village_code": VILLAGE, "village": "东村委会", "village_group": "第3村民组", "allergies": "青霉素",
        "contract": {"team": "一队", "end_on": "2027-02-28"}, "groups": ["ELD", "HTN"],
        "seen_on": "2026-11-02",
        "readings": [{"visit_date": "2026-11-02", "sbp": 152, "dbp": 94}],
        "last": {
            "sbp": 152, "dbp": 94, "weight_kg": 61.5, "smoking_per_day": 0, "hypertension.adherence": 2,
        },
        "conditions": [
            {
                "disease": "hypertension", "enrolled_on": "2026-01-05", "status": "active",
                "drugs": [{"name": "氨氯地平片", "times": 1, "dose": 5, "unit": "mg"}],
            }
        ],
        "mine": True,
    }  # fmt: skip
    assert (state["unsat_streak"], state["adr_streak"]) == (1, 0)
    assert (state["last_met"], state["last_evaluated"]) == ("2026-11-02", "2026-11-02")
    assert state["tasks"] == [
        {"kind": "two_week", "chain": True, "due_on": "2026-11-16", "opened_on": "2026-11-02"}
    ]


def test_who_is_on_no_register_has_the_first_line_alone(session: Session) -> None:
    phone, person = Phone(a_doctor(session)), a_resident(session)
    person.allergies = "青霉素"
    session.commit()
    phone.sync(session)
    first = {"id", "name", "initials", "sex", "birth_date", "village_code", "village"}
    assert set(phone.people[str(person.id)]) == first
    a_contract(session, person, session.scalars(db.select(Team)).one(), date(2026, 3, 1))
    session.commit()
    phone.sync(session)
    assert set(phone.people[str(person.id)]) == first | {"contract"}


def test_the_contract_to_renew_is_told_until_another_follows(session: Session) -> None:
    team = a_team(session, villages=(VILLAGE,))
    phone, person = Phone(a_doctor(session, team)), a_resident(session)
    a_contract(session, person, team, TODAY - timedelta(days=365))
    session.commit()
    phone.sync(session)
    told = {"team": "一队", "end_on": str(TODAY - timedelta(days=1)), "status": "expired"}
    assert phone.people[str(person.id)]["contract"] == told
    phone.today = TODAY - timedelta(days=1)  # the day before, and one that follows has been signed
    a_contract(session, person, team, TODAY + timedelta(days=2))
    session.commit()
    phone.sync(session)
    told = {"team": "一队", "end_on": told["end_on"], "follows_on": str(TODAY + timedelta(days=2))}
    assert phone.people[str(person.id)]["contract"] == told
    phone.today = TODAY
    phone.sync(session)
    shown = phone.people[str(person.id)]["contract"]
    assert (shown["status"], shown["start_on"]) == ("scheduled", told["follows_on"])


def an_attempt(
    session: Session, staff: Staff, person: Resident, at: datetime, outcome: str, **more: Any
) -> None:
    sender = Sender(staff, Actor(staff.id, staff.role), AT)
    given = AttemptIn.model_validate({"attempted_at": at, "outcome": outcome, **more})
    attempt.record(session, sender, person.id, given)


def test_what_another_heard_on_the_telephone_comes_with_their_name(session: Session) -> None:
    team = a_team(session, villages=(VILLAGE,))
    phone, person = Phone(a_doctor(session, team)), a_resident(session)
    lead = a_member_of_staff(session, Role.TEAM_LEAD, team=team)
    lead.name = "李夏水"
    a_condition(session, person)
    session.commit()
    phone.sync(session)
    for days, outcome in ((1, "will_come"), (2, "unreachable")):  # the later one was written down first
        until = {"until": str(TODAY + timedelta(days=5))} if days == 1 else {}
        an_attempt(session, lead, person, AT - timedelta(days=days), outcome, **until)
    session.commit()
    (page,) = phone.sync(session)
    assert [p["id"] for p in page.people] == [str(person.id)]
    contact = phone.people[str(person.id)]["contact"]
    assert datetime.fromisoformat(contact.pop("attempted_at")) == AT - timedelta(days=1)
    until = str(TODAY + timedelta(days=5))
    assert contact == {"outcome": "will_come", "until": until, "by": "李夏水"}
    lead.name = "李改名"
    session.commit()
    phone.sync(session)
    assert phone.people[str(person.id)]["contact"]["by"] == "李改名"


def test_a_tracked_referral_is_told_as_urgent_where_it_was(session: Session) -> None:
    doctor = a_doctor(session)
    urgent, advised = (a_resident(session) for _ in range(2))
    for person in (urgent, advised):
        a_condition(session, person)
    session.commit()
    visit(session, doctor, urgent, "2026-11-02", sbp=186, dbp=112)
    for day in ("2026-10-01", "2026-10-15"):
        visit(session, doctor, advised, day, sbp=152, dbp=94)
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    found = {key: phone.people[str(key)]["conditions"][0] for key in (urgent.id, advised.id)}
    assert {c["state"]["tasks"][0]["kind"] for c in found.values()} == {"referral_tracking"}
    assert (found[urgent.id].get("urgent"), found[advised.id].get("urgent")) == (True, None)
    visit(session, doctor, urgent, "2026-11-10", sbp=128, dbp=80)
    session.commit()
    phone.sync(session)
    assert phone.people[str(urgent.id)]["conditions"][0]["state"]["tasks"]


def test_only_who_changed_comes_again(session: Session) -> None:
    doctor = a_doctor(session)
    people = [a_resident(session) for _ in range(3)]
    for person in people:
        a_condition(session, person)
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    visit(session, doctor, people[1], "2026-11-02", sbp=128, dbp=80)
    session.commit()
    (page,) = phone.sync(session)
    assert [person["id"] for person in page.people] == [str(people[1].id)]
    assert phone.people[str(people[1].id)]["readings"][0]["sbp"] == 128


def test_who_moves_away_is_removed_here_and_arrives_there(session: Session) -> None:
    here = Phone(a_doctor(session))
    there = Phone(a_doctor(session, a_team(session, "二队", (NEXT_VILLAGE,))))
    third = Phone(a_doctor(session, a_team(session, "三队", (FAR_VILLAGE,))))
    person = a_resident(session)
    a_condition(session, person)
    session.commit()
    for phone in (here, there, third):
        phone.sync(session)
    lead = a_member_of_staff(session, Role.TEAM_LEAD)
    residence.move(session, Sender(lead, Actor(lead.id, lead.role), AT), person, NEXT_VILLAGE, TODAY)
    session.commit()
    assert here.sync(session)[0].removed == [str(person.id)]
    assert there.sync(session)[0].people[0]["village_code"] == NEXT_VILLAGE
    (page,) = third.sync(session)
    assert (page.people, page.removed) == ([], [])


def test_people_of_a_contract_elsewhere_come_and_go_with_it_and_their_neighbours_are_not_named(
    session: Session,
) -> None:
    team = a_team(session, villages=(VILLAGE,))
    phone = Phone(a_doctor(session, team))
    signed, neighbour = (a_resident(session, village=FAR_VILLAGE) for _ in range(2))
    session.commit()
    phone.sync(session)
    assert phone.ids() == set()
    a_contract(session, signed, team, TODAY - timedelta(days=364))
    session.commit()
    phone.sync(session)
    assert phone.ids() == {signed.id}
    for person in (signed, neighbour):
        person.name = "李改名"
    session.commit()
    (page,) = phone.sync(session)
    assert ([p["id"] for p in page.people], page.removed) == ([str(signed.id)], [])
    phone.today = TODAY + timedelta(days=2)  # the contract has ended, and no row was written
    (page,) = phone.sync(session)
    assert (page.people, page.removed, page.whole) == ([], [str(signed.id)], False)


def test_the_calendar_alone_changes_groups_and_absences(session: Session) -> None:
    doctor = a_doctor(session)
    elder = a_resident(session, birth=date(TODAY.year - 65, TODAY.month, TODAY.day + 1))
    away, expecting, quiet = (a_resident(session) for _ in range(3))
    for person in (elder, away, expecting, quiet):
        a_condition(session, person)
    a_status(session, away, Status.AWAY, date(2026, 11, 1), until=TODAY)
    a_group(session, expecting, "PRG", date(2026, 3, 1), TODAY)
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    assert phone.people[str(away.id)]["status"] == "away"
    assert phone.people[str(expecting.id)]["pregnant"] is True
    phone.today = TODAY + timedelta(days=1)
    (page,) = phone.sync(session)
    assert {p["id"] for p in page.people} == {str(p.id) for p in (elder, away, expecting)}
    assert "ELD" in phone.people[str(elder.id)]["groups"]
    assert "status" not in phone.people[str(away.id)]
    assert "pregnant" not in phone.people[str(expecting.id)]


@pytest.mark.parametrize(
    "cursor", ["x", "1.2.3", "1" * 400, "2.a.b.c.0.-1.2026-01-01...", "2.a.b.c.٣.1..2..", "\0"]
)
def test_a_cursor_that_cannot_be_read_begins_anew_and_asks_for_everything_once_more(
    session: Session, cursor: str
) -> None:
    phone = Phone(a_doctor(session))
    a_resident(session)
    session.commit()
    phone.cursor = cursor
    (page,) = phone.sync(session)
    assert (page.whole, page.restored, len(page.people)) == (True, True, 1)


def test_the_cursor_of_another_doctor_begins_anew(session: Session) -> None:
    one = Phone(a_doctor(session))
    other = Phone(a_doctor(session, a_team(session, "二队", (NEXT_VILLAGE,))))
    session.commit()
    one.sync(session)
    other.cursor = one.cursor
    assert other.sync(session)[0].whole


def test_a_new_scope_another_name_of_a_village_and_a_restored_database_begin_anew(session: Session) -> None:
    team = a_team(session, villages=(VILLAGE,))
    phone = Phone(a_doctor(session, team))
    a_contract(session, a_resident(session), team, date(2026, 3, 1))
    session.commit()
    assert phone.sync(session)[0].whole
    a_team_village = text("UPDATE team_village SET village_code = :code")
    session.execute(a_team_village, {"code": NEXT_VILLAGE})
    session.commit()
    assert phone.sync(session)[0].whole
    session.execute(text("UPDATE region SET name = '新村' WHERE code = :code"), {"code": NEXT_VILLAGE})
    session.commit()
    page = phone.sync(session)[0]
    assert (page.whole, page.restored) == (True, False)
    assert not phone.sync(session)[0].whole
    before = session.scalars(db.select(SyncState.epoch)).one()
    assert sync_change.begin_anew(session) != before
    session.commit()
    kept = phone.cursor
    for _line_is_cut in range(2):  # the phone has to hear of it until it has stored the new cursor
        phone.cursor = kept
        page = phone.sync(session)[0]
        assert (page.whole, page.restored) == (True, True)
    page = phone.sync(session)[0]
    assert (page.whole, page.restored) == (False, False)


def test_a_cursor_from_the_future_of_another_server_begins_anew(session: Session) -> None:
    phone = Phone(a_doctor(session))
    session.commit()
    phone.sync(session)
    parts = phone.cursor.split(".")
    phone.cursor = ".".join([*parts[:5], str(10**15), *parts[6:]])
    page = phone.sync(session)[0]
    assert (page.whole, page.restored) == (True, True)


def test_who_answers_for_a_person_is_told_anew_when_it_changes(session: Session) -> None:
    doctor = a_doctor(session)
    other = a_member_of_staff(session, region=FAR_VILLAGE)
    person = a_resident(session)
    a_condition(session, person)
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    assert phone.people[str(person.id)]["mine"] is True
    named = Responsibility(resident_id=person.id, village_code=VILLAGE, staff_id=other.id, from_on=TODAY)
    session.add(named)
    session.commit()
    assert len(phone.sync(session)[0].people) == 1
    assert "mine" not in phone.people[str(person.id)]
    session.delete(named)
    session.commit()
    phone.sync(session)
    assert phone.people[str(person.id)]["mine"] is True
    a_member_of_staff(session, region=FAR_VILLAGE)  # elsewhere: nothing comes of it
    session.commit()
    assert phone.sync(session)[0].people == []
    session.execute(text("DELETE FROM staff_region WHERE region_code = :v"), {"v": VILLAGE})
    session.execute(text("DELETE FROM membership"))
    session.commit()
    assert phone.sync(session)[0].whole


def test_a_reported_death_silences_before_it_is_approved(session: Session) -> None:
    phone, person = Phone(a_doctor(session)), a_resident(session)
    a_condition(session, person)
    session.commit()
    phone.sync(session)
    event = a_status(session, person, Status.LOST, TODAY)
    session.execute(update(type(event)).values(status=Status.DEAD, approved_at=None, on=TODAY, disease=None))
    session.commit()
    phone.sync(session)
    assert phone.people[str(person.id)]["status"] == "dead"


def test_a_page_costs_the_same_statements_for_one_and_for_many(session: Session) -> None:
    doctor = a_doctor(session)
    counts = []
    for more in (1, 11):
        for _ in range(more):
            person = a_resident(session)
            a_condition(session, person)
            a_condition(session, person, Disease.DIABETES)
            visit(session, doctor, person, "2026-11-02", sbp=128, dbp=80)
        session.commit()
        own = scope.scope_of(session, doctor, TODAY)
        with statements(session) as run:
            sync.page(session, own, "", load(), TODAY, 500)
        counts.append(len(run))
    assert counts[0] == counts[1] <= 23
    phone = Phone(doctor)
    phone.sync(session)
    own = scope.scope_of(session, doctor, TODAY)
    with statements(session) as run:
        page = sync.page(session, own, phone.cursor, load(), TODAY, 500)
    assert (page.people, len(run)) == ([], 2)


def test_a_change_that_is_committed_late_is_never_skipped(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # its writers come one after the other
    doctor = a_doctor(session)
    early, late = (a_resident(session) for _ in range(2))
    session.commit()
    phone = Phone(doctor)
    phone.sync(session)
    with Session(db.engine) as slow, Session(db.engine) as quick:
        slow.execute(update(Resident).where(Resident.id == late.id).values(name="王迟到"))
        quick.execute(update(Resident).where(Resident.id == early.id).values(name="王先到"))
        quick.commit()
        phone.sync(session)
        assert phone.people[str(early.id)]["name"] == "王*到"
        assert phone.people[str(late.id)]["name"] != "王*到"
        slow.commit()
    phone.sync(session)
    assert phone.people[str(late.id)]["name"] == "王*到"


def test_a_person_taken_out_again_is_removed(session: Session) -> None:
    phone, person = Phone(a_doctor(session)), a_resident(session)
    session.commit()
    phone.sync(session)
    key, staff_id = str(person.id), phone.staff.id
    session.expunge_all()
    for table in ("resident_initials", "residence"):
        session.execute(text(f"DELETE FROM {table}"))
    session.execute(text("DELETE FROM resident"))
    session.commit()
    phone.staff = session.get_one(Staff, staff_id)
    assert phone.sync(session)[0].removed == [key]
