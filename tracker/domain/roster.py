"""One person of a county's paper or spreadsheet roster, as read; nothing here is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from tracker.domain.cells import text
from tracker.domain.contract import Term
from tracker.domain.finding import Finding, Read, Result
from tracker.domain.headers import Column, Header, Slot
from tracker.domain.person import Group, Sex
from tracker.domain.phones import Phone
from tracker.domain.reasons import Reason

T = TypeVar("T")
SHOWN_VALUE = 200


@dataclass(frozen=True, slots=True)
class RosterVisit:
    """A past visit as the roster tells it: mmHg and mmol/L, no mode."""

    on: date
    sbp: int | None = None
    dbp: int | None = None
    fpg: Decimal | None = None


@dataclass(slots=True)
class RosterRow:
    """A usable person; `id_number` is None while papers are awaited, `groups` are the entered ones only."""

    sheet: str
    row: int
    name: str
    sex: Sex
    birth_date: date
    village_code: str
    id_number: str | None = None
    no_id_reason: str = ""
    document: str = ""
    deceased: bool = False
    phones: tuple[Phone, ...] = ()
    groups: frozenset[Group] = frozenset()
    contract: Term | None = None
    hypertension: bool = False
    diabetes: bool = False
    hypertension_on: date | None = None
    diabetes_on: date | None = None
    visits: tuple[RosterVisit, ...] = ()
    registered: bool | None = None
    address: str | None = None
    archive_number: str | None = None
    ethnic: str | None = None
    household_head: str | None = None
    relation: str | None = None
    doctor: str | None = None
    note: str | None = None
    header: Header | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> tuple[str, int]:
        return self.sheet, self.row

    @property
    def last_visit(self) -> RosterVisit | None:
        """The latest of `visits`, which hold the latest pressure and the latest glucose."""
        return self.visits[-1] if self.visits else None

    def found(self, column: Column, value: str, result: Result, reason: Reason, **params: str) -> Finding:
        """What comes to light after reading, under the header of the row's own sheet."""
        slot = self.header.first(column) if self.header else None
        return Finding(self.sheet, self.row, slot.header if slot else "", value, result, reason, params)


@dataclass(slots=True)
class Source:
    """A row of a sheet under its header, gathering what there is to say about its cells."""

    sheet: str
    row: int
    header: Header
    values: Sequence[object]
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False

    def at(self, slot: Slot | None) -> object:
        return self.values[slot.index] if slot and slot.index < len(self.values) else None

    def raw(self, column: Column) -> object:
        slot = self.header.firsts.get(column)
        return None if slot is None else self.at(slot)

    def take(self, slot: Slot | None, read: Read[T], result: Result = Result.LEFT_EMPTY) -> T | None:
        """The value of a cell, after its issues and fixes are written down."""
        for issue in read.issues:
            self.say(slot, issue.reason, result, **issue.params)
        for fix in read.fixes:
            self.say(slot, fix.reason, Result.NOTE, **fix.params)
        return read.value

    def read(self, slot: Slot | None, reader: Callable[[object], Read[T]]) -> T | None:
        """The same for a column that the sheet may lack and the row leave empty."""
        if slot is None or slot.index >= len(self.values):
            return None
        raw = self.values[slot.index]
        if raw is None or raw == "":
            return None
        found = reader(raw)
        return self.take(slot, found) if found.issues or found.fixes else found.value

    def say(self, slot: Slot | None, reason: Reason, result: Result, **params: str) -> None:
        if result is Result.REFUSED:
            self.refused = True
        column = slot.header if slot else ""
        value = text(self.at(slot))[:SHOWN_VALUE]
        self.findings.append(Finding(self.sheet, self.row, column, value, result, reason, params))

    def note(self, column: Column, reason: Reason, **params: str) -> None:
        self.say(self.header.first(column), reason, Result.NOTE, **params)

    def leave(self, column: Column, reason: Reason, **params: str) -> None:
        self.say(self.header.first(column), reason, Result.LEFT_EMPTY, **params)

    def refuse(self, column: Column, reason: Reason, **params: str) -> None:
        self.say(self.header.first(column), reason, Result.REFUSED, **params)
