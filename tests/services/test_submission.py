"""A batch of visits: the same rows and answers as one by one, in statements that do not grow with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import AT, a_condition, a_member_of_staff, a_resident, a_team, a_visit_body
from tests.services.test_course_orders import START, Step, body_of, days, standing, visit_details
from tests.statements import statements
from tracker.domain.terms import Disease
from tracker.models import Audit, Change, Resident, Submission, Visit, VisitVersion
from tracker.services.audit import Actor
from tracker.services.course import course
from tracker.services.phone import upload
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.words.problems import texts

WRITTEN = (Visit, VisitVersion, Submission, Audit)
AT_MOST = 18


@pytest.fixture
def sender(session: Session) -> Sender:
    staff = a_member_of_staff(session, team=a_team(session))
    return Sender(staff, Actor(staff.id, staff.role), AT)


def a_patient(session: Session) -> Resident:
    person = a_resident(session)
    for disease in Disease:
        a_condition(session, person, disease, START)
    return person


def counted(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in WRITTEN]


def without_ids(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers about one person as they would be about another one."""
    shown = [answer["visit"] for answer in answers]
    return [{k: v for k, v in visit.items() if k not in ("id", "resident_id")} for visit in shown]


@pytest.mark.parametrize("examples", [30])
def test_a_batch_answers_and_stores_what_its_visits_would_one_by_one(
    session: Session, sender: Sender, examples: int
) -> None:
    session.commit()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(visits=st.lists(st.tuples(days, visit_details), min_size=1, max_size=6))
    def check(visits: list[tuple[Any, Any]]) -> None:
        steps = [Step("visit", day, detail, number) for number, (day, detail) in enumerate(visits)]
        ends, answers, rows = [], [], []
        for size in (1, len(steps)):
            person, before = a_patient(session), counted(session)
            ids: dict[int, UUID] = {step.number: uuid4() for step in steps}
            bodies = [body_of(step, person, ids) for step in steps]
            parts = [bodies[n : n + size] for n in range(0, len(bodies), size)]
            answers.append([a for part in parts for a in submission.submit(session, sender, part, texts)])
            ends.append(standing(session, person))
            known = session.scalar(select(func.max(Change.seq)))
            course.rewrite(session, [person], AT)
            assert session.scalar(select(func.max(Change.seq))) == known, "the whole history said otherwise"
            rows.append([now - then for now, then in zip(counted(session), before, strict=True)])
        session.rollback()
        assert {answer["status"] for answer in answers[0] + answers[1]} == {"accepted"}
        assert without_ids(answers[0]) == without_ids(answers[1])
        assert ends[0] == ends[1]
        assert rows[0] == rows[1] == [len(steps)] * len(WRITTEN)

    check()


def test_the_statements_are_as_many_for_a_hundred_visits_as_for_one(session: Session, sender: Sender) -> None:
    used = []
    for size in (1, 100):
        people = [a_patient(session) for _ in range(size)]
        bodies = [
            a_visit_body(p.id, "2026-03-02", *Disease, sbp=152, dbp=92, diabetes={"fpg": 6}) for p in people
        ]
        session.commit()
        with statements(session) as sent:
            answers = submission.submit(session, sender, bodies, texts)
            session.commit()
        assert {answer["status"] for answer in answers} == {"accepted"}
        used.append(len(sent))
    assert used[0] == used[1] <= AT_MOST


def test_bodies_that_are_refused_cost_no_statements_of_their_own(session: Session, sender: Sender) -> None:
    person = a_patient(session)
    good = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    wrong = [{**good, "id": str(uuid4()), "sbp": 700} for _ in range(20)]
    session.commit()
    with statements(session) as sent:
        answers = submission.submit(session, sender, [*wrong, good], texts)
    assert [answer["status"] for answer in answers] == ["rejected"] * 20 + ["accepted"]
    assert len(sent) <= AT_MOST
    kept = session.scalars(select(Submission).where(Submission.status == "rejected")).all()
    assert {(s.resident_id, s.body["sbp"]) for s in kept if s.body} == {(person.id, 700)}


def test_one_id_twice_in_a_batch_is_a_repetition_or_a_conflict(session: Session, sender: Sender) -> None:
    person = a_patient(session)
    first = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    later = a_visit_body(person.id, "2026-03-09", "hypertension", sbp=150, dbp=82)
    bodies = [first, dict(reversed(first.items())), {**first, "sbp": 150}, later]
    answers = submission.submit(session, sender, bodies, texts)
    assert [answer["status"] for answer in answers] == ["accepted", "accepted", "conflict", "accepted"]
    assert answers[1] == answers[0]
    assert answers[2]["stored"]["sbp"] == 128
    assert counted(session) == [2, 2, 3, 2]
    assert submission.submit(session, sender, bodies, texts) == answers


def test_a_refused_body_is_looked_at_again_and_kept_once(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    for _ in range(2):
        assert [a["status"] for a in submission.submit(session, sender, [body, body], texts)] == [
            "rejected"
        ] * 2
    a_condition(session, person, Disease.HYPERTENSION, START)
    (answer,) = submission.submit(session, sender, [body], texts)
    assert answer["status"] == "accepted"
    assert session.scalars(select(Submission)).one().status == "accepted"


def test_what_a_conflict_answers_names_the_body_that_is_kept(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    submission.submit(session, sender, [body], texts)
    a_condition(session, person, Disease.HYPERTENSION, START)
    (_, answer) = submission.submit(session, sender, [{**body, "sbp": 130}, body], texts)
    assert answer["status"] == "conflict"
    assert session.get_one(Submission, UUID(answer["conflict_id"])).status == "conflict"


def test_another_body_than_a_lead_has_entered_is_a_conflict(session: Session, sender: Sender) -> None:
    person = a_resident(session)
    body = a_visit_body(person.id, "2026-03-02", "hypertension", sbp=128, dbp=82)
    submission.submit(session, sender, [body], texts)
    a_condition(session, person, Disease.HYPERTENSION, START)
    upload.enter(session, sender, session.scalars(select(Submission)).one(), body)
    answers = submission.submit(session, sender, [{**body, "sbp": 130}, body], texts)
    assert [answer["status"] for answer in answers] == ["conflict", "accepted"]


def test_a_late_visit_changes_only_what_follows_it(session: Session, sender: Sender) -> None:
    person = a_patient(session)
    dated = ["2026-02-02", "2026-03-02", "2026-04-02", "2026-05-04"]
    for day in dated:
        submission.submit(
            session, sender, [a_visit_body(person.id, day, "hypertension", sbp=128, dbp=82)], texts
        )
    known = session.scalar(select(func.max(Change.seq)))
    late = a_visit_body(person.id, "2026-03-20", "hypertension", sbp=152, dbp=92)
    submission.submit(session, sender, [late], texts)
    change = session.scalars(select(Change).where(Change.seq > known)).one()
    touched = [row for side in (change.before, change.after) for row in side["rows"]]
    assert {row["on"] for row in touched if row["of"] == "visit"} == {"2026-03-20"}
    assert min(row["ended"] for row in touched if row["of"] == "task") == "2026-03-20"
