"""One person per ID number: duplicates inside a roster are merged, the newer row counting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from heapq import merge
from operator import itemgetter

from tracker.domain.finding import Finding, Result
from tracker.domain.headers import Column
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit, Source
from tracker.domain.roster_pack import Pack

SHARED_BY = 3
NEVER = date.min
Key = tuple[str, date, str]
"""Name, birth date and village of who has no number."""
UNITED = frozenset(
    {"sheet", "row", "deceased", "phones", "groups", "hypertension", "diabetes", "visits", "header"}
)


@dataclass(slots=True)
class Persons:
    """The persons of a file; `add` tells what there is to say about a duplicate.

    A million rows are kept packed: a number is remembered as its first 17 digits, and where its person is.
    """

    by_id: dict[int, int] = field(default_factory=dict)
    awaiting: dict[Key, tuple[str, int, str]] = field(default_factory=dict)
    """Who awaits papers: where they stand, and the header of the names there."""
    phones: dict[str | int, int] = field(default_factory=dict)
    _numbered: Pack = field(default_factory=Pack)
    _merged: Pack = field(default_factory=Pack)
    _renewed: dict[int, int] = field(default_factory=dict)
    """Of a person that several rows speak of: number in the first pack → newest number in the second."""
    _unnumbered: Pack = field(default_factory=Pack)
    _twins: dict[Key, tuple[str, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many there are once `twins` have been told."""
        return len(self.by_id) + len(self.awaiting) - len(self._twins)

    def add(self, person: RosterRow, source: Source) -> list[Finding]:
        """Findings about this row, and about the earlier one it is merged with."""
        if person.id_number is None:
            return self._await(person, source)
        key = int(person.id_number[:-1])
        number = self.by_id.get(key)
        if number is None:
            self.by_id[key] = self._numbered.add(person)
            return self._shared(person, source)
        earlier = self._newest(number)
        if earlier.name != person.name:
            where = {"name": earlier.name, "sheet": earlier.sheet, "row": str(earlier.row)}
            return [_about(person, source, Reason.ID_OTHER_NAME, Result.REFUSED, where)]
        self._renewed[number] = self._merged.add(merged(earlier, person))
        return _merge_notes(earlier, person, source) + self._shared(person, source)

    def twins(self) -> Iterator[Finding]:
        """Who stands there without an ID number and with one too is asked about, and left out of `all`."""
        known: dict[Key, tuple[str, int]] = {}
        for village in {key[2] for key in self.awaiting}:
            for key, place in self._numbered.names(village):
                if key in self.awaiting:
                    known.setdefault(key, place)
        self._twins = known
        for key, (sheet, row, column) in self.awaiting.items():
            if twin := known.get(key):
                yield Finding(sheet, row, column, key[0], Result.NOTE, Reason.SAME_PERSON, _where(twin))

    def all(self) -> Iterator[RosterRow]:
        """Every person once, by village, then by place in the file; who has no number comes last."""
        first = {newest: number for number, newest in self._renewed.items()}
        packs = (self._numbered, self._merged, self._unnumbered)
        for village in sorted({village for pack in packs for village in pack.villages()}):
            yield from self._with_number(village, first)
            for _number, person in self._unnumbered.of(village):
                if _key(person) not in self._twins:
                    yield person

    def _with_number(self, village: str, first: dict[int, int]) -> Iterator[RosterRow]:
        once = ((n, person) for n, person in self._numbered.of(village) if n not in self._renewed)
        again = [(first[n], person) for n, person in self._merged.of(village) if n in first]
        again.sort(key=itemgetter(0))
        for _number, person in merge(once, again, key=itemgetter(0)):
            yield person

    def _newest(self, number: int) -> RosterRow:
        newest = self._renewed.get(number)
        return self._numbered.get(number) if newest is None else self._merged.get(newest)

    def _await(self, person: RosterRow, source: Source) -> list[Finding]:
        key, column = _key(person), source.header.slots[Column.NAME][0].header
        earlier = self.awaiting.get(key)
        if earlier is not None:
            return [
                _finding(person, column, person.name, Result.NOTE, Reason.SAME_PERSON, _where(earlier[:2]))
            ]
        self.awaiting[key] = (person.sheet, person.row, column)
        self._unnumbered.add(person)
        return self._shared(person, source)

    def _shared(self, person: RosterRow, source: Source) -> list[Finding]:
        found = []
        for phone in person.phones:
            mobile = phone.number.isascii() and phone.number.startswith("1")
            number = int(phone.number) if mobile else phone.number
            self.phones[number] = count = self.phones.get(number, 0) + 1
            if count > SHARED_BY:
                slot = source.header.first(Column.PHONE)
                column = slot.header if slot else ""
                params = {"count": str(SHARED_BY)}
                found.append(_finding(person, column, phone.number, Result.NOTE, Reason.PHONE_SHARED, params))
        return found


def _key(person: RosterRow) -> Key:
    return person.name, person.birth_date, person.village_code


def merged(earlier: RosterRow, later: RosterRow) -> RosterRow:
    """The newer row's cells, filled from the older; marks of death, diseases, phones and visits of both."""
    old, new = (later, earlier) if freshness(later) < freshness(earlier) else (earlier, later)
    blanks = {
        item.name: getattr(old, item.name)
        for item in fields(RosterRow)
        if item.name not in UNITED and getattr(new, item.name) in (None, "")
    }
    phones = {phone.number: phone for phone in (*old.phones, *new.phones)}
    return replace(
        new,
        sheet=earlier.sheet,
        row=earlier.row,
        header=earlier.header,
        deceased=old.deceased or new.deceased,
        phones=tuple(phones.values()),
        groups=old.groups | new.groups,
        hypertension=old.hypertension or new.hypertension,
        diabetes=old.diabetes or new.diabetes,
        visits=_visits(old, new),
        **blanks,
    )


def freshness(person: RosterRow) -> date:
    """The latest day the row knows of; of equal rows the one further down is the newer."""
    days = [person.hypertension_on, person.diabetes_on, person.last_visit and person.last_visit.on]
    return max([day for day in (*days, person.contract and person.contract.start_on) if day], default=NEVER)


def _visits(old: RosterRow, new: RosterRow) -> tuple[RosterVisit, ...]:
    by_day = {visit.on: visit for visit in (*old.visits, *new.visits)}
    return tuple(by_day[day] for day in sorted(by_day))


def _merge_notes(earlier: RosterRow, later: RosterRow, source: Source) -> list[Finding]:
    """Both rows are listed, each naming the other."""
    here, there = (later.sheet, later.row), (earlier.sheet, earlier.row)
    first = _about(earlier, source, Reason.MERGED_WITH, Result.NOTE, _where(here))
    return [first, _about(later, source, Reason.MERGED_WITH, Result.NOTE, _where(there))]


def _where(place: tuple[str, int]) -> dict[str, str]:
    return {"sheet": place[0], "row": str(place[1])}


def _about(
    person: RosterRow, source: Source, reason: Reason, result: Result, params: dict[str, str]
) -> Finding:
    slot = source.header.first(Column.ID_NUMBER)
    return _finding(person, slot.header if slot else "", person.id_number or "", result, reason, params)


def _finding(
    person: RosterRow, column: str, value: str, result: Result, reason: Reason, params: dict[str, str]
) -> Finding:
    return Finding(person.sheet, person.row, column, value, result, reason, params)
