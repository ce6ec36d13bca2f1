"""Statements that the driver takes ready-made: the same rows and errors as SQLAlchemy's own way."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import AT, a_condition, a_member_of_staff, a_resident, a_team
from tracker.domain.policy import load
from tracker.domain.terms import Disease
from tracker.models import Region
from tracker.services.course import course, known
from tracker.services.store.bulk import insert_into, row_of
from tracker.services.store.trip import Answers, Question, send, unawaited
from tracker.services.visit import sent
from tracker.services.workforce import duty

DAY = date(2026, 1, 5)
NAMED = select(Region.code, Region.name, Region.level).where(
    Region.code.in_(bindparam("codes", expanding=True))
)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_those_that_sqlalchemy_reads(session: Session, count: int) -> None:
    staff = a_member_of_staff(session, team=a_team(session))
    people = [a_resident(session) for _ in range(count)]
    for person in people:
        a_condition(session, person, Disease.HYPERTENSION, DAY)
    course.rewrite(session, people, AT)
    ids = [person.id for person in people]
    asked: dict[str, Question] = {"duty": duty.question(staff), **known.questions(ids, load(), DAY)}
    asked["sent"] = sent.earlier(ids)

    answers = Answers(session.connection(), asked)

    assert bool(answers["tasks"]) is bool(count)
    for name, question in asked.items():
        expected = session.connection().execute(*question).all()
        assert sorted(map(repr, map(tuple, answers[name]))) == sorted(map(repr, map(tuple, expected))), name
        assert [row._fields for row in answers[name]][:1] == [row._fields for row in expected][
            :1
        ] or name in (
            "duty",
            "sent",
        )


@pytest.mark.parametrize("codes", [("998",), ("998", "997")])
def test_rows_are_stored_as_sqlalchemy_would(session: Session, codes: tuple[str, ...]) -> None:
    rows = [row_of(Region, {"code": code, "name": "甲县", "level": "county"}) for code in codes]

    with unawaited(session.connection()):
        send(session.connection(), insert_into(Region), rows)

    found = session.execute(NAMED, {"codes": list(codes)}).all()
    assert sorted(row.code for row in found) == sorted(codes)
    assert {row.name for row in found} == {"甲县"}


def test_what_the_database_refuses_is_told_like_any_other_refusal(session: Session) -> None:
    rows = [row_of(Region, {"code": "998", "name": "甲县", "level": "county"})] * 2

    with pytest.raises(IntegrityError), unawaited(session.connection()):
        send(session.connection(), insert_into(Region), rows)
    session.rollback()

    assert not session.execute(NAMED, {"codes": ["998"]}).all()
