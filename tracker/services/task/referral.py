"""Referrals: the open ones of a scope, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.domain.policy import load
from tracker.domain.roles import CARE, Role
from tracker.domain.terms import TaskKind
from tracker.models import Condition, Judgement, ReferralOutcome, Resident, Task
from tracker.schemas.problem import refuse
from tracker.schemas.referral import OutcomeIn
from tracker.services import audit
from tracker.services.course import course
from tracker.services.resident.resident import open_record
from tracker.services.sender import Sender
from tracker.services.task import task
from tracker.services.visit.repeat import earlier, fingerprint, taken
from tracker.services.visit.rules import dead_on
from tracker.services.workforce import scope


@dataclass(frozen=True, slots=True)
class Tracking:
    """A person who was referred and of whom nobody has yet said what came of it, and why they were."""

    task: Task
    resident: Resident
    judged: Judgement | None


def open_trackings(
    session: Session, own: scope.Scope, *, offset: int = 0, limit: int = 50
) -> tuple[list[Tracking], int]:
    """The open ones, the longest due first, and how many there are in all."""
    criteria = (
        scope.visible(own, Task.village_code, Task.resident_id),
        Task.kind == TaskKind.REFERRAL_TRACKING,
        Task.ended_on.is_(None),
    )
    total = session.scalar(select(func.count()).select_from(Task).where(*criteria)) or 0
    rows = session.execute(
        select(Task, Resident, Judgement)
        .join(Resident, Resident.id == Task.resident_id)
        .outerjoin(
            Judgement,
            and_(
                Judgement.visit_id == Task.opened_by,
                Judgement.disease == Task.disease,
                Judgement.policy_id == load().id,
            ),
        )
        .where(*criteria)
        .order_by(Task.due_on, Task.id)
        .offset(offset)
        .limit(limit)
    )
    return [Tracking(*row) for row in rows], total


def tracked(session: Session, resident: Resident) -> Sequence[Row[Task, bool]]:
    """Of one person: the referrals whose outcome nobody has told yet, and whether they are urgent."""
    return session.execute(_tracked(), {"resident": resident.id}).all()


@cache
def _tracked() -> Select[Task, bool]:
    return (
        select(Task, task.urgent().label("urgent"))
        .where(
            Task.resident_id == bindparam("resident"),
            Task.kind == TaskKind.REFERRAL_TRACKING,
            Task.ended_on.is_(None),
        )
        .order_by(Task.due_on, Task.disease)
    )


def record(
    session: Session, sender: Sender, resident_id: UUID, given: OutcomeIn
) -> tuple[ReferralOutcome, bool]:
    """The new outcome and True, or what the same body made before and False."""
    resident = _open(session, sender, resident_id)
    known = earlier(session, ReferralOutcome, given.id, given)
    if known is not None:
        if known.resident_id != resident.id:
            raise taken()
        return known, False
    _refuse_impossible(session, sender.today, resident, given)
    outcome = ReferralOutcome(
        id=given.id or uuid4(),
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=given.disease,
        outcome=given.outcome,
        outcome_on=given.outcome_on,
        source=given.source.strip(),
        plan=(given.plan or "").strip(),
        treatment_changed=given.treatment_changed,
        body_hash=fingerprint(given),
        recorded_at=sender.at,
        staff_id=sender.staff.id,
    )
    session.add(outcome)
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "record outcome", "referral", outcome.id,
        village_code=resident.village_code, details={"outcome": str(given.outcome)},
    )  # fmt: skip
    return outcome, True


def _open(session: Session, sender: Sender, resident_id: UUID) -> Resident:
    """The person, locked; a county doctor reports on those referred from the own area."""
    if sender.staff.role in CARE:
        return open_record(session, sender, resident_id)
    resident = course.lock_residents(session, [resident_id]).get(resident_id)
    own = scope.scope_of(session, sender.staff, sender.today)
    if (
        resident is None
        or sender.staff.role is not Role.COUNTY_DOCTOR
        or not own.covers(resident.village_code)
        or not referred(session, resident.id)
    ):
        raise scope.NotFound("resident")
    return resident


def referred(session: Session, resident_id: UUID) -> bool:
    """Whether the person was ever referred."""
    found = select(Task.id).where(Task.resident_id == resident_id, Task.kind == TaskKind.REFERRAL_TRACKING)
    return session.scalar(found.limit(1)) is not None


def _refuse_impossible(session: Session, today: date, resident: Resident, given: OutcomeIn) -> None:
    register = select(Condition.enrolled_on).where(
        Condition.resident_id == resident.id, Condition.disease == given.disease
    )
    enrolled_on = session.scalar(register)
    if enrolled_on is None:
        raise refuse("disease", "no_condition")
    if given.outcome_on > today:
        raise refuse("outcome_on", "future", today=today.isoformat())
    if given.outcome_on < enrolled_on:
        raise refuse("outcome_on", "before_enrolment", on=enrolled_on.isoformat())
    died_on = dead_on(session, resident)
    if died_on is not None and given.outcome_on > died_on:
        raise refuse("outcome_on", "after_death", on=died_on.isoformat())
