"""The made-up county, stored in bulk, holds what its visits leave when each of them is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.demo.conftest import TODAY, new_session
from tracker import database
from tracker.demo.loader import Loaded
from tracker.demo.setting import midnight
from tracker.models import (
    Approval,
    Condition,
    Judgement,
    Resident,
    Staff,
    StatusPeriod,
    Task,
    Visit,
    VisitVersion,
)
from tracker.models.base import Base
from tracker.services.audit import Actor
from tracker.services.course import course
from tracker.services.sender import Sender
from tracker.services.visit.submission import submit
from tracker.services.visit.visit import approve

Make = Callable[..., Loaded]
FOLLOWS: tuple[type[Base], ...] = (Task, Judgement, StatusPeriod, VisitVersion, Visit)
"""In the order in which they can be deleted."""
SAMPLE = 30
"""Patients, those with the most visits first."""


def patients(session: Session) -> list[UUID]:
    most = func.count().desc(), Visit.resident_id
    return list(
        session.scalars(select(Visit.resident_id).group_by(Visit.resident_id).order_by(*most).limit(SAMPLE))
    )


def stored(session: Session, people: Sequence[UUID]) -> dict[str, list[str]]:
    """All that follows from the visits of these people, and what their registers say of it."""
    found = {}
    for model in (*FOLLOWS, Condition):
        rows = session.execute(select(*model.__table__.c).where(_of(model, people)))
        found[model.__tablename__] = sorted(repr(tuple(row)) for row in rows)
    return found


def _of(model: type[Base], people: Sequence[UUID]):
    if model is VisitVersion:
        return VisitVersion.visit_id.in_(select(Visit.id).where(Visit.resident_id.in_(people)))
    return model.resident_id.in_(people)


def emptied(session: Session, people: Sequence[UUID]) -> list[Visit]:
    """Leave these people as if nobody had visited them; what was recorded, in the order in which it came."""
    arrived = select(Visit).where(Visit.resident_id.in_(people)).order_by(Visit.received_at, Visit.id)
    visits = list(session.scalars(arrived))
    session.expunge_all()
    for model in FOLLOWS:
        session.execute(delete(model).where(_of(model, people)))
    same = session.scalars(select(Resident).where(Resident.id.in_(people)).order_by(Resident.id)).all()
    course.rewrite(session, same, midnight(TODAY))
    return visits


def sent_again(visit: Visit) -> None:
    """The doctor sends it, and a lead says again what was said of it when it was late."""
    with new_session() as session:
        database.begin_write(session)
        doctor = session.get_one(Staff, visit.visited_by)
        sender = Sender(doctor, Actor(doctor.id, doctor.role), visit.received_at)
        (answer,) = submit(
            session, sender, [visit.body], lambda problems: {"all": [str(p) for p in problems]}
        )
        assert answer["status"] == "accepted", answer
        if visit.approval in (Approval.APPROVED, Approval.REFUSED):
            again = session.get_one(Visit, visit.id)
            assert again.approval is Approval.PENDING
            approve(session, sender, again, granted=visit.approval is Approval.APPROVED)
        session.commit()


def test_sending_each_visit_leaves_the_rows_that_the_bulk_loader_stores(make: Make) -> None:
    make()
    with new_session() as session:
        database.begin_write(session)
        people = patients(session)
        before = stored(session, people)
        visits = emptied(session, people)
        assert stored(session, people) != before
        session.commit()
    assert len(people) == SAMPLE
    assert len(visits) > 3 * SAMPLE
    for visit in visits:
        sent_again(visit)
    with new_session() as session:
        after = stored(session, people)
    for table, rows in before.items():
        assert after[table] == rows, table
