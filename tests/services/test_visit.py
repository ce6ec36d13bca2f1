"""Recording visits: one answer per body, whatever the order; both databases."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    FAR_VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_team,
    a_visit_body,
)
from tracker.domain.terms import Disease, TaskKind
from tracker.models import Audit, Judgement, Resident, Staff, Submission, Task, Visit, VisitVersion
from tracker.schemas.problem import Refused
from tracker.services.audit import Actor
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.visit import visit as visits
from tracker.words.problems import texts


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session))


@pytest.fixture
def sender(doctor: Staff) -> Sender:
    return Sender(doctor, Actor(doctor.id, doctor.role), AT)


@pytest.fixture
def person(session: Session) -> Resident:
    resident = a_resident(session)
    a_condition(session, resident)
    return resident


def send(session: Session, sender: Sender, *bodies: dict) -> list[dict]:
    return submission.submit(session, sender, bodies, texts)


def test_a_visit_is_judged_and_closes_and_opens_the_chain(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=152, dbp=92)
    (answer,) = send(session, sender, body)
    assert answer["status"] == "accepted"
    block = answer["visit"]["hypertension"]
    assert (block["classification"], block["next_step"], block["next_due"]) == (2, 2, "2026-03-16")
    assert answer["visit"]["next_encounter_due"] == "2026-03-16"
    tasks = session.scalars(select(Task).order_by(Task.opened_on)).all()
    assert [(t.kind, t.closed_on, t.due_on) for t in tasks] == [
        (TaskKind.ROUTINE, date(2026, 3, 2), date(2026, 1, 19)),
        (TaskKind.TWO_WEEK, None, date(2026, 3, 16)),
    ]
    assert session.scalar(select(func.count()).select_from(Audit)) == 1


def test_the_same_body_again_gets_the_first_answer(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    (first,) = send(session, sender, body)
    visit = session.get_one(Visit, first_id(body))
    typed = visits.parse({**body, "sbp": 160})
    visits.correct(session, sender, visit, typed, version=1, reason="抄错")
    (again,) = send(session, sender, dict(reversed(body.items())))
    assert again == first
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def first_id(body: dict):
    return visits.parse(body).id


def test_another_body_under_the_same_id_is_a_conflict_and_both_are_kept(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    send(session, sender, body)
    (answer,) = send(session, sender, {**body, "sbp": 150})
    assert answer["status"] == "conflict"
    assert answer["stored"]["sbp"] == 128
    kept = session.scalars(select(Submission).where(Submission.status == "conflict")).one()
    assert str(kept.id) == answer["conflict_id"]
    assert kept.body is not None
    assert kept.body["sbp"] == 150


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sbp": 700}, "sbp"),
        ({"sbp": 80, "dbp": 90}, "dbp"),
        ({"sbp": "138"}, "sbp"),
        ({"visit_date": "2026-12-24"}, "visit_date"),
        ({"visit_date": "2025-12-24"}, "visit_date"),
        ({"hypertension": {"salt": 9}}, "hypertension.salt"),
        ({"hypertension": {"symptoms": [1, 2]}}, "hypertension.symptoms"),
        ({"hypertension": {"adverse_reaction": 2}}, "hypertension.adverse_reaction_text"),
        ({"diabetes": {"fpg": 6.1}}, "diabetes"),
        ({"surprise": 1}, "surprise"),
        ({"note": "a\0b"}, "note"),
        ({"note": "长" * 10_000}, "note"),
        ({"weight_kg": float("nan")}, "weight_kg"),
        ({"visited_by": "nobody"}, "visited_by"),
    ],
)
def test_what_is_impossible_is_rejected_beside_its_field_and_kept(
    session: Session, sender: Sender, person: Resident, change: dict, field: str
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82) | change
    (answer,) = send(session, sender, body)
    assert answer["status"] == "rejected"
    assert list(answer["errors"]) == [field]
    assert session.scalar(select(func.count()).select_from(Visit)) == 0
    session.flush()
    assert session.scalars(select(Submission)).one().status == "rejected"


def test_a_signs_question_that_was_not_put_must_be_said(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    del body["emergency_signs"]
    (answer,) = send(session, sender, body)
    assert list(answer["errors"]) == ["emergency_signs"]


def test_foreign_and_unknown_people_answer_alike(session: Session, sender: Sender, person: Resident) -> None:
    foreign = a_resident(session, village=FAR_VILLAGE)
    a_condition(session, foreign)
    bodies = [a_visit_body(i, "2026-03-02", "hypertension") for i in (foreign.id, uuid4())]
    answers = send(session, sender, *bodies)
    assert [a["errors"] for a in answers] == [{"resident_id": ["not found"]}] * 2


def test_one_bad_item_does_not_stop_the_others(session: Session, sender: Sender, person: Resident) -> None:
    good = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    answers = send(session, sender, {"id": "x"}, 7, good)  # type: ignore[arg-type]
    assert [a["status"] for a in answers] == ["rejected", "rejected", "accepted"]


def test_a_correction_judges_again_and_a_void_takes_the_visit_out(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    send(session, sender, body)
    visit = session.get_one(Visit, first_id(body))
    visits.correct(session, sender, visit, visits.parse({**body, "sbp": 160}), version=1, reason="抄错")
    assert session.scalars(select(Judgement)).one().classification == 2
    visits.void(session, sender, visit, "录错了人")
    assert session.scalars(select(Judgement)).all() == []
    versions = session.scalars(select(VisitVersion).order_by(VisitVersion.version)).all()
    assert [v.kind for v in versions] == ["original", "correction", "void"]
    open_tasks = session.scalars(select(Task).where(Task.ended_on.is_(None))).all()
    assert [(t.kind, t.due_on) for t in open_tasks] == [(TaskKind.ROUTINE, date(2026, 1, 19))]


def test_a_correction_of_an_old_version_is_refused(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    send(session, sender, body)
    visit = session.get_one(Visit, first_id(body))
    with pytest.raises(Refused) as refusal:
        visits.correct(session, sender, visit, visits.parse(body), version=2, reason="")
    assert refusal.value.conflict


def test_an_entry_over_thirty_days_late_counts_only_when_approved(
    session: Session, sender: Sender, person: Resident
) -> None:
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    body["recorded_at"] = "2026-04-20T09:00:00+08:00"
    (answer,) = send(session, sender, body)
    assert answer["visit"]["late_entry"] is True
    assert answer["visit"]["approval"] == "pending"
    assert session.scalars(select(Judgement)).one().counted is False
    visits.approve(session, sender, session.get_one(Visit, first_id(body)), granted=True)
    session.expire_all()
    assert session.scalars(select(Judgement)).one().counted is True


def test_a_joint_visit_judges_each_disease(session: Session, sender: Sender, person: Resident) -> None:
    a_condition(session, person, Disease.DIABETES)
    body = a_visit_body(
        person.id, "2026-06-02", "hypertension", "diabetes", sbp=136, dbp=84, diabetes={"fpg": 8.2}
    )
    (answer,) = send(session, sender, body)
    visit = answer["visit"]
    assert visit["hypertension"]["next_due"] == "2026-09-02"
    assert visit["diabetes"]["next_due"] == "2026-06-16"
    assert visit["next_encounter_due"] == "2026-06-16"
