"""Importing a county's roster: what its rows would change, and changing it, some hundred people at a time.

The key is the ID number, or name, sex, birth date and village of who has none: a second run finds everybody
and adds nothing. Whoever calls commits after each part; a part that was lost is simply read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.contract import TerminationReason
from tracker.domain.finding import Finding, Result
from tracker.domain.person import Group
from tracker.domain.roster import RosterRow
from tracker.domain.terms import Status
from tracker.models import (
    ContractPackage,
    Residence,
    Resident,
    ResidentInitials,
    ResidentPhone,
    StatusEvent,
    VisitVersion,
)
from tracker.services import archive, audit, contract, course, residence
from tracker.services.audit import Actor
from tracker.services.bulk import Bulk
from tracker.services.course_bulk import rows_of_new
from tracker.services.history import History
from tracker.services.identity import phone_key, phone_tail_key
from tracker.services.initials import initials_of
from tracker.services.roster_care import add_care
from tracker.services.roster_draft import Draft, Setting, draft, usable
from tracker.services.roster_record import load

PEOPLE_AT_ONCE = 250
"""They bring fewer than two thousand rows of all tables."""
DEATH_REASON = "名册标为已故"


@dataclass(slots=True)
class Part:
    """What some rows came to."""

    findings: list[Finding] = field(default_factory=list)
    accepted: int = 0
    created: int = 0
    changed: int = 0


def plan(session: Session, rows: Sequence[RosterRow], setting: Setting) -> Part:
    """The same as `apply` would answer; nothing is written."""
    return _sum(_drafts(session, rows, setting, lock=False))


def apply(session: Session, rows: Sequence[RosterRow], setting: Setting, actor: Actor) -> Part:
    """Store what these rows bring. The session is writing; on an error roll back and try fewer rows."""
    found = _drafts(session, rows, setting, lock=True)
    part = _sum(found)
    drafts = [made for made in found if isinstance(made, Draft) and (made.new or made.changed)]
    if not drafts:
        return part
    _number(session, [made for made in drafts if made.new])
    _change(made for made in drafts if not made.new)
    session.flush()
    _insert(session, drafts, setting)
    _bury(session, [made for made in drafts if made.dies], setting, actor)
    _derive(session, drafts, setting)
    counted = {"created": part.created, "changed": part.changed}
    audit.record(session, actor, setting.at, "import residents", "roster", "", details=counted)
    session.flush()
    return part


def _drafts(
    session: Session, rows: Sequence[RosterRow], setting: Setting, *, lock: bool
) -> list[Draft | Finding]:
    records = load(session, setting.county.code, rows, lock=lock)
    brought = {row.archive_number for row in rows if row.archive_number and usable(row.archive_number)}
    taken = (
        set(session.scalars(select(Resident.archive_no).where(Resident.archive_no.in_(brought))))
        if brought
        else set()
    )
    found = [draft(row, records, setting, taken) for row in rows]
    for made in found:
        if isinstance(made, Draft):
            add_care(made, setting)
    return found


def _sum(found: Iterable[Draft | Finding]) -> Part:
    part = Part()
    for made in found:
        if isinstance(made, Finding):
            part.findings.append(made)
            part.accepted += made.result is not Result.REFUSED
            continue
        part.findings += made.findings
        part.accepted += 1
        part.created += made.new
        part.changed += made.changed
    return part


def _number(session: Session, drafts: Sequence[Draft]) -> None:
    """Archive numbers for new people that brought none."""
    brought = {made.resident.archive_no for made in drafts}
    by_village: dict[str, list[Resident]] = defaultdict(list)
    for made in drafts:
        if not made.resident.archive_no:
            by_village[made.resident.village_code].append(made.resident)
    for village_code in sorted(by_village):
        residents = by_village[village_code]
        spare = sum(number.startswith(village_code) for number in brought)
        numbers = archive.reserve(session, village_code, len(residents) + spare)
        free = (number for number in numbers if number not in brought)
        for resident in residents:
            resident.archive_no = next(free)


def _change(drafts: Iterable[Draft]) -> None:
    for made in drafts:
        for name, value in made.fills.items():
            setattr(made.resident, name, value)
        for condition in made.record.conditions.values() if made.record else ():
            condition.diagnosed_on = made.diagnosed.get(condition.id, condition.diagnosed_on)


def _insert(session: Session, drafts: Sequence[Draft], setting: Setting) -> None:
    bulk = Bulk()
    # People who stay get what follows from their history along with it; the others are derived after.
    bulk.add_rows(rows_of_new((_history(made) for made in drafts if _at_once(made)), setting.at))
    for made in drafts:
        if made.new:
            _put_person(bulk, made)
        _put_phones(bulk, made)
        bulk.add([*made.groups, *made.conditions, *made.visits])
        for visit in made.visits:
            bulk.put(
                VisitVersion,
                visit_id=visit.id,
                version=1,
                kind="original",
                body=visit.body,
                received_at=setting.at,
                staff_id=setting.staff_id,
            )
        if made.contract is not None:
            bulk.add([made.contract])
            if setting.county.package_id is not None:
                bulk.put(ContractPackage, contract_id=made.contract.id, package_id=setting.county.package_id)
    bulk.store(session)


def _at_once(made: Draft) -> bool:
    return made.new and not made.dies and bool(made.conditions)


def _history(made: Draft) -> History:
    pregnancies = [group for group in made.groups if group.code == Group.PRG]
    return History(made.resident, made.conditions, made.visits, pregnancies=pregnancies)


def _put_person(bulk: Bulk, made: Draft) -> None:
    resident = made.resident
    key, village_code = resident.id, resident.village_code
    bulk.add([resident])
    bulk.put(Residence, id=uuid4(), resident_id=key, village_code=village_code, from_on=resident.birth_date)
    for initials in sorted(initials_of(resident.name)):
        bulk.put(ResidentInitials, resident_id=key, initials=initials, village_code=village_code)


def _put_phones(bulk: Bulk, made: Draft) -> None:
    first = 0 if made.record is None else len(made.record.phones)
    for position, phone in enumerate(made.phones, first):
        bulk.put(
            ResidentPhone,
            resident_id=made.resident.id,
            village_code=made.resident.village_code,
            position=position,
            number=phone.number,
            number_key=phone_key(phone.number),
            tail_key=phone_tail_key(phone.number),
            note=phone.remark[:40],
        )


def _bury(session: Session, drafts: Sequence[Draft], setting: Setting, actor: Actor) -> None:
    """Dead on the day of the import, an estimated one: the contract and the residence end with it."""
    people = course.lock_residents(session, [made.resident.id for made in drafts]) if drafts else {}
    for resident in people.values():
        event = StatusEvent(
            id=uuid4(),
            resident_id=resident.id,
            village_code=resident.village_code,
            status=Status.DEAD,
            on=setting.today,
            reason=DEATH_REASON,
            date_estimated=True,
            recorded_at=setting.at,
            staff_id=setting.staff_id,
            approved_at=setting.at,
            approved_by=setting.staff_id,
        )
        session.add(event)
        audit.record(
            session, actor, setting.at, "record status", "status", event.id,
            village_code=resident.village_code, details={"status": str(Status.DEAD)},
        )  # fmt: skip
        contract.end_for_status(session, resident, setting.today, TerminationReason.DEATH, actor, setting.at)
        residence.end(session, resident, setting.today)


def _derive(session: Session, drafts: Sequence[Draft], setting: Setting) -> None:
    """The courses of people on file and of the dead, through the one writer of them."""
    ids = [made.resident.id for made in drafts if made.dies or (not made.new and made.replays)]
    if ids:
        people = course.lock_residents(session, ids)
        course.rewrite(session, [people[key] for key in sorted(people)], setting.at)
