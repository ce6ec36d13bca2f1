"""What the county has on file about the people of a few roster rows: a statement per kind of record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
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
from tracker.models.among import among
from tracker.services.resident.identity import document_key, paperless_key
from tracker.services.resident.status_rules import GONE
from tracker.services.store.trip import Answers, rows_of

MOVES = GONE | {Status.ACTIVE}


@dataclass(slots=True)
class Record:
    """One person on file, as far as a roster can add to it; rows of plain columns."""

    resident: Any
    phones: set[bytes] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    conditions: dict[Disease, Any] = field(default_factory=dict)
    visits: dict[date, list[Any]] = field(default_factory=lambda: defaultdict(list))
    contracts: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)

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

    def _in_force(self) -> list[Any]:
        return [e for e in self.events if e.approved_at is not None and e.withdrawn_at is None]


@dataclass(frozen=True, slots=True)
class Keys:
    """What a row's person is known by, with a number and without papers."""

    own: bytes
    without_papers: bytes


@dataclass(frozen=True, slots=True)
class Records:
    """Records by identity, and the places (name, birth, village) of people who may be the same."""

    by_key: dict[bytes, Record]
    namesakes: frozenset[tuple[str, date, str]]

    def of(self, keys: Keys) -> Record | None:
        """By ID number; else who awaits papers under this name, sex, birth date and village."""
        return self.by_key.get(keys.own) or self.by_key.get(keys.without_papers)


def keys_of(row: RosterRow) -> Keys:
    bare = paperless_key(row.name, row.sex, row.birth_date, row.village_code, None)
    return Keys(bare if row.id_number is None else document_key(row.id_number), bare)


def load(
    session: Session, county_code: str, rows: Sequence[RosterRow], keys: Sequence[Keys], *, lock: bool
) -> Records:
    """`keys` are those of the rows; `lock` holds the people's rows until the transaction ends."""
    asked = {"county": county_code, "keys": list({key for k in keys for key in (k.own, k.without_papers)})}
    connection = session.connection()
    records = {r.id: Record(r) for r in rows_of(connection, (_people(lock), asked))}
    if records:
        people = {"people": list(records)}
        held = Answers(connection, {model.__tablename__: (_of_people(model), people) for model in KEEP})
        for model, keep in KEEP.items():
            for found in held[model.__tablename__]:
                keep(records[found.resident_id], found)
    return Records({r.resident.identity_key: r for r in records.values()}, _namesakes(session, rows))


@cache
def _people(lock: bool) -> Any:
    columns = (
        Resident.id, Resident.identity_key, Resident.name, Resident.village_code, Resident.archive_no,
        Resident.registered, Resident.address, Resident.ethnicity, Resident.note, Resident.birth_date,
        Resident.id_number.is_not(None).label("numbered"),
    )  # fmt: skip
    asked = select(*columns).where(
        Resident.county_code == bindparam("county"), among(Resident.identity_key, "keys")
    )
    return asked.order_by(Resident.id).with_for_update() if lock else asked


@cache
def _of_people(model: Any) -> Any:
    columns = [getattr(model, name).label(name) for name in ("resident_id", *READ[model])]
    return select(*columns).where(among(model.resident_id, "people"))


def _keep_event(record: Record, event: Any) -> None:
    if event.disease is None and event.status in MOVES:
        record.events.append(event)


READ: dict[Any, tuple[str, ...]] = {
    ResidentPhone: ("number_key",),
    ResidentGroup: ("code",),
    Condition: ("id", "disease", "enrolled_on", "diagnosed_on"),
    Visit: ("id", "visit_date", "voided_at", "sbp", "dbp", "fpg"),
    Contract: ("id", "team_id", "start_on", "end_on", "occupied_until"),
    StatusEvent: ("disease", "status", "on", "recorded_at", "approved_at", "withdrawn_at"),
}
"""The columns of a person's records that a roster is compared with."""

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
    asked = {
        "villages": list({row.village_code for row in awaiting}),
        "names": list({row.name for row in awaiting}),
        "days": list({row.birth_date for row in awaiting}),
    }
    return frozenset(rows_of(session.connection(), (_alike(), asked)))


@cache
def _alike() -> Any:
    return select(Resident.name, Resident.birth_date, Resident.village_code).where(
        among(Resident.village_code, "villages"),
        among(Resident.name, "names"),
        among(Resident.birth_date, "days"),
    )
