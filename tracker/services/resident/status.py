"""What happens to people: reporting, approving and taking back deaths, losses, moves and absences.

Source: management statuses of the national specification (loss needs three attempts on three days) and the
rule that a village doctor's death or loss waits for the team lead.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.contract import TerminationReason
from tracker.domain.roles import CARE, LEADS, Role
from tracker.domain.terms import Status
from tracker.models import Resident, StatusEvent
from tracker.schemas.problem import refuse
from tracker.schemas.status import StatusIn
from tracker.services import audit
from tracker.services.contract import contract
from tracker.services.course import course
from tracker.services.resident import residence
from tracker.services.resident.resident import open_record
from tracker.services.resident.status_rules import GONE, REOPENS, check, last_move
from tracker.services.sender import Sender
from tracker.services.workforce import scope

WAITING = frozenset({Status.DEAD, Status.LOST})
"""What a village doctor reports and a lead has to approve."""
ENDS_CONTRACT = {Status.DEAD: TerminationReason.DEATH, Status.MOVED_OUT: TerminationReason.MOVED_OUT}


def post(session: Session, sender: Sender, resident_id: UUID, given: StatusIn) -> tuple[StatusEvent, bool]:
    """The new event and True, or the same one as before and False; Refused when it cannot be."""
    resident = _open(session, sender, resident_id, given.status)
    same = _same(session, resident, given)
    if same is not None:
        if same.approved_at is None and sender.staff.role in LEADS:
            approve(session, sender, same)
        return same, False
    check(session, sender, resident, given)
    event = _event(sender, resident, given)
    event.approved_at, event.approved_by = _approval(sender, given.status, waits=WAITING)
    return add(session, sender, resident, event), True


def _open(session: Session, sender: Sender, resident_id: UUID, status: Status) -> Resident:
    """The person, locked. The commission may bring somebody back, and nothing else."""
    if sender.staff.role in CARE:
        return open_record(session, sender, resident_id)
    own = scope.scope_of(session, sender.staff, sender.today)
    resident = course.lock_residents(session, [resident_id]).get(resident_id)
    allowed = sender.staff.role is Role.COMMISSION and status is Status.ACTIVE
    if resident is None or not allowed or not own.covers(resident.village_code):
        raise scope.NotFound("resident")
    return resident


def _event(sender: Sender, resident: Resident, given: StatusIn) -> StatusEvent:
    # A transfer inside the county lasts for its day: the new team goes on with an active person.
    until = given.on if given.region_code is not None else given.until
    return StatusEvent(
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=given.disease,
        status=given.status,
        on=given.on,
        until=until,
        reason=given.reason.strip(),
        to_village_code=given.region_code,
        recorded_at=sender.at,
        staff_id=sender.staff.id,
    )


def _approval(
    sender: Sender, status: Status, waits: frozenset[Status]
) -> tuple[datetime | None, UUID | None]:
    if sender.staff.role is Role.VILLAGE_DOCTOR and status in waits:
        return None, None
    return sender.at, sender.staff.id


def _same(session: Session, resident: Resident, given: StatusIn) -> StatusEvent | None:
    found = session.scalars(
        select(StatusEvent)
        .where(
            StatusEvent.resident_id == resident.id,
            StatusEvent.status == given.status,
            StatusEvent.on == given.on,
            StatusEvent.reason == given.reason.strip(),
            StatusEvent.withdrawn_at.is_(None),
        )
        .order_by(StatusEvent.recorded_at, StatusEvent.id)
    )
    return next((e for e in found if e.disease == given.disease), None)


def add(session: Session, sender: Sender, resident: Resident, event: StatusEvent) -> StatusEvent:
    """Keep an event and, unless it waits for approval, let it take effect."""
    session.add(event)
    session.flush()
    audit.record(
        session, sender.actor, sender.at, "record status", "status", event.id,
        village_code=resident.village_code, details={"status": str(event.status)},
        result="done" if event.approved_at else "pending",
    )  # fmt: skip
    if event.approved_at is not None:
        take_effect(session, sender, resident, event)
    return event


def take_effect(session: Session, sender: Sender, resident: Resident, event: StatusEvent) -> None:
    """What follows from an event in force: the contract, the residence, the replayed course."""
    if event.status in GONE:
        reason = ENDS_CONTRACT[event.status]
        contract.end_for_status(session, resident, event.on, reason, sender.actor, sender.at)
        residence.end(session, resident, event.on)
    elif event.status is Status.ACTIVE and event.disease is None:
        residence.reopen(session, resident, event.on)
        _end_residence(session, resident)
    elif event.to_village_code is not None:
        residence.move(session, sender, resident, event.to_village_code, event.on)
        _end_residence(session, resident)
    course.rewrite(session, [resident], sender.at)


def _end_residence(session: Session, resident: Resident) -> None:
    """What is told late of the time before a death or a departure does not undo it."""
    last = last_move(session, resident)
    if last is not None and last.status in GONE:
        residence.end(session, resident, last.on)


def approve(session: Session, sender: Sender, event: StatusEvent) -> None:
    """A lead's yes to a reported death or loss; one that was approved or refused before stays as it is."""
    resident = _judged(session, sender, event)
    if event.approved_at is not None or event.withdrawn_at is not None:
        return
    event.approved_at, event.approved_by = sender.at, sender.staff.id
    _note(session, sender, event, "approve status")
    session.flush()
    take_effect(session, sender, resident, event)


