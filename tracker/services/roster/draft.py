"""What one roster row makes of one person: a new record, additions to the one on file, or nothing.

Nothing on file is overwritten: empty fields are filled, what contradicts the record is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tracker.domain.contract import ContractKind, Term
from tracker.domain.finding import Finding, Result
from tracker.domain.headers import Column
from tracker.domain.person import Group
from tracker.domain.phones import Phone
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit
from tracker.domain.terms import Disease
from tracker.services.resident.identity import phone_key, tail_key
from tracker.services.roster.place import County
from tracker.services.roster.record import Keys, Record, Records
from tracker.services.store.rising import rising

ARCHIVE_NUMBER = re.compile(r"[0-9A-Z-]{4,20}")
OWN_FORM, LAST_BROUGHT = re.compile(r"\d{17}"), "90000"
"""A serial near the end of our own form would use up a village's numbers."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Who imports when and where; `archive` remembers which row brought an archive number."""

    county: County
    today: date
    at: datetime
    staff_id: UUID | None = None
    archive: dict[str, tuple[str, int]] = field(default_factory=dict)
    ids: Iterator[UUID] = field(init=False)
    """Of everything new."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", rising(self.at))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A register to enter: its first day, and the day of diagnosis where it is told."""

    disease: Disease
    enrolled_on: date
    diagnosed_on: date | None


@dataclass(frozen=True, slots=True)
class Signing:
    """A contract on paper to add, and the one that it follows."""

    term: Term
    team_id: UUID
    kind: ContractKind
    predecessor_id: UUID | None


@dataclass(slots=True)
class Draft:
    """`record` is None for a new person; the lists hold only what is to be added."""

    row: RosterRow
    keys: Keys
    key: UUID
    record: Record | None = None
    archive_number: str = ""
    fills: dict[str, Any] = field(default_factory=dict)
    phones: Sequence[Phone] = ()
    groups: Sequence[Group] = ()
    enrolments: list[Enrolment] = field(default_factory=list)
    diagnosed: dict[UUID, date] = field(default_factory=dict)
    visits: list[RosterVisit] = field(default_factory=list)
    contract: Signing | None = None
    dies: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def new(self) -> bool:
        return self.record is None

    @property
    def village_code(self) -> str:
        """Where the person is: somebody on file is not moved by a roster."""
        village_code: str = (self.row if self.record is None else self.record.resident).village_code
        return village_code

    @property
    def replays(self) -> bool:
        """Whether a course has to be derived anew."""
        return bool(self.dies or self.enrolments or self.visits or self.groups)

    @property
    def changed(self) -> bool:
        added = self.phones or self.groups or self.enrolments or self.diagnosed or self.visits
        return not self.new and bool(self.fills or added or self.contract or self.dies)

    def note(self, column: Column, value: object, reason: Reason, **params: str) -> None:
        self.findings.append(self.row.found(column, str(value), Result.NOTE, reason, **params))


def draft(row: RosterRow, keys: Keys, records: Records, setting: Setting, taken: set[str]) -> Draft | Finding:
    """The person without their care; or why the row is left out. `taken` are archive numbers on file."""
    if not setting.county.inside(row.village_code):
        return row.found(Column.VILLAGE, _village(row, setting), Result.REFUSED, Reason.OUTSIDE_AREA)
    record = records.of(keys)
    if record is not None:
        return _refusal(row, record, setting) or _addition(row, keys, record, setting)
    if row.id_number is None and (row.name, row.birth_date, row.village_code) in records.namesakes:
        return row.found(Column.NAME, row.name, Result.NOTE, Reason.SAME_ON_FILE)
    made = Draft(row, keys, next(setting.ids), phones=row.phones, groups=sorted(row.groups))
    _bring_archive_number(made, setting, taken)
    return made


def _village(row: RosterRow, setting: Setting) -> str:
    return setting.county.names.get(row.village_code, row.village_code)


def _refusal(row: RosterRow, record: Record, setting: Setting) -> Finding | None:
    resident = record.resident
    said, refused = row.id_number or "", Result.REFUSED
    if not setting.county.inside(resident.village_code):
        return row.found(Column.ID_NUMBER, said, refused, Reason.FOREIGN_ON_FILE)
    if resident.name != row.name:
        return row.found(Column.ID_NUMBER, said, refused, Reason.ID_NAME_ON_FILE, name=resident.name)
    return None


def _addition(row: RosterRow, keys: Keys, record: Record, setting: Setting) -> Draft:
    resident = record.resident
    made = Draft(row, keys, resident.id, record)
    if resident.village_code != row.village_code:
        where = setting.county.names.get(resident.village_code, resident.village_code)
        made.note(Column.VILLAGE, _village(row, setting), Reason.ELSEWHERE_ON_FILE, village=where)
    if row.archive_number and row.archive_number != resident.archive_no:
        made.note(Column.ARCHIVE_NUMBER, row.archive_number, Reason.ARCHIVE_NUMBER)
    if row.registered is not None and row.registered != resident.registered:
        made.note(Column.REGISTERED, "", Reason.VALUE_ON_FILE)
    _fill(made, resident)
    made.phones = [phone for phone in row.phones if phone_key(phone.number) not in record.phones]
    made.groups = [code for code in sorted(row.groups) if code not in record.groups]
    return made


def _fill(made: Draft, resident: Any) -> None:
    row = made.row
    for name, (column, said) in _told(row).items():
        kept = getattr(resident, name)
        if said and not kept:
            made.fills[name] = said
        elif said and said != kept:
            made.note(column, said, Reason.VALUE_ON_FILE)
    if row.id_number is not None and not resident.numbered:
        made.fills |= {"id_number": row.id_number, "id_tail": tail_key(row.id_number)}
        made.fills |= {"identity_key": made.keys.own, "no_id_reason": None}


def _told(row: RosterRow) -> dict[str, tuple[Column, str | None]]:
    """The record's free fields as the row has them."""
    return {
        "address": (Column.ADDRESS, row.address),
        "ethnicity": (Column.ETHNIC, (row.ethnic or "")[:40]),
        "note": (Column.NOTE, (row.note or "")[:500]),
    }


def _bring_archive_number(made: Draft, setting: Setting, taken: set[str]) -> None:
    """Keep the number of the county's paper files where nobody else has it."""
    number, place = made.row.archive_number, made.row.place
    if not number:
        return
    if usable(number) and number not in taken and setting.archive.setdefault(number, place) == place:
        made.archive_number = number
    else:
        made.note(Column.ARCHIVE_NUMBER, number, Reason.ARCHIVE_NUMBER)


def usable(number: str) -> bool:
    own = OWN_FORM.fullmatch(number)
    return bool(ARCHIVE_NUMBER.fullmatch(number)) and not (own and number[-5:] > LAST_BROUGHT)
