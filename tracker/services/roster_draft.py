"""What one roster row makes of one person: a new record, additions to the one on file, or nothing.

Nothing on file is overwritten: empty fields are filled, what contradicts the record is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from tracker.domain.finding import Finding, Result
from tracker.domain.headers import Column
from tracker.domain.person import Group
from tracker.domain.phones import Phone
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow
from tracker.models import Condition, Contract, Resident, ResidentGroup, Visit
from tracker.services.bulk import apart
from tracker.services.group import PREGNANCY
from tracker.services.identity import phone_key, tail_key
from tracker.services.roster_place import County
from tracker.services.roster_record import Record, Records

SOURCE = "import"
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


@dataclass(slots=True)
class Draft:
    """`record` is None for a new person; the lists hold only what is to be added."""

    row: RosterRow
    resident: Resident
    record: Record | None = None
    fills: dict[str, Any] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)
    groups: list[ResidentGroup] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    diagnosed: dict[UUID, date] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    contract: Contract | None = None
    dies: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def new(self) -> bool:
        return self.record is None

    @property
    def replays(self) -> bool:
        """Whether a course has to be derived anew."""
        return bool(self.dies or self.conditions or self.visits or self.groups)

    @property
    def changed(self) -> bool:
        added = self.phones or self.groups or self.conditions or self.diagnosed or self.visits
        return not self.new and bool(self.fills or added or self.contract or self.dies)

    def note(self, column: Column, value: object, reason: Reason, **params: str) -> None:
        self.findings.append(self.row.found(column, str(value), Result.NOTE, reason, **params))


def draft(row: RosterRow, records: Records, setting: Setting, taken: set[str]) -> Draft | Finding:
    """The person without their care; or why the row is left out. `taken` are archive numbers on file."""
    if not setting.county.inside(row.village_code):
        return row.found(Column.VILLAGE, _village(row, setting), Result.REFUSED, Reason.OUTSIDE_AREA)
    record = records.of(row)
    if record is not None:
        return _refusal(row, record, setting) or _addition(row, record, records, setting)
    if row.id_number is None and (row.name, row.birth_date, row.village_code) in records.namesakes:
        return row.found(Column.NAME, row.name, Result.NOTE, Reason.SAME_ON_FILE)
    return _registration(row, records, setting, taken)


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


def _registration(row: RosterRow, records: Records, setting: Setting, taken: set[str]) -> Draft:
    resident = apart(
        Resident,
        id=uuid4(),
        county_code=setting.county.code,
        village_code=row.village_code,
        archive_no="",
        name=row.name,
        sex=row.sex,
        birth_date=row.birth_date,
        id_type="id_card",
        id_number=row.id_number,
        identity_key=records.keys[row.place].own,
        id_tail=None if row.id_number is None else tail_key(row.id_number),
        no_id_reason=(row.no_id_reason[:200] or "—") if row.id_number is None else None,
        registered=row.registered is not False,
        source=SOURCE,
        created_at=setting.at,
        created_by=setting.staff_id,
        **{name: said or "" for name, (_column, said) in _words(row).items() if name != "address"},
        address=row.address,
    )
    made = Draft(row, resident, phones=list(row.phones))
    _bring_archive_number(made, setting, taken)
    made.groups = [_group(made, code, row.birth_date, setting.today) for code in sorted(row.groups)]
    return made


def _addition(row: RosterRow, record: Record, records: Records, setting: Setting) -> Draft:
    resident = record.resident
    made = Draft(row, resident, record)
    if resident.village_code != row.village_code:
        where = setting.county.names.get(resident.village_code, resident.village_code)
        made.note(Column.VILLAGE, _village(row, setting), Reason.ELSEWHERE_ON_FILE, village=where)
    if row.archive_number and row.archive_number != resident.archive_no:
        made.note(Column.ARCHIVE_NUMBER, row.archive_number, Reason.ARCHIVE_NUMBER)
    if row.registered is not None and row.registered != resident.registered:
        made.note(Column.REGISTERED, "", Reason.VALUE_ON_FILE)
    _fill(made, row, records)
    made.phones = [phone for phone in row.phones if phone_key(phone.number) not in record.phones]
    new = [code for code in sorted(row.groups) if code not in record.groups]
    made.groups = [_group(made, code, setting.today, setting.today) for code in new]
    return made


def _fill(made: Draft, row: RosterRow, records: Records) -> None:
    for name, (column, said) in _words(row).items():
        kept = getattr(made.resident, name)
        if said and not kept:
            made.fills[name] = said
        elif said and said != kept:
            made.note(column, said, Reason.VALUE_ON_FILE)
    if row.id_number is not None and made.resident.id_number is None:
        made.fills |= {"id_number": row.id_number, "id_tail": tail_key(row.id_number)}
        made.fills |= {"identity_key": records.keys[row.place].own, "no_id_reason": None}


def _words(row: RosterRow) -> dict[str, tuple[Column, str | None]]:
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
        made.resident.archive_no = number
    else:
        made.note(Column.ARCHIVE_NUMBER, number, Reason.ARCHIVE_NUMBER)


def usable(number: str) -> bool:
    own = OWN_FORM.fullmatch(number)
    return bool(ARCHIVE_NUMBER.fullmatch(number)) and not (own and number[-5:] > LAST_BROUGHT)


def _group(made: Draft, code: Group, since: date, today: date) -> ResidentGroup:
    """A pregnancy without dates is taken as one of the last 280 days."""
    started = max(today - PREGNANCY, made.row.birth_date) if code is Group.PRG else since
    return apart(
        ResidentGroup,
        id=uuid4(),
        resident_id=made.resident.id,
        village_code=made.resident.village_code,
        code=str(code),
        from_on=started,
        details={},
    )