def withdraw(session: Session, sender: Sender, event: StatusEvent, reason: str) -> None:
    """Take an event back (a refused report, a death that was a mistake); it stays on file."""
    resident = _judged(session, sender, event)
    if event.withdrawn_at is not None:
        return
    if not reason.strip():
        raise refuse("reason", "reason_needed")
    if event.approved_at is not None and event.status in GONE and sender.staff.role not in REOPENS:
        raise refuse("status", "reopen_role")
    in_force = event.approved_at is not None
    event.withdrawn_at = sender.at
    _note(session, sender, event, "withdraw status", reason=reason.strip())
    session.flush()
    if in_force and event.status in GONE:
        residence.reopen(session, resident, event.on)
        _end_residence(session, resident)
    course.rewrite(session, [resident], sender.at)


def _judged(session: Session, sender: Sender, event: StatusEvent) -> Resident:
    """The person of an event that this lead may decide on, locked."""
    resident = course.lock_residents(session, [event.resident_id])[event.resident_id]
    session.refresh(event)
    own = scope.scope_of(session, sender.staff, sender.today)
    if sender.staff.role not in LEADS | {Role.COMMISSION}:
        raise scope.NotFound("status")
    if sender.staff.role in LEADS and not scope.responsible_on(session, sender.staff, resident, sender.today):
        raise scope.NotFound("status")
    if sender.staff.role is Role.COMMISSION and not own.covers(resident.village_code):
        raise scope.NotFound("status")
    return resident


def _note(session: Session, sender: Sender, event: StatusEvent, action: str, reason: str = "") -> None:
    audit.record(
        session, sender.actor, sender.at, action, "status", event.id,
        village_code=event.village_code, reason=reason, details={"status": str(event.status)},
    )  # fmt: skip


def report(session: Session, sender: Sender, resident: Resident, status: Status, on: date, note: str) -> None:
    """A death or a move heard of in a contact attempt; nothing where the person is known to be gone."""
    known = session.scalar(
        select(StatusEvent.id)
        .where(
            StatusEvent.resident_id == resident.id,
            StatusEvent.status == status,
            StatusEvent.withdrawn_at.is_(None),
        )
        .limit(1)
    )
    if known is not None:
        return
    given = StatusIn(status=status, on=on, reason=note)
    event = _event(sender, resident, given)
    event.date_estimated = True
    event.approved_at, event.approved_by = _approval(sender, status, waits=GONE)
    add(session, sender, resident, event)


def silenced(session: Session, resident_ids: list[UUID]) -> set[UUID]:
    """People of whom a death is reported: no reminders, although nobody has approved it yet."""
    return set(
        session.scalars(
            select(StatusEvent.resident_id).where(
                StatusEvent.resident_id.in_(resident_ids),
                StatusEvent.status == Status.DEAD,
                StatusEvent.approved_at.is_(None),
                StatusEvent.withdrawn_at.is_(None),
            )
        )
    )
