"""Yearly health check-ups: date, institution and key results."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from tracker.models import Checkup
from tracker.schemas.checkup import CheckupIn
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.resident.resident import open_record
from tracker.services.sender import Sender
from tracker.services.visit.repeat import earlier, fingerprint, taken
from tracker.services.visit.rules import dead_on


def record(session: Session, sender: Sender, resident_id: UUID, given: CheckupIn) -> tuple[Checkup, bool]:
    """The new check-up and True, or what the same body made before and False."""
    resident = open_record(session, sender, resident_id)
    known = earlier(session, Checkup, given.id, given)
    if known is not None:
        if known.resident_id != resident.id:
            raise taken()
        return known, False
    if given.checked_on > sender.today:
        raise refuse("checked_on", "future", today=sender.today.isoformat())
    if given.checked_on < resident.birth_date:
        raise refuse("checked_on", "before_birth", on=resident.birth_date.isoformat())
    died_on = dead_on(session, resident)
    if died_on is not None and given.checked_on > died_on:
        raise refuse("checked_on", "after_death", on=died_on.isoformat())
    checkup = Checkup(
        id=given.id or uuid4(),
        resident_id=resident.id,
        village_code=resident.village_code,
        checked_on=given.checked_on,
        institution=given.institution.strip(),
        results=dict(given.results),
        body_hash=fingerprint(given),
        recorded_at=sender.at,
        staff_id=sender.staff.id,
    )
    session.add(checkup)
    session.flush()
    audit.record(
        session, sender.actor, sender.at, "record checkup", "checkup", checkup.id,
        village_code=resident.village_code,
    )  # fmt: skip
    return checkup, True
