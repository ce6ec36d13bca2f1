"""Residents: register, correct, open for writing, and show in full for a reason."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.calendar import age
from tracker.domain.person import OLDEST
from tracker.domain.roles import REVEALS
from tracker.models import Audit, Resident, ResidentInitials, ResidentPhone
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.schemas.resident import ResidentIn
from tracker.services import audit
from tracker.services.course import course
from tracker.services.resident import archive, group, residence
from tracker.services.resident.identity import (
    document_key,
    paperless_key,
    phone_key,
    phone_tail_key,
    tail_key,
)
from tracker.services.resident.initials import initials_of
from tracker.services.sender import Sender
from tracker.services.visit.repeat import earlier, fingerprint, taken
from tracker.services.workforce import scope

REVEALS_A_DAY = 30
COLUMNS = (
    "name", "sex", "birth_date", "id_type", "no_id_reason", "guardian_id", "address", "registered",
    "ethnicity", "height_cm", "allergies", "note",
)  # fmt: skip


def open_record(session: Session, sender: Sender, resident_id: UUID, day: date | None = None) -> Resident:
    """The person, locked, if the sender answers for them, or did on that `day`; NotFound otherwise."""
    resident = course.lock_residents(session, [resident_id]).get(resident_id)
    days = {sender.entitled_on, day or sender.entitled_on}
    if resident is None or not any(
        scope.responsible_on(session, sender.staff, resident, each) for each in days
    ):
        raise scope.NotFound("resident")
    return resident


def answers_for(session: Session, sender: Sender, resident: Resident) -> bool:
    """Whether the sender may write about the person today."""
    return scope.responsible_on(session, sender.staff, resident, sender.today)


def create(session: Session, sender: Sender, given: ResidentIn) -> tuple[Resident, bool]:
    """The new person and True, or the one that the same body made before and False.

    Refused when it contradicts the county's records: as a conflict where the person is known already.
    """
    own = scope.scope_of(session, sender.staff, sender.entitled_on)
    known = earlier(session, Resident, given.id, given)
    if known is not None:
        if not own.covers(known.village_code):
            raise taken()
        return known, False
    if not own.covers(given.region_code) or not residence.is_village(session, given.region_code):
        raise refuse("region_code", "no_village")
    _refuse_impossible(sender, given)
    resident = _new(sender, given)
    _refuse_duplicate(session, sender, own, resident)
    resident.archive_no = archive.next_number(session, resident.village_code)
    _store(session, sender, own, resident)
    _write_phones(session, resident, given)
    write_initials(session, resident)
    residence.begin(session, resident)
    group.enter(session, resident, given.groups, given.pregnancy, since=resident.birth_date, on=sender.today)
    session.flush()
    _audit(session, sender, resident, "create resident")
    return resident, True


def _refuse_impossible(sender: Sender, given: ResidentIn) -> None:
    if given.birth_date > sender.today:
        raise refuse("birth_date", "future", today=sender.today.isoformat())
    if age(given.birth_date, sender.today) > OLDEST:
        raise refuse("birth_date", "too_old", oldest=OLDEST)


def _new(sender: Sender, given: ResidentIn) -> Resident:
    resident = Resident(
        id=given.id or uuid4(),
        county_code=given.region_code[:6],
        village_code=given.region_code,
        body_hash=fingerprint(given),
        created_at=sender.at,
        created_by=sender.staff.id,
    )
    _fill(resident, given)
    return resident


def _fill(resident: Resident, given: ResidentIn) -> list[str]:
    """Write what was typed; answers the names of what changed."""
    changed = [name for name in COLUMNS if getattr(resident, name) != getattr(given, name)]
    for name in changed:
        setattr(resident, name, getattr(given, name))
    if resident.id_number != given.id_number:
        resident.id_number = given.id_number
        changed.append("id_number")
    number = given.id_number
    resident.id_tail = None if number is None else tail_key(number)
    resident.identity_key = (
        document_key(number, given.id_type)
        if number is not None
        else paperless_key(given.name, given.sex, given.birth_date, resident.village_code, given.guardian_id)
    )
    return changed


def _refuse_duplicate(session: Session, sender: Sender, own: scope.Scope, resident: Resident) -> None:
    with session.no_autoflush:
        other = session.scalars(
            select(Resident).where(
                Resident.county_code == resident.county_code,
                Resident.identity_key == resident.identity_key,
                Resident.id != resident.id,
            )
        ).one_or_none()
    if other is None:
        return
    field = "name" if resident.id_number is None else "id_number"
    seen = own.covers(other.village_code) and own.sees_full
    if seen:
        code = "duplicate_unnumbered" if resident.id_number is None else "duplicate_here"
        code = code if sender.device_id is None else "duplicate_known"  # nothing closes a reason on a phone
        found = Problem(field, code, {"name": other.name, "archive": other.archive_no})
        raise Refused(found, conflict=True, known=other.id)
    raise Refused(Problem(field, "duplicate_elsewhere"), conflict=True)


def _store(session: Session, sender: Sender, own: scope.Scope, resident: Resident) -> None:
    """Two who register one person at the same moment: the second one is told like anybody later."""
    try:
        with session.begin_nested():
            session.add(resident)
    except IntegrityError:
        session.expunge(resident) if resident in session else None
        _refuse_duplicate(session, sender, own, resident)
        raise taken() from None


def _write_phones(session: Session, resident: Resident, given: ResidentIn) -> None:
    session.execute(delete(ResidentPhone).where(ResidentPhone.resident_id == resident.id))
    for position, phone in enumerate(given.telephones()):
        session.add(
            ResidentPhone(
                resident_id=resident.id,
                village_code=resident.village_code,
                position=position,
                number=phone.number,
                number_key=phone_key(phone.number),
                tail_key=phone_tail_key(phone.number),
                note=phone.remark[:40],
            )
        )


def write_initials(session: Session, resident: Resident) -> None:
    """Replace the ways to find the name by its initials."""
    session.execute(delete(ResidentInitials).where(ResidentInitials.resident_id == resident.id))
    for initials in sorted(initials_of(resident.name)):
        session.add(
            ResidentInitials(resident_id=resident.id, initials=initials, village_code=resident.village_code)
        )


def edit(session: Session, sender: Sender, resident: Resident, given: ResidentIn) -> None:
    """Correct the record; another village is a move from today. Refused like `create`."""
    _refuse_impossible(sender, given)
    own = scope.scope_of(session, sender.staff, sender.today)
    if given.region_code != resident.village_code:
        residence.move(session, sender, resident, given.region_code, sender.today)
    with session.no_autoflush:
        changed = _fill(resident, given)
        _refuse_duplicate(session, sender, own, resident)
    _write_phones(session, resident, given)
    write_initials(session, resident)
    group.enter(session, resident, given.groups, given.pregnancy, since=sender.today, on=sender.today)
    session.flush()
    course.rewrite(session, [resident], sender.at)
    _audit(session, sender, resident, "edit resident", details={"changed": changed})


def reveal(session: Session, sender: Sender, resident: Resident, reason: str) -> None:
    """Note who looks at the full record and why; Refused without a reason or past the day's quota."""
    if not reason.strip():
        raise refuse("reason", "reason_needed")
    if sender.staff.role not in REVEALS:
        raise scope.NotFound("resident")
    start = datetime.combine(sender.today, time(), clock.zone())
    seen = session.scalar(
        select(func.count())
        .select_from(Audit)
        .where(
            Audit.staff_id == sender.staff.id,
            Audit.action == "reveal resident",
            Audit.at >= start,
            Audit.at < start + timedelta(days=1),
        )
    )
    if (seen or 0) >= REVEALS_A_DAY:
        raise refuse("reason", "reveal_quota", most=REVEALS_A_DAY)
    _audit(session, sender, resident, "reveal resident", reason=reason.strip())


def _audit(
    session: Session,
    sender: Sender,
    resident: Resident,
    action: str,
    *,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        session, sender.actor, sender.at, action, "resident", resident.id,
        village_code=resident.village_code, reason=reason, details=details,
    )  # fmt: skip
