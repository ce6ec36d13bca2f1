"""Places on disease registers: enrol a person once for each disease."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Condition, Resident
from tracker.schemas.condition import ConditionIn
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.services import audit
from tracker.services.course import course
from tracker.services.resident.resident import open_record
from tracker.services.sender import Sender
from tracker.services.visit.repeat import fingerprint
from tracker.services.visit.rules import dead_on


def enrol(session: Session, sender: Sender, resident_id: UUID, given: ConditionIn) -> tuple[Condition, bool]:
    """The new place and True, or what the same body made before and False; another body is a conflict."""
    resident = open_record(session, sender, resident_id)
    known = session.scalars(
        select(Condition).where(Condition.resident_id == resident.id, Condition.disease == given.disease)
    ).one_or_none()
    if known is not None:
        if (known.diagnosed_on, known.enrolled_on) != (given.diagnosed_on, given.enrolled_on):
            raise Refused(
                Problem("disease", "already_enrolled", {"on": known.enrolled_on.isoformat()}), conflict=True
            )
        return known, False
    _refuse_impossible(session, sender, resident, given)
    condition = Condition(
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=given.disease,
        diagnosed_on=given.diagnosed_on,
        enrolled_on=given.enrolled_on,
        body_hash=fingerprint(given),
        created_at=sender.at,
        created_by=sender.staff.id,
    )
    session.add(condition)
    course.rewrite(session, [resident], sender.at)
    audit.record(
        session, sender.actor, sender.at, "enrol condition", "condition", condition.id,
        village_code=resident.village_code, details={"disease": str(given.disease)},
    )  # fmt: skip
    return condition, True


def _refuse_impossible(session: Session, sender: Sender, resident: Resident, given: ConditionIn) -> None:
    if given.enrolled_on > sender.today:
        raise refuse("enrolled_on", "future", today=sender.today.isoformat())
    for name, day in (("diagnosed_on", given.diagnosed_on), ("enrolled_on", given.enrolled_on)):
        if day is not None and day < resident.birth_date:
            raise refuse(name, "before_birth", on=resident.birth_date.isoformat())
    died_on = dead_on(session, resident)
    if died_on is not None and given.enrolled_on > died_on:
        raise refuse("enrolled_on", "after_death", on=died_on.isoformat())
