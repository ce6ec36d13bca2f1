"""Tries to reach people: what is heard of a death or a move becomes a report of its own."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.attempt import PROMISED_AHEAD
from tracker.domain.terms import Status
from tracker.models import AttemptOutcome, ContactAttempt, Resident
from tracker.schemas.attempt import AttemptIn
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.course import course
from tracker.services.resident import status
from tracker.services.resident.resident import open_record
from tracker.services.sender import Sender
from tracker.services.visit.repeat import earlier, fingerprint, taken
from tracker.services.visit.rules import CLOCK_AHEAD, dead_on, refuse_after_leaving

HEARD = {AttemptOutcome.DIED: Status.DEAD, AttemptOutcome.MOVED: Status.MOVED_OUT}


def record(
    session: Session, sender: Sender, resident_id: UUID, given: AttemptIn
) -> tuple[ContactAttempt, bool]:
    """The new attempt and True, or what the same body made before and False."""
    made_on = min(given.attempted_at.astimezone(clock.zone()).date(), sender.today)
    resident = open_record(session, sender, resident_id, made_on)
    known = earlier(session, ContactAttempt, given.id, given)
    if known is not None:
        if known.resident_id != resident.id:
            raise taken()
        return known, False
    _refuse_impossible(session, sender, resident, given)
    attempt = ContactAttempt(
        id=given.id or uuid4(),
        resident_id=resident.id,
        village_code=resident.village_code,
        attempted_at=given.attempted_at,
        outcome=given.outcome,
        until=given.until,
        note=given.note.strip(),
        body_hash=fingerprint(given),
        recorded_at=sender.at,
        staff_id=sender.staff.id,
    )
    session.add(attempt)
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "record attempt", "attempt", attempt.id,
        village_code=resident.village_code, details={"outcome": str(given.outcome)},
    )  # fmt: skip
    if given.outcome in HEARD:
        _report(session, sender, resident, given)
    return attempt, True


def _refuse_impossible(session: Session, sender: Sender, resident: Resident, given: AttemptIn) -> None:
    day = given.attempted_at.astimezone(clock.zone()).date()
    refuse_after_leaving(sender, day, "attempted_at")
    if given.attempted_at > sender.at + CLOCK_AHEAD:
        raise refuse("attempted_at", "future", today=sender.today.isoformat())
    if day < resident.birth_date:
        raise refuse("attempted_at", "before_birth", on=resident.birth_date.isoformat())
    died_on = dead_on(session, resident)
    if died_on is not None and day > died_on:
        raise refuse("attempted_at", "after_death", on=died_on.isoformat())
    if given.until is not None and given.until < day:
        raise refuse("until", "promise_before")
    if given.until is not None and given.until > day + PROMISED_AHEAD:
        raise refuse("until", "promise_far")


def _report(session: Session, sender: Sender, resident: Resident, given: AttemptIn) -> None:
    heard_on = min(given.attempted_at.astimezone(clock.zone()).date(), sender.today)
    note = given.note.strip() or "联系时得知"
    status.report(session, sender, resident, HEARD[given.outcome], heard_on, note)
