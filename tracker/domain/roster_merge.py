"""One person per ID number: duplicates inside a roster are merged, the newer row counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date

from tracker.domain.finding import Finding, Result
from tracker.domain.headers import Column
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit, Source

SHARED_BY = 3
NEVER = date.min
UNITED = frozenset(
    {"sheet", "row", "deceased", "phones", "groups", "hypertension", "diabetes", "visits", "header"}
)


@dataclass(slots=True)
class Persons:
    """The persons of a file, in its order; `add` tells what there is to say about a duplicate."""

    by_id: dict[str, RosterRow] = field(default_factory=dict)
    awaiting: dict[tuple[str, date, str], tuple[RosterRow, str]] = field(default_factory=dict)
    known: dict[tuple[str, date, str], tuple[str, int]] = field(default_factory=dict)
    phones: Counter[str] = field(default_factory=Counter)

    def add(self, person: RosterRow, source: Source) -> list[Finding]:
        """Findings about this row, and about the earlier one it is merged with."""
        key = (person.name, person.birth_date, person.village_code)
        if person.id_number is None:
            return self._await(person, key, source)
        earlier = self.by_id.get(person.id_number)
        if earlier and earlier.name != person.name:
            where = {"name": earlier.name, "sheet": earlier.sheet, "row": str(earlier.row)}
            return [_about(person, source, Reason.ID_OTHER_NAME, Result.REFUSED, where)]
        if earlier is None:
            self.known.setdefault(key, (person.sheet, person.row))
        self.by_id[person.id_number] = merged(earlier, person) if earlier else person
        found = _merge_notes(earlier, person, source) if earlier else []
        return found + self._shared(person, source)

    def all(self) -> Iterator[RosterRow | Finding]:
        """Every person once; one without ID number who also stands there with one is asked about."""
        yield from self.by_id.values()
        for key, (person, column) in self.awaiting.items():
            twin = self.known.get(key)
            yield _same(person, column, twin) if twin else person

    def _await(self, person: RosterRow, key: tuple[str, date, str], source: Source) -> list[Finding]:
        earlier = self.awaiting.get(key)
        column = source.header.slots[Column.NAME][0].header
        if earlier is None:
            self.awaiting[key] = (person, column)
            return self._shared(person, source)
        return [_same(person, column, (earlier[0].sheet, earlier[0].row))]

    def _shared(self, person: RosterRow, source: Source) -> list[Finding]:
        found = []
        for phone in person.phones:
            self.phones[phone.number] += 1
            if self.phones[phone.number] > SHARED_BY:
                slot = source.header.first(Column.PHONE)
                column = slot.header if slot else ""
                params = {"count": str(SHARED_BY)}
                found.append(_finding(person, column, phone.number, Result.NOTE, Reason.PHONE_SHARED, params))
        return found


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


def _same(person: RosterRow, column: str, twin: tuple[str, int]) -> Finding:
    return _finding(person, column, person.name, Result.NOTE, Reason.SAME_PERSON, _where(twin))


def _about(
    person: RosterRow, source: Source, reason: Reason, result: Result, params: dict[str, str]
) -> Finding:
    slot = source.header.first(Column.ID_NUMBER)
    return _finding(person, slot.header if slot else "", person.id_number or "", result, reason, params)


def _finding(
    person: RosterRow, column: str, value: str, result: Result, reason: Reason, params: dict[str, str]
) -> Finding:
    return Finding(person.sheet, person.row, column, value, result, reason, params)
