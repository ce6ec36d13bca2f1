"""People of a roster are packed while it is read, and come out as if they had been kept in a plain list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rosters import id_number
from tracker.domain import roster_pack
from tracker.domain.contract import Term
from tracker.domain.finding import Finding
from tracker.domain.headers import find_header
from tracker.domain.person import Group, Sex
from tracker.domain.phones import Phone
from tracker.domain.roster import RosterRow, RosterVisit, Source
from tracker.domain.roster_merge import Persons, merged
from tracker.domain.roster_pack import Pack

BORN = date(1956, 3, 2)
HEADER = find_header([["姓名", "身份证号", "村"]])
VILLAGES = ("999101101201", "999101101202", "999101102201")


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_pack, "AT_ONCE", 5)
    monkeypatch.setattr(roster_pack, "BLOCK", 2)


def a_person(row: int, serial: int | None, village: int = 0, visited: int = 1) -> RosterRow:
    return RosterRow(
        sheet="名册",
        row=row,
        name=f"王{'甲乙丙丁'[(serial or 0) % 4]}",
        sex=Sex.MALE,
        birth_date=BORN,
        village_code=VILLAGES[village],
        id_number=None if serial is None else id_number(BORN, serial),
        phones=(Phone("13800000001", "儿子"),),
        groups=frozenset({Group.DIS}),
        contract=Term(date(2026, 1, 5), date(2027, 1, 4)),
        visits=(RosterVisit(date(2026, 8, visited), 138, 86, Decimal("6.8")),),
        note="独居",
        header=HEADER,
    )


def test_a_person_comes_out_of_the_pack_as_it_went_in() -> None:
    pack = Pack()
    people = [a_person(row, row, row % 3) for row in range(12)]
    assert [pack.add(person) for person in people] == list(range(12))
    assert [pack.get(number) for number in (11, 0, 7, 3)] == [people[number] for number in (11, 0, 7, 3)]
    assert pack.get(4).header is HEADER
    assert [person for _, person in pack.of(VILLAGES[1])] == people[1::3]
    assert list(pack.of("none")) == []


ROWS = st.tuples(st.one_of(st.none(), st.integers(0, 7)), st.integers(0, 2), st.integers(1, 9))


@given(st.lists(ROWS, max_size=40))
def test_packed_people_are_those_of_a_plain_list_in_the_same_order(
    rows: list[tuple[int | None, int, int]],
) -> None:
    persons, plain = Persons(), {}
    told: list[Finding] = []
    awaiting: dict[tuple[str, date, str], RosterRow] = {}
    first = set()
    for row, (serial, village, visited) in enumerate(rows):
        person = a_person(row, serial, village, visited)
        told += persons.add(person, Source("名册", row, HEADER, []))
        if person.id_number is None:
            awaiting.setdefault((person.name, person.birth_date, person.village_code), person)
        elif person.id_number in plain:
            plain[person.id_number] = merged(plain[person.id_number], person)
        else:
            plain[person.id_number] = person
            first.add((person.name, person.birth_date, person.village_code))
    alone = [person for key, person in awaiting.items() if key not in first]
    twins = list(persons.twins())
    assert len(twins) == len(awaiting) - len(alone)
    assert list(persons.all()) == sorted([*plain.values(), *alone], key=lambda person: person.village_code)
    assert len(persons) == len(plain) + len(alone)
