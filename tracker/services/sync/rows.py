"""What is stored of a page of people and goes to a phone: one statement a table, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, and_, bindparam, case, cast, false, func, select
from sqlalchemy.orm import Session

from tracker.domain.person import Group
from tracker.domain.policy import load
from tracker.domain.terms import TaskKind
from tracker.models import (
    Card,
    Condition,
    ContactAttempt,
    Judgement,
    ReferralOutcome,
    Region,
    Resident,
    ResidentGroup,
    ResidentInitials,
    ResidentPhone,
    Staff,
    StatusEvent,
    StatusPeriod,
    Task,
    Visit,
)  # fmt: skip
from tracker.services.store.trip import Answers, rows_of
from tracker.services.task import task as task_list
from tracker.services.visit.context import LOOKED_BACK
from tracker.services.workforce.scope import Form, Scope, visible

Rows = dict[UUID, list[Any]]
Statement = Callable[[], Any]
IDS = bindparam("ids", expanding=True, type_=Uuid())


@dataclass(frozen=True, slots=True)
class Stored:
    """The people in the order of their ids, and by person the rows of each statement of this module."""

    people: Sequence[Any]
    patients: Sequence[Any]
    rows: Mapping[Any, Rows]

    def of(self, statement: Callable[[], Any], resident_id: UUID) -> list[Any]:
        return self.rows[statement].get(resident_id, [])


def read(session: Session, scope: Scope, ids: Sequence[UUID]) -> Stored:
    """Of these ids those people whom the scope sees."""
    session.flush()
    people = rows_of(session.connection(), (_people(scope.form), {**scope.values, "ids": list(ids)}))
    found = _rows(session, OF_ALL, [person.id for person in people])
    patients = [person for person in people if person.id in found[conditions]]
    found |= _rows(session, OF_PATIENTS, [person.id for person in patients])
    return Stored(people, patients, found)


def _rows(session: Session, statements: Sequence[Statement], ids: Sequence[UUID]) -> dict[Statement, Rows]:
    """Of these people, by statement."""
    found: dict[Statement, Rows] = {statement: defaultdict(list) for statement in statements}
    if ids:
        asked = {"ids": ids, "policy": load().id}
        answers = Answers(session.connection(), {each.__name__: (each(), asked) for each in statements})
        for statement, rows in found.items():
            for row in answers[statement.__name__]:
                rows[row.resident_id].append(row)
    return found


@lru_cache(maxsize=32)
def _people(form: Form) -> Any:
    person = Resident
    return (
        select(
            person.id, person.name, person.sex, person.birth_date, person.village_code, person.height_cm,
            person.allergies, person.address, Region.name.label("village"),
        )
        .join(Region, Region.code == person.village_code)
        .where(person.id.in_(IDS), visible(form, person.village_code, person.id))
        .order_by(person.id)
    )  # fmt: skip


@cache
def initials() -> Any:
    kept = ResidentInitials
    return select(kept.resident_id, kept.initials).where(kept.resident_id.in_(IDS)).order_by(kept.initials)


@cache
def cards() -> Any:
    return select(Card.resident_id, Card.code).where(Card.resident_id.in_(IDS), Card.replaced_at.is_(None))


@cache
def periods() -> Any:
    """Those of the person, and those of a register, that are not active."""
    kept = StatusPeriod
    return (
        select(kept.resident_id, kept.condition_id, kept.status, kept.from_on, kept.to_on)
        .where(kept.resident_id.in_(IDS))
        .order_by(kept.from_on, kept.id)
    )


@cache
def statuses() -> Any:
    """What was recorded of the person, or of a register, and not withdrawn."""
    kept = StatusEvent
    return select(kept.resident_id, kept.disease, kept.status, kept.on, kept.approved_at).where(
        kept.resident_id.in_(IDS), kept.withdrawn_at.is_(None)
    )


@cache
def conditions() -> Any:
    kept = Condition
    return (
        select(
            kept.id, kept.resident_id, kept.disease, kept.enrolled_on, kept.last_face_to_face_on,
            kept.last_evaluated_on,
        )
        .where(kept.resident_id.in_(IDS))
        .order_by(kept.disease.desc())
    )  # fmt: skip


@cache
def phones() -> Any:
    kept = ResidentPhone
    return (
        select(kept.resident_id, kept.number)
        .where(kept.resident_id.in_(IDS))
        .order_by(kept.position, kept.id)
    )


@cache
def pregnancies() -> Any:
    kept = ResidentGroup
    return select(kept.resident_id, kept.from_on, kept.to_on, kept.details).where(
        kept.resident_id.in_(IDS), kept.code == Group.PRG
    )


@cache
def visits() -> Any:
    """The latest of each person, the newest first."""
    order = (Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
    ranked = (
        select(Visit.id, func.row_number().over(partition_by=Visit.resident_id, order_by=order).label("nth"))
        .where(Visit.resident_id.in_(IDS), Visit.voided_at.is_(None))
        .subquery()
    )
    return (
        select(Visit.resident_id, Visit.visit_date, Visit.body, Visit.sbp, Visit.dbp, Visit.fpg)
        .join(ranked, ranked.c.id == Visit.id)
        .where(ranked.c.nth <= LOOKED_BACK)
        .order_by(*order)
    )


@cache
def judgements() -> Any:
    kept = Judgement
    return (
        select(
            kept.resident_id, kept.condition_id, kept.visit_id, kept.visit_date, kept.evaluated,
            kept.controlled, kept.reasons, Visit.recorded_at,
        )
        .join(Visit, Visit.id == kept.visit_id)
        .where(kept.resident_id.in_(IDS), kept.policy_id == bindparam("policy"))
    )  # fmt: skip


@cache
def tasks() -> Any:
    """`urgent`: open, and follows an urgent referral."""
    kept = Task
    tracked = and_(kept.kind == TaskKind.REFERRAL_TRACKING, kept.ended_on.is_(None))
    return select(
        kept.resident_id, kept.condition_id, kept.kind, kept.chain, kept.due_on, kept.opened_on,
        kept.closed_on, kept.cancelled_on, case((tracked, task_list.urgent()), else_=false()).label("urgent"),
    ).where(kept.resident_id.in_(IDS))  # fmt: skip


@cache
def outcomes() -> Any:
    kept = ReferralOutcome
    return select(
        kept.resident_id, kept.disease, kept.outcome, kept.outcome_on, kept.treatment_changed, kept.plan
    ).where(kept.resident_id.in_(IDS))


@cache
def contacts() -> Any:
    """The last try to reach each person, and who made it."""
    kept = ContactAttempt
    order = (kept.attempted_at.desc(), kept.recorded_at.desc(), kept.id)
    ranked = (
        select(kept.id, func.row_number().over(partition_by=kept.resident_id, order_by=order).label("nth"))
        .where(kept.resident_id.in_(IDS))
        .subquery()
    )
    return (
        select(kept.resident_id, kept.attempted_at, kept.outcome, kept.until, Staff.name.label("by"))
        .join(ranked, ranked.c.id == kept.id)
        .outerjoin(Staff, Staff.id == kept.staff_id)
        .where(ranked.c.nth == 1)
    )


@cache
def carried() -> Any:
    """Visits that may say what became of a referral; most do not, and their bodies need not be read."""
    return select(Visit.resident_id, Visit.visit_date, Visit.body).where(
        Visit.resident_id.in_(IDS), Visit.voided_at.is_(None), cast(Visit.body, String).like('%"outcome"%')
    )


OF_ALL = (initials, cards, periods, statuses, conditions)
OF_PATIENTS = (phones, pregnancies, visits, judgements, tasks, outcomes, contacts, carried)
