"""All that is stored of people and that a visit has to know: five statements for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.domain.policy import Policy
from tracker.domain.terms import Disease, ReferralResult, Status
from tracker.models import (
    Condition,
    ContactAttempt,
    Judgement,
    ReferralOutcome,
    Resident,
    ResidentGroup,
    StatusEvent,
    StatusPeriod,
    Task,
    Visit,
)
from tracker.models.base import Base
from tracker.services.course import trace
from tracker.services.course.history import History
from tracker.services.store.bulk import apart
from tracker.services.store.trip import Answers, Question
from tracker.services.workforce.duty import Signed, Span, Ties

Key = tuple[Any, ...]
KEYS: dict[type[Base], tuple[str, ...]] = {
    Judgement: ("visit_id", "disease", "policy_id"),
    Task: ("id",),
    StatusPeriod: ("id",),
}
"""The derived tables and what tells their rows apart."""
COLUMNS = {table: tuple(column.name for column in table.__table__.columns) for table in KEYS}


@dataclass(slots=True)
class Known:
    """One person: the history, the ties to a team, and the derived rows that are stored, by table and key."""

    history: History
    ties: Ties
    stored: dict[type[Base], dict[Key, Key]] = field(default_factory=lambda: {table: {} for table in KEYS})


def read(
    session: Session, residents: Iterable[Resident], policy: Policy, since: date = date.min
) -> dict[UUID, Known]:
    """By resident; call it holding their locks if anything is to be written."""
    people = list(residents)
    asked = questions([resident.id for resident in people], policy, since)
    return put_together(people, Answers(session.connection(), asked), since)


def questions(people: Sequence[UUID], policy: Policy, since: date) -> dict[str, Question]:
    """What is to be read of these people.

    Nothing changes before the first day that something new is dated on: of the judgements and ended tasks
    before `since` none is read.
    """
    asked = {"people": people}
    return {
        "conditions": (_conditions(), asked),
        "traces": (trace.traces(), asked),
        "visits": (_visits(), asked),
        "judgements": (_judgements(), {**asked, "policy": policy.id, "since": since}),
        "tasks": (_tasks(), {**asked, "since": since}),
    }


def put_together(
    residents: Iterable[Resident], answers: Mapping[str, Sequence[Any]], since: date
) -> dict[UUID, Known]:
    """The people from the answers to the questions; answers that can only be empty are not looked at."""
    found = {r.id: Known(History(r), Ties(r.village_code)) for r in residents}
    # Rows carry the columns by the names of the mapped classes, and cost a tenth of their objects.
    for row in answers["conditions"]:
        found[row.resident_id].history.conditions.append(row)
    for row in answers["traces"]:
        TAKERS[row.kind](found[row.resident_id], row)
    if any(known.history.conditions for known in found.values()):
        for row in answers["visits"]:
            found[row.resident_id].history.visits.append(row)
        if since == date.min or _visited(found.values(), since):
            for row in answers["judgements"]:
                key = row.visit_id, row.disease, row.policy_id
                found[row.resident_id].stored[Judgement][key] = tuple(row)
        for row in answers["tasks"]:
            found[row.resident_id].stored[Task][row.id,] = tuple(row)
    return found


def _visited(people: Iterable[Known], since: date) -> bool:
    return any(visit.visit_date >= since for known in people for visit in known.history.visits)


def _status(known: Known, row: Any) -> None:
    disease = None if row.disease is None else Disease(row.disease)
    event = apart(
        StatusEvent, id=row.id, disease=disease, status=Status(row.word), on=row.since, until=row.until,
        recorded_at=row.recorded_at,
    )  # fmt: skip
    known.history.statuses.append(event)


def _outcome(known: Known, row: Any) -> None:
    outcome = apart(
        ReferralOutcome, id=row.id, disease=Disease(row.disease), outcome=ReferralResult(row.word),
        outcome_on=row.since, recorded_at=row.recorded_at, treatment_changed=row.changed, plan=row.note,
    )  # fmt: skip
    known.history.outcomes.append(outcome)


def _attempt(known: Known, row: Any) -> None:
    attempt = apart(ContactAttempt, id=row.id, attempted_at=row.moment, recorded_at=row.recorded_at)
    known.history.attempts.append(attempt)


def _pregnancy(known: Known, row: Any) -> None:
    group = apart(ResidentGroup, from_on=row.since, to_on=row.until, details=row.details)
    known.history.pregnancies.append(group)


def _period(known: Known, row: Any) -> None:
    shown = (row.id, row.resident_id, row.condition_id, row.place, Status(row.word), row.since, row.until)
    known.stored[StatusPeriod][row.id,] = shown


def _residence(known: Known, row: Any) -> None:
    known.ties.lived.append((row.since, row.place))


def _contract(known: Known, row: Any) -> None:
    known.ties.signed.append(Signed(row.id, Span(row.since, row.until), row.ended))


TAKERS: dict[int, Callable[[Known, Any], None]] = {
    trace.STATUS: _status,
    trace.OUTCOME: _outcome,
    trace.ATTEMPT: _attempt,
    trace.PREGNANCY: _pregnancy,
    trace.PERIOD: _period,
    trace.RESIDENCE: _residence,
    trace.CONTRACT: _contract,
}


def _of_people(*columns: Any) -> Select[*tuple[Any, ...]]:
    people = bindparam("people", expanding=True, type_=Uuid())
    return select(*columns).where(columns[0].table.c.resident_id.in_(people))


@cache
def _conditions() -> Any:
    names = (
        "id", "resident_id", "village_code", "disease", "enrolled_on", "status", "next_due", "next_task",
        "last_face_to_face_on", "last_evaluated_on",
    )  # fmt: skip
    return _of_people(*(Condition.__table__.c[name] for name in names))


@cache
def _visits() -> Any:
    names = ("id", "resident_id", "visit_date", "recorded_at", "mode", "source", "approval", "body")
    visit = Visit.__table__.c
    return _of_people(*(visit[name] for name in names)).where(visit.voided_at.is_(None))


@cache
def _judgements() -> Any:
    judgement = Judgement.__table__.c
    return _of_people(*judgement).where(
        judgement.policy_id == bindparam("policy"), judgement.visit_date >= bindparam("since")
    )


@cache
def _tasks() -> Any:
    task = Task.__table__.c
    return _of_people(*task).where(or_(task.ended_on.is_(None), task.ended_on >= bindparam("since")))
