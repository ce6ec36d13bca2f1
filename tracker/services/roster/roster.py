"""Importing a county's roster: what its rows would change, and changing it, some hundred people at a time.

The key is the ID number, or name, sex, birth date and village of who has none: a second run finds everybody
and adds nothing. Whoever calls commits after each part; a part that was lost is simply read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracker.domain.contract import TerminationReason
from tracker.domain.finding import Finding, Result
from tracker.domain.roster import RosterRow
from tracker.domain.terms import Status
from tracker.models import Condition, Resident, StatusEvent
from tracker.models.base import Base
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.contract import contract
from tracker.services.course import course
from tracker.services.resident import archive, residence
from tracker.services.roster.care import add_care
from tracker.services.roster.draft import Draft, Setting, draft, usable
from tracker.services.roster.record import keys_of, load
from tracker.services.roster.rows import fill
from tracker.services.store.bulk import Bulk, run, table_of

PEOPLE_AT_ONCE = 500
"""Few enough that others who write wait for a fraction of a second."""
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
    _change(session, [made for made in drafts if not made.new])
    bulk = Bulk()
    fill(bulk, drafts, setting)
    bulk.store(session)
    _bury(session, [made for made in drafts if made.dies], setting, actor)
    _derive(session, drafts, setting)
    counted = {"created": part.created, "changed": part.changed}
    audit.record(session, actor, setting.at, "import residents", "roster", "", details=counted)
    session.flush()
    return part


def _drafts(
    session: Session, rows: Sequence[RosterRow], setting: Setting, *, lock: bool
) -> list[Draft | Finding]:
    keys = [keys_of(row) for row in rows]
    records = load(session, setting.county.code, rows, keys, lock=lock)
    brought = {row.archive_number for row in rows if row.archive_number and usable(row.archive_number)}
    taken = (
        set(session.scalars(select(Resident.archive_no).where(Resident.archive_no.in_(brought))))
        if brought
        else set()
    )
    found = [draft(row, known, records, setting, taken) for row, known in zip(rows, keys, strict=True)]
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
    brought = {made.archive_number for made in drafts}
    by_village: dict[str, list[Draft]] = defaultdict(list)
    for made in drafts:
        if not made.archive_number:
            by_village[made.village_code].append(made)
    for village_code in sorted(by_village):
        people = by_village[village_code]
        spare = sum(number.startswith(village_code) for number in brought)
        numbers = archive.reserve(session, village_code, len(people) + spare)
        free = (number for number in numbers if number not in brought)
        for made in people:
            made.archive_number = next(free)


def _change(session: Session, drafts: Sequence[Draft]) -> None:
    """What people on file lacked, a statement for each set of columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    diagnosed = []
    for made in drafts:
        if made.fills:
            by_columns[tuple(sorted(made.fills))].append({"key": made.key, **made.fills})
        diagnosed += [{"key": key, "diagnosed_on": on} for key, on in made.diagnosed.items()]
    for rows in by_columns.values():
        _update(session, Resident, rows)
    _update(session, Condition, diagnosed)


def _update(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    table = table_of(model)
    run(session.connection(), update(table).where(table.c.id == bindparam("key")), rows)


def _bury(session: Session, drafts: Sequence[Draft], setting: Setting, actor: Actor) -> None:
    """Dead on the day of the import, an estimated one: the contract and the residence end with it."""
    people = course.lock_residents(session, [made.key for made in drafts]) if drafts else {}
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
    ids = [made.key for made in drafts if made.dies or (not made.new and made.replays)]
    if ids:
        people = course.lock_residents(session, ids)
        course.rewrite(session, [people[key] for key in sorted(people)], setting.at)
