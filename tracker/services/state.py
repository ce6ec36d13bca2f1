"""What phones have to know of registers to judge by themselves, read in six statements for many people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from tracker.domain.policy import Policy, load
from tracker.domain.state import REACTION, Judged, Rows, State, Told, state
from tracker.domain.terms import Disease, ReferralResult
from tracker.models import Condition, Judgement, ReferralOutcome, StatusEvent, Task, Visit

Key = tuple[UUID, Disease]
"""Whose register of which disease."""


def states(session: Session, residents: Collection[UUID], policy: Policy | None = None) -> dict[Key, State]:
    """The state of every register of these people."""
    session.flush()
    connection = session.connection()
    asked = {"people": list(residents), "policy": (policy or load()).id}
    found: dict[Key, Rows] = {}
    for row in connection.execute(_registers(), asked):
        days = row.enrolled_on, row.last_face_to_face_on, row.last_evaluated_on
        found[row.resident_id, row.disease] = Rows(*days)
    for statement, take in TAKERS:
        for row in connection.execute(statement(), asked):
            take(found, row)
    return {key: state(rows) for key, rows in found.items()}


def _task(found: dict[Key, Rows], row: Any) -> None:
    found[row.resident_id, row.disease].tasks.append(row)


def _status(found: dict[Key, Rows], row: Any) -> None:
    for disease in Disease if row.disease is None else (row.disease,):
        if rows := found.get((row.resident_id, disease)):
            rows.statuses.append((row.since, row.status))


def _judgement(found: dict[Key, Rows], row: Any) -> None:
    found[row.resident_id, row.disease].judged.append(judged(row))


def _outcome(found: dict[Key, Rows], row: Any) -> None:
    if rows := found.get((row.resident_id, row.disease)):
        changed = row.treatment_changed or bool(row.plan.strip())
        rows.outcomes.append(Told(row.outcome_on, row.outcome, changed))


def _carrier(found: dict[Key, Rows], row: Any) -> None:
    for disease, told in carried(row.visit_date, row.body):
        if rows := found.get((row.resident_id, disease)):
            rows.outcomes.append(told)


def judged(row: Any) -> Judged:
    """A row of a judgement and its visit."""
    reaction = any(reason["code"] == REACTION for reason in row.reasons)
    return Judged(row.visit_date, row.recorded_at, row.visit_id, row.evaluated, row.controlled, reaction)


def carried(visit_date: date, body: dict[str, Any]) -> Iterable[tuple[Disease, Told]]:
    """What the form of a visit says became of the referral, for every disease it speaks of."""
    form = body.get("referral_form") or {}
    if not form.get("outcome"):
        return
    on = date.fromisoformat(form["outcome_on"]) if form.get("outcome_on") else visit_date
    for disease in Disease:
        if block := body.get(disease):
            changed = bool(block.get("drug_changes"))
            yield disease, Told(on, ReferralResult(form["outcome"]), changed, visit_date)


def _of(resident_id: Any) -> Any:
    return resident_id.in_(bindparam("people", expanding=True, type_=Uuid()))


@cache
def _registers() -> Any:
    return select(
        Condition.resident_id, Condition.disease, Condition.enrolled_on, Condition.last_face_to_face_on,
        Condition.last_evaluated_on,
    ).where(_of(Condition.resident_id))  # fmt: skip


@cache
def _judgements() -> Any:
    return (
        select(
            Judgement.resident_id, Judgement.disease, Judgement.visit_date, Judgement.visit_id,
            Judgement.evaluated, Judgement.controlled, Judgement.reasons, Visit.recorded_at,
        )
        .join(Visit, Visit.id == Judgement.visit_id)
        .where(_of(Judgement.resident_id), Judgement.policy_id == bindparam("policy"))
    )  # fmt: skip


@cache
def _tasks() -> Any:
    return select(
        Task.resident_id, Task.disease, Task.kind, Task.chain, Task.due_on, Task.opened_on, Task.closed_on,
        Task.cancelled_on,
    ).where(_of(Task.resident_id))  # fmt: skip


@cache
def _statuses() -> Any:
    columns = StatusEvent.resident_id, StatusEvent.disease, StatusEvent.status, StatusEvent.on.label("since")
    return select(*columns).where(
        _of(StatusEvent.resident_id),
        StatusEvent.approved_at.is_not(None),
        StatusEvent.withdrawn_at.is_(None),
    )


@cache
def _outcomes() -> Any:
    return select(
        ReferralOutcome.resident_id, ReferralOutcome.disease, ReferralOutcome.outcome,
        ReferralOutcome.outcome_on, ReferralOutcome.treatment_changed, ReferralOutcome.plan,
    ).where(_of(ReferralOutcome.resident_id))  # fmt: skip


@cache
def _carriers() -> Any:
    """The visits that told an outcome."""
    return select(Visit.resident_id, Visit.visit_date, Visit.body).where(
        _of(Visit.resident_id),
        Visit.voided_at.is_(None),
        Visit.body["referral_form"]["outcome"].as_string().is_not(None),
    )


TAKERS: tuple[tuple[Callable[[], Any], Callable[[dict[Key, Rows], Any], None]], ...] = (
    (_tasks, _task),
    (_statuses, _status),
    (_judgements, _judgement),
    (_outcomes, _outcome),
    (_carriers, _carrier),
)
