"""Reading the rows of one roster sheet, from the header to the last: persons and what else stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.domain.cells import plain, read_text, text
from tracker.domain.headers import Column, Header, is_header
from tracker.domain.person import ENTERED, Group
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, Source
from tracker.domain.roster_care import (
    read_all_groups,
    read_all_phones,
    read_contract,
    read_disease,
    read_registered,
    read_visits,
    read_words,
    visit_blocks,
)
from tracker.domain.roster_person import Setting, Who, read_day, read_who
from tracker.domain.words import words

SUBTOTAL, FOOTER = tuple(words("subtotal words")), tuple(words("footer words"))
TEMPLATE = frozenset(
    {
        Column.NUMBER,
        Column.TOWNSHIP,
        Column.VILLAGE,
        Column.VILLAGE_GROUP,
        Column.ADDRESS,
        Column.SEX,
        Column.AGE,
        Column.ETHNIC,
        Column.DOCTOR,
    }
)
"""Columns that a template fills in beforehand or by formula: alone they are nobody."""
WORDS = (
    ("archive_number", Column.ARCHIVE_NUMBER),
    ("ethnic", Column.ETHNIC),
    ("household_head", Column.HOUSEHOLD_HEAD),
    ("relation", Column.RELATION),
    ("doctor", Column.DOCTOR),
    ("note", Column.NOTE),
)
"""Free texts of a person and their columns, in the order in which they are spoken of."""


class Kind(StrEnum):
    PERSON = "person"
    HEADER = "header"
    SECTION = "section"
    NOBODY = "nobody"


@dataclass
class RowReader:
    """Reads rows under one header; `entitle` and a new reader follow the sheet where it changes."""

    sheet: str
    header: Header
    setting: Setting

    def __post_init__(self) -> None:
        self.blocks = visit_blocks(self.header)
        self.name_at = self.header.slots[Column.NAME][0].index
        id_slot = self.header.first(Column.ID_NUMBER)
        self.id_at = id_slot.index if id_slot else -1
        slots = [slot for several in self.header.slots.values() for slot in several]
        self.words = tuple((name, slot) for name, column in WORDS if (slot := self.header.first(column)))
        self.telling = tuple(slot.index for slot in slots if slot.column not in TEMPLATE)

    def kind(self, values: Sequence[object]) -> Kind:
        """What a row is; a row with a name and an ID number is always a person."""
        if _filled(values, self.name_at) and _filled(values, self.id_at):
            return Kind.HEADER if is_header(values, self.header) else Kind.PERSON
        name, number = self._said(values, self.name_at), self._said(values, self.id_at)
        said = [word for cell in values if (word := text(cell))]
        if not said or (not number and plain(name or said[0]).startswith(SUBTOTAL)):
            return Kind.NOBODY
        if not number and (plain(said[0]).startswith(SUBTOTAL) or self._footer(said)):
            return Kind.NOBODY
        if len(set(said)) == 1 and (not name or len(said[0]) > 4):
            return Kind.NOBODY if said[0].isdigit() else Kind.SECTION
        return Kind.PERSON if any(self._said(values, at) for at in self.telling) else Kind.NOBODY

    def named(self, values: Sequence[object]) -> bool:
        return bool(self._said(values, self.name_at))

    def entitle(self, title: str) -> None:
        """A title in the middle of the sheet: the rows after it may belong to another village."""
        place = self.setting.villages.place([title])
        if place.township or place.village:
            self.setting = replace(self.setting, place=place)

    def read(
        self, row: int, values: Sequence[object], *, hidden: bool = False
    ) -> tuple[RosterRow | None, Source]:
        """The person of a row, or None when it is refused, with all that is to be said about its cells."""
        source = Source(self.sheet, row, self.header, values)
        who = read_who(source, self.setting)
        if hidden:
            source.note(Column.NAME, Reason.HIDDEN_ROW)
        return (self._person(source, who) if who else None), source

    def _person(self, source: Source, who: Who) -> RosterRow:
        groups = read_all_groups(source)
        high = read_disease(source, Column.HYPERTENSION, "高血压", Group.HTN in groups)
        sweet = read_disease(source, Column.DIABETES, "糖尿病", Group.T2D in groups)
        since = self._since(source, Column.DIAGNOSED_ON, who.birth_date)
        high_on = self._since(source, Column.HYPERTENSION_ON, who.birth_date) or since
        sweet_on = self._since(source, Column.DIABETES_ON, who.birth_date) or since
        first = min((day for day in (high_on, sweet_on) if day), default=None)
        return RosterRow(
            sheet=source.sheet,
            row=source.row,
            name=who.name,
            sex=who.sex,
            birth_date=who.birth_date,
            village_code=who.village_code,
            id_number=who.id_number,
            no_id_reason=who.no_id_reason,
            document=who.document,
            deceased=who.deceased,
            phones=read_all_phones(source),
            groups=groups & ENTERED,
            contract=read_contract(source, self.setting),
            hypertension=high,
            diabetes=sweet,
            hypertension_on=high_on if high else None,
            diabetes_on=sweet_on if sweet else None,
            visits=read_visits(source, self.setting, self.blocks, who.birth_date, first),
            registered=read_registered(source),
            address=read_words(source, Column.ADDRESS) or read_words(source, Column.VILLAGE_GROUP),
            header=source.header,
            **{name: source.read(slot, read_text) for name, slot in self.words},
        )

    def _since(self, source: Source, column: Column, born: date) -> date | None:
        day = read_day(source, column, self.setting)
        if day and day < born:
            source.leave(column, Reason.DATE_BEFORE_BIRTH)
            return None
        return day

    def _footer(self, said: Sequence[str]) -> bool:
        """Such as 填报人：…, 说明：…; a colon tells it from a person."""
        return len(said) <= 4 and any(mark in said[0] for mark in ":：") and plain(said[0]).startswith(FOOTER)

    @staticmethod
    def _said(values: Sequence[object], at: int) -> str:
        return text(values[at]) if 0 <= at < len(values) else ""


def _filled(values: Sequence[object], at: int) -> bool:
    cell = values[at] if 0 <= at < len(values) else None
    return not cell.isspace() and cell != "" if isinstance(cell, str) else cell is not None
