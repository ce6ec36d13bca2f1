"""What the county has on file about the people of a few roster rows: a statement per kind of record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.roster import RosterRow
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Condition,
    Contract,
    Resident,
    ResidentGroup,
    ResidentPhone,
    StatusEvent,
    Visit,
)
from tracker.services import course
from tracker.services.identity import document_key, paperless_key
from tracker.services.status_rules import GONE

MOVES = GONE | {Status.ACTIVE}


@dataclass(slots=True)
class Record:
    """One person on file, as far as a roster can add to it."""

    resident: Resident
    phones: set[bytes] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    conditions: dict[Disease, Condition] = field(default_factory=dict)
    visits: dict[date, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    contracts: list[Contract] = field(default_factory=list)
    events: list[StatusEvent] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        """Dead or moved away by the last event in force."""
        last = max(self._in_force(), key=lambda e: (e.on, e.recorded_at), default=None)
        return last is not None and last.status in GONE

    @property
    def death_waits(self) -> bool:
        return any(
            e.status is Status.DEAD and e.approved_at is None and e.withdrawn_at is None for e in self.events
        )

    @property
    def was_dead(self) -> bool:
        """A death is on file, taken back or not."""
        return any(e.status is Status.DEAD for e in self.events)

    def _in_force(self) -> list[StatusEvent]:
        return [e for e in self.events if e.approved_at is not None and e.withdrawn_at is None]


@dataclass(frozen=True, slots=True)
class Keys:
    """What a row's person is known by, with a number and without papers."""

    own: bytes
    without_papers: bytes


@dataclass(frozen=True, slots=True)
class Records:
    """Records by identity, and the places (name, birth, village) of people who may be the same."""

    keys: dict[tuple[str, int], Keys]
    by_key: dict[bytes, Record]
    namesakes: frozenset[tuple[str, date, str]]

    def of(self, row: RosterRow) -> Record | None:
        """By ID number; else who awaits papers under this name, sex, birth date and village."""
        keys = self.keys[row.place]
        return self.by_key.get(keys.own) or self.by_key.get(keys.without_papers)


def keys_of(row: RosterRow) -> Keys:
    bare = paperless_key(row.name, row.sex, row.birth_date, row.village_code, None)
    return Keys(bare if row.id_number is None else document_key(row.id_number), bare)


def load(session: Session, county_code: str, rows: Sequence[RosterRow], *, lock: bool) -> Records:
    """`lock` holds the people's rows until the transaction ends."""
    keys = {row.place: keys_of(row) for row in rows}
    identities = {key for found in keys.values() for key in (found.own, found.without_papers)}
    wanted = select(Resident).where(
        Resident.county_code == county_code, Resident.identity_key.in_(identities)
    )
    residents = session.scalars(wanted).all()
    if lock and residents:
        course.lock_residents(session, [r.id for r in residents])
    records = {r.id: Record(r) for r in residents}
    if records:
        _fill(session, records)
    return Records(keys, {r.resident.identity_key: r for r in records.values()}, _namesakes(session, rows))


def _fill(session: Session, records: dict[UUID, Record]) -> None:
    for model, keep in KEEP.items():
        for row in session.scalars(select(model).where(model.resident_id.in_(list(records)))):
            keep(records[row.resident_id], row)


def _keep_event(record: Record, event: StatusEvent) -> None:
    if event.disease is None and event.status in MOVES:
        record.events.append(event)


KEEP: dict[Any, Callable[[Record, Any], object]] = {
    ResidentPhone: lambda record, phone: record.phones.add(phone.number_key),
    ResidentGroup: lambda record, group: record.groups.add(group.code),
    Condition: lambda record, held: record.conditions.update({held.disease: held}),
    Visit: lambda record, visit: record.visits[visit.visit_date].append(visit),
    Contract: lambda record, contract: record.contracts.append(contract),
    StatusEvent: _keep_event,
}


def _namesakes(session: Session, rows: Sequence[RosterRow]) -> frozenset[tuple[str, date, str]]:
    """Asked only for rows without an ID number, of which there are few."""
    awaiting = [row for row in rows if row.id_number is None]
    if not awaiting:
        return frozenset()
    found = session.execute(
        select(Resident.name, Resident.birth_date, Resident.village_code).where(
            Resident.village_code.in_({row.village_code for row in awaiting}),
            Resident.name.in_({row.name for row in awaiting}),
            Resident.birth_date.in_({row.birth_date for row in awaiting}),
        )
    )
    return frozenset((name, born, village) for name, born, village in found)
