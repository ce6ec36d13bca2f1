"""Finding people as doctors type them; both databases."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories import (
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TODAY,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_team,
    an_id_number,
)
from tests.services.test_resident import BIRTH, a_person, a_sender
from tracker.domain.person import Group
from tracker.domain.terms import Disease, Status
from tracker.models import Resident
from tracker.services.resident import resident as residents
from tracker.services.resident import search as resident_search
from tracker.services.resident.identity import document_key
from tracker.services.resident.initials import READINGS_AT_MOST, initials_of
from tracker.services.resident.search import Filters, Way, clean, search
from tracker.services.workforce.scope import Scope, scope_of


@pytest.fixture
def own(session: Session) -> Scope:
    """A doctor of two villages with four people, and a namesake whom the doctor must not find."""
    doctor = a_sender(a_member_of_staff(session, team=a_team(session)))
    far = a_sender(
        a_member_of_staff(session, region=FAR_VILLAGE, team=a_team(session, "远队", (FAR_VILLAGE,)))
    )
    people = [
        ("张秀英", VILLAGE, "13812345678", BIRTH),
        ("单秀英", VILLAGE, "13912345679", date(2021, 2, 3)),
        ("欧阳秀", NEXT_VILLAGE, "0374-3511234", date(1985, 1, 1)),
        ("𠮷田", NEXT_VILLAGE, "13712340000", date(1950, 6, 7)),
    ]
    for n, (name, village, phone, birth) in enumerate(people):
        number = an_id_number(birth, 40 + n)
        residents.create(
            session,
            doctor,
            a_person(
                name=name, region_code=village, phones=[phone], birth_date=birth.isoformat(), sex="male",
                id_number=number,
            ),
        )  # fmt: skip
    number = an_id_number(BIRTH, 90)
    residents.create(session, far, a_person(region_code=FAR_VILLAGE, id_number=number, sex="male"))
    return scope_of(session, doctor.staff, TODAY)


def names(session: Session, own: Scope, **filters: object) -> list[str]:
    found = search(session, own, Filters(**filters), TODAY)  # type: ignore[arg-type]
    assert found.total == len(found.residents)
    return sorted(r.name for r in found.residents)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("张秀英", ["张秀英"]),
        ("张　秀 英", ["张秀英"]),
        ("秀英", ["单秀英", "张秀英"]),
        ("秀", ["单秀英", "张秀英", "欧阳秀"]),
        ("𠮷", ["𠮷田"]),
        ("zxy", ["张秀英"]),
        ("ZXY", ["张秀英"]),
        ("sxy", ["单秀英"]),
        ("dxy", ["单秀英"]),
        ("oy", ["欧阳秀"]),
        ("13812345678", ["张秀英"]),
        ("138 1234 5678", ["张秀英"]),
        ("5678", ["张秀英"]),
        ("345679", ["单秀英"]),
        ("03743511234", ["欧阳秀"]),
        ("0374-3511234", ["欧阳秀"]),
        (an_id_number(BIRTH, 40), ["张秀英"]),
        (an_id_number(BIRTH, 40)[-8:], ["张秀英"]),
        (an_id_number(BIRTH, 40)[-4:], ["张秀英"]),
        (an_id_number(BIRTH, 90), []),
        (f"{VILLAGE}00002", ["单秀英"]),
        ("王", []),
        ("%", []),
        ("_", []),
        ("长" * 2000, []),
        ("9" * 2000, []),
        ("", ["单秀英", "张秀英", "欧阳秀", "𠮷田"]),
    ],
)
def test_a_query_finds_by_name_initials_numbers_and_their_ends(
    session: Session, own: Scope, q: str, expected: list[str]
) -> None:
    assert names(session, own, q=q) == sorted(expected)


def test_an_id_number_is_looked_up_in_the_index_of_its_county(session: Session, own: Scope) -> None:
    connection, asked = session.connection(), list[tuple[str, Any]]()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    found = resident_search._matching(own.form, Filters(), TODAY, frozenset({Way.CARD}))
    part = {"limit": 50, "offset": 0, "anywhere": "%x%", "first": "x%", Way.CARD: document_key("1")}
    connection.execute(found, own.values | part).all()
    lite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("SELECT 1" if lite else "SET LOCAL enable_seqscan = off")
    words = "EXPLAIN QUERY PLAN " if lite else "EXPLAIN "
    plan = [str(row) for row in connection.exec_driver_sql(words + asked[0][0], asked[0][1])]
    assert any(re.search(r"county_code.*identity_key", line) for line in plan), plan


def test_filters_narrow_by_village_group_disease_and_status(session: Session, own: Scope) -> None:
    person = search(session, own, Filters(q="张秀英"), TODAY).residents[0]
    a_condition(session, person, Disease.HYPERTENSION)
    assert names(session, own, village=NEXT_VILLAGE) == ["欧阳秀", "𠮷田"]
    assert names(session, own, village=VILLAGE[:9]) == ["单秀英", "张秀英", "欧阳秀", "𠮷田"]
    assert names(session, own, village=FAR_VILLAGE) == []
    assert names(session, own, village="x") == []
    assert names(session, own, group=Group.ELD) == ["张秀英", "𠮷田"]
    assert names(session, own, group=Group.CH6) == ["单秀英"]
    assert names(session, own, group=Group.HTN) == ["张秀英"]
    assert names(session, own, group=Group.GEN) == ["欧阳秀"]
    assert names(session, own, disease=Disease.HYPERTENSION) == ["张秀英"]
    assert names(session, own, status=Status.DEAD) == []
    assert len(names(session, own, status=Status.ACTIVE)) == 4


def test_names_that_begin_with_the_query_come_first_and_pages_follow(session: Session, own: Scope) -> None:
    pages = [search(session, own, Filters(), TODAY, offset=n, limit=1) for n in range(5)]
    assert {p.total for p in pages} == {4}
    assert len({p.residents[0].id for p in pages[:4]}) == 4
    assert pages[4].residents == []


def test_nobody_is_found_without_a_scope(session: Session, own: Scope) -> None:
    assert session.query(Resident).count() == 5
    assert search(session, Scope(own.staff_id, own.role, TODAY), Filters(), TODAY).total == 0


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_cleaned_and_has_few_initials(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert cleaned == cleaned.strip()
    found = initials_of(text)
    assert len(found) <= READINGS_AT_MOST
    assert all(i.isascii() and i.isalpha() and i.islower() and len(i) <= 80 for i in found)
