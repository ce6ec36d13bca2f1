"""When a status cannot be: in the future, before birth, after death, or lost without three attempts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Status
from tracker.models import Condition, ContactAttempt, Judgement, Resident, StatusEvent, StatusPeriod
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.schemas.status import StatusIn
from tracker.services.sender import Sender

ATTEMPT_DAYS = 3
GONE = frozenset({Status.DEAD, Status.MOVED_OUT})
"""From here only a township's administrator or the commission brings somebody back."""
REOPENS = frozenset({Role.TOWNSHIP_ADMIN, Role.COMMISSION})


def check(session: Session, sender: Sender, resident: Resident, given: StatusIn) -> None:
    """Refused with what contradicts the calendar or the person's record."""
    if given.on > sender.today:
        raise refuse("on", "future", today=sender.today.isoformat())
    if given.on < resident.birth_date:
        raise refuse("on", "before_birth", on=resident.birth_date.isoformat())
    if given.disease is not None and not _on_register(session, resident, given):
        raise refuse("disease", "no_condition")
    _after_leaving(session, sender, resident, given)
    if given.status is Status.LOST:
        _tried_often(session, resident, given.on)


def _on_register(session: Session, resident: Resident, given: StatusIn) -> bool:
    found = select(Condition.id).where(
        Condition.resident_id == resident.id, Condition.disease == given.disease
    )
    return session.scalar(found) is not None


def _after_leaving(session: Session, sender: Sender, resident: Resident, given: StatusIn) -> None:
    last = last_move(session, resident)
    if last is None or last.status not in GONE:
        return
    if given.status is Status.ACTIVE and given.on < last.on and _was_elsewhere(session, resident, given.on):
        # Back home before the end: it is the earlier departure, if there was one, that this takes back.
        last = last_move(session, resident, given.on)
        if last is None or last.status not in GONE:
            return
    if given.status is Status.ACTIVE:
        if sender.staff.role not in REOPENS:
            raise refuse("status", "reopen_role")
        if given.on < last.on:
            raise refuse("on", "before_leaving", on=last.on.isoformat())
    elif last.status is Status.DEAD and (given.on > last.on or given.status is Status.DEAD):
        raise Refused(Problem("on", "already_dead", {"on": last.on.isoformat()}), conflict=True)


def _was_elsewhere(session: Session, resident: Resident, on: date) -> bool:
    """Whether there was anything to come back from on that day."""
    found = select(StatusPeriod.id).where(
        StatusPeriod.resident_id == resident.id,
        StatusPeriod.condition_id.is_(None),
        StatusPeriod.from_on <= on,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on >= on),
    )
    return session.scalar(found.limit(1)) is not None


def last_move(session: Session, resident: Resident, until: date = date.max) -> StatusEvent | None:
    """The newest death, departure or return of the person that is in force, up to a day."""
    return session.scalars(
        select(StatusEvent)
        .where(
            StatusEvent.resident_id == resident.id,
            StatusEvent.disease.is_(None),
            StatusEvent.status.in_([*GONE, Status.ACTIVE]),
            StatusEvent.approved_at.is_not(None),
            StatusEvent.withdrawn_at.is_(None),
            StatusEvent.on <= until,
        )
        .order_by(StatusEvent.on.desc(), StatusEvent.recorded_at.desc(), StatusEvent.id.desc())
        .limit(1)
    ).first()


def _tried_often(session: Session, resident: Resident, on: date) -> None:
    days = attempt_days(session, resident.id, on)
    if len(days) < ATTEMPT_DAYS:
        raise refuse("status", "too_few_attempts", n=len(days), needed=ATTEMPT_DAYS)


def attempt_days(session: Session, resident_id: UUID, on: date) -> set[date]:
    """Different days up to `on` with an attempt since the person was last seen or came back."""
    seen = session.scalar(
        select(func.max(Judgement.visit_date)).where(
            Judgement.resident_id == resident_id, Judgement.evaluated, Judgement.visit_date <= on
        )
    )
    moments = session.scalars(
        select(ContactAttempt.attempted_at).where(ContactAttempt.resident_id == resident_id)
    )
    days = {moment.astimezone(clock.zone()).date() for moment in moments}
    return {day for day in days if day <= on and (seen is None or day > seen)}
