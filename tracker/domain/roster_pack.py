"""People of a roster, packed by village until the whole file is read: each takes some hundred bytes."""

from __future__ import annotations

import pickle
import zlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from tracker.domain.contract import Term
from tracker.domain.headers import Header
from tracker.domain.phones import Phone
from tracker.domain.roster import RosterRow, RosterVisit

FIELDS = tuple(field.name for field in fields(RosterRow))
PHONES, CONTRACT, VISITS, HEADER = (
    1 + FIELDS.index(name) for name in ("phones", "contract", "visits", "header")
)
_values = attrgetter(*FIELDS)
_who = itemgetter(*(1 + FIELDS.index(name) for name in ("name", "birth_date", "village_code")))
_where = itemgetter(*(1 + FIELDS.index(name) for name in ("sheet", "row")))
Values = list[Any]
"""A person's number and fields: phones, contract, visits and header taken apart."""
AT_ONCE = 2_000
BLOCK = 250
REMEMBERED = 8


class Pack:
    """People by numbers that count up from 0. Nothing of it leaves the process."""

    def __init__(self) -> None:
        self._villages: dict[str, int] = {}
        self._village_of = array("L")
        self._headers: dict[int, Header] = {}
        self._blocks: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        self._loose: dict[int, list[Values]] = defaultdict(list)
        self._opened = lru_cache(maxsize=REMEMBERED)(_open)

    def __len__(self) -> int:
        return len(self._village_of)

    def villages(self) -> Iterator[str]:
        return iter(self._villages)

    def add(self, person: RosterRow) -> int:
        """Keep a person under the next number, which is the answer."""
        number = len(self._village_of)
        village = self._villages.setdefault(person.village_code, len(self._villages))
        if person.header is not None:
            self._headers[id(person.header)] = person.header
        self._loose[village].append(_apart(number, person))
        self._village_of.append(village)
        if len(self._village_of) % AT_ONCE == 0:
            self._pack()
        return number

    def get(self, number: int) -> RosterRow:
        """One person; asking for one after the other in their order is quick."""
        village = self._village_of[number]
        blocks, rows = self._blocks[village], self._loose[village]
        if not rows or number < rows[0][0]:
            rows = self._opened(blocks[bisect_right(blocks, number, key=_first) - 1][1])
        return self._person(rows[bisect_right(rows, number, key=_first) - 1])

    def of(self, village_code: str) -> Iterator[tuple[int, RosterRow]]:
        """A village's people by rising number."""
        for values in self._within(village_code):
            yield values[0], self._person(values)

    def names(self, village_code: str) -> Iterator[tuple[tuple[str, date, str], tuple[str, int]]]:
        """Name, birth date and village of its people, and where each stands; quicker than `of`."""
        for values in self._within(village_code):
            yield _who(values), _where(values)

    def _within(self, village_code: str) -> Iterator[Values]:
        village = self._villages.get(village_code)
        if village is None:
            return iter(())
        packed = (values for _number, block in self._blocks[village] for values in _open(block))
        return chain(packed, self._loose[village])

    def _pack(self) -> None:
        for village, rows in self._loose.items():
            for start in range(0, len(rows), BLOCK):
                part = rows[start : start + BLOCK]
                packed = zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), 1)
                self._blocks[village].append((part[0][0], packed))
        self._loose.clear()

    def _person(self, values: Values) -> RosterRow:
        person = RosterRow(*values[1:])
        if phones := values[PHONES]:
            person.phones = tuple([Phone(*phone) for phone in phones])
        if contract := values[CONTRACT]:
            person.contract = Term(*contract)
        if visits := values[VISITS]:
            person.visits = tuple([RosterVisit(*visit) for visit in visits])
        person.header = self._headers.get(values[HEADER])
        return person


def _apart(number: int, person: RosterRow) -> Values:
    """Plain values are packed several times faster than objects."""
    values = [number, *_values(person)]
    values[PHONES] = tuple([(phone.number, phone.remark) for phone in person.phones])
    values[CONTRACT] = person.contract and (person.contract.start_on, person.contract.end_on)
    values[VISITS] = tuple([(visit.on, visit.sbp, visit.dbp, visit.fpg) for visit in person.visits])
    values[HEADER] = id(person.header)
    return values


def _open(block: bytes) -> list[Values]:
    rows: list[Values] = pickle.loads(zlib.decompress(block))  # noqa: S301  packed by this very process
    return rows


def _first(values: Sequence[Any]) -> int:
    number: int = values[0]
    return number
