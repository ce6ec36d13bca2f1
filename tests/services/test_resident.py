"""Registering, correcting and revealing people; both databases."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TODAY,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_team,
    an_id_number,
)
from tracker.domain.person import Group
from tracker.domain.roles import Role
from tracker.domain.terms import Disease
from tracker.models import Audit, Residence, Resident, ResidentGroup, Staff, Task
from tracker.schemas.problem import Refused, problems_of
from tracker.schemas.resident import ResidentIn
from tracker.services.audit import Actor
from tracker.services.resident import archive, residence
from tracker.services.resident import resident as residents
from tracker.services.resident.group import groups_on
from tracker.services.resident.view import view
from tracker.services.sender import Sender
from tracker.services.workforce.scope import NotFound, scope_of

BIRTH = date(1956, 3, 2)


def a_person(**more: Any) -> ResidentIn:
    given = {
        "name": "张秀英",
        "id_number": an_id_number(BIRTH, 7, male=False),
        "sex": "female",
        "birth_date": BIRTH.isoformat(),
        "phones": ["13812345678"],
        "region_code": VILLAGE,
        "groups": [],
        "registered": True,
    }
    return ResidentIn.model_validate({**given, **more})


def a_sender(staff: Staff) -> Sender:
    return Sender(staff, Actor(staff.id, staff.role), AT)


@pytest.fixture
def sender(session: Session) -> Sender:
    return a_sender(a_member_of_staff(session, team=a_team(session)))


def problem_of(refusal: pytest.ExceptionInfo[Refused]) -> tuple[str, str, bool]:
    (problem,) = refusal.value.problems
    return problem.field, problem.code, refusal.value.conflict


def test_a_new_person_gets_an_archive_number_a_residence_and_an_audit_row(
    session: Session, sender: Sender
) -> None:
    person, made = residents.create(session, sender, a_person())
    assert made
    assert person.archive_no == f"{VILLAGE}00001"
    assert session.scalars(select(Residence.from_on)).one() == BIRTH
    assert session.scalars(select(Audit.action)).one() == "create resident"
    second, _ = residents.create(session, sender, a_person(id_number=an_id_number(BIRTH, 8, male=False)))
    assert second.archive_no == f"{VILLAGE}00002"


def test_archive_numbers_pass_over_those_a_roster_brought(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person())
    person.archive_no = f"{VILLAGE}00040"
    session.flush()
    assert archive.reserve(session, VILLAGE, 2) == [f"{VILLAGE}00041", f"{VILLAGE}00042"]
    with pytest.raises(archive.VillageFull):
        archive.reserve(session, VILLAGE, archive.LAST_SERIAL)


def test_the_same_body_again_is_the_same_person_and_another_one_a_conflict(
    session: Session, sender: Sender
) -> None:
    body = a_person(id=str(uuid4()))
    first, _ = residents.create(session, sender, body)
    again, made = residents.create(session, sender, body)
    assert (again, made) == (first, False)
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, a_person(id=str(body.id), name="李四"))
    assert problem_of(refusal) == ("id", "id_taken", True)


def test_a_known_id_number_is_told_by_name_here_and_without_it_elsewhere(
    session: Session, sender: Sender
) -> None:
    residents.create(session, sender, a_person())
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, a_person(id_number=an_id_number(BIRTH, 7, male=False).lower()))
    assert problem_of(refusal) == ("id_number", "duplicate_here", True)
    far = a_sender(
        a_member_of_staff(session, region=FAR_VILLAGE, team=a_team(session, "远队", (FAR_VILLAGE,)))
    )
    with pytest.raises(Refused) as refusal:
        residents.create(session, far, a_person(region_code=FAR_VILLAGE))
    assert problem_of(refusal) == ("id_number", "duplicate_elsewhere", True)
    assert not refusal.value.problems[0].params


def test_without_papers_name_birth_village_and_guardian_make_the_person(
    session: Session, sender: Sender
) -> None:
    newborn = {"id_number": None, "no_id_reason": "新生儿", "birth_date": "2026-10-01", "name": "张小宝"}
    residents.create(session, sender, a_person(**newborn))
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, a_person(**newborn))
    assert problem_of(refusal) == ("name", "duplicate_unnumbered", True)
    _, made = residents.create(session, sender, a_person(**newborn, region_code=NEXT_VILLAGE))
    assert made


@pytest.mark.parametrize("place", [FAR_VILLAGE, "999999999999", "411025101"])
def test_foreign_and_unknown_villages_answer_alike(session: Session, sender: Sender, place: str) -> None:
    try:
        body = a_person(region_code=place)
    except ValidationError:
        return
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, body)
    assert problem_of(refusal) == ("region_code", "no_village", False)


def test_nobody_is_born_tomorrow(session: Session, sender: Sender) -> None:
    body = a_person(id_number=None, no_id_reason="新生儿", birth_date="2026-11-23")
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, body)
    assert problem_of(refusal) == ("birth_date", "future", False)


def test_nobody_is_older_than_anybody_ever_was(session: Session, sender: Sender) -> None:
    body = a_person(id_number=None, no_id_reason="丢失", birth_date="1895-11-22")
    with pytest.raises(Refused) as refusal:
        residents.create(session, sender, body)
    assert problem_of(refusal) == ("birth_date", "too_old", False)
    body = a_person(id_number=None, no_id_reason="丢失", birth_date="1895-11-23")
    _, made = residents.create(session, sender, body)
    assert made


def test_rare_characters_are_kept_as_they_are(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person(name="𠮷䶮"))
    session.expire_all()
    assert session.get_one(Resident, person.id).name == "𠮷䶮"


def test_groups_follow_from_age_registers_and_entries(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person(groups=["DIS", "ELD", "HTN"]))
    assert groups_on(session, [person], TODAY)[person.id] == [Group.ELD, Group.DIS]
    assert groups_on(session, [person], date(2021, 3, 1))[person.id] == [Group.DIS]
    a_condition(session, person, Disease.DIABETES)
    assert Group.T2D in groups_on(session, [person], TODAY)[person.id]
    assert session.scalars(select(ResidentGroup.code)).all() == ["DIS"]


def test_a_pregnancy_ends_42_days_after_delivery(session: Session, sender: Sender) -> None:
    birth = date(1998, 5, 6)
    person, _ = residents.create(
        session,
        sender,
        a_person(
            id_number=an_id_number(birth, 3, male=False),
            birth_date="1998-05-06",
            groups=["PRG"],
            pregnancy={"lmp": "2026-01-10", "delivered_on": "2026-10-11"},
        ),
    )
    days = {
        date(2026, 1, 9): False,
        date(2026, 1, 10): True,
        date(2026, 11, 22): True,
        date(2026, 11, 23): False,
    }
    for day, expected in days.items():
        assert (Group.PRG in groups_on(session, [person], day)[person.id]) is expected


def test_an_edit_changes_what_was_typed_and_judges_again(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person(groups=["DIS", "LOW"]))
    changed = a_person(
        name="张秀兰",
        id_number=an_id_number(BIRTH, 9, male=False),
        phones=["0374-3511234", "13912345678（儿子）"],
        groups=["LOW"],
    )
    residents.edit(session, sender, person, changed)
    shown = view(session, scope_of(session, sender.staff, TODAY), person, TODAY)
    assert shown["name"] == "张秀兰"
    assert shown["phones"] == ["0374-3511234", "13912345678"]
    assert shown["groups"] == ["ELD", "LOW"]
    other, _ = residents.create(session, sender, a_person())
    assert other.id != person.id


def test_a_move_takes_every_row_along_and_keeps_where_the_person_was(
    session: Session, sender: Sender
) -> None:
    person, _ = residents.create(session, sender, a_person(groups=["DIS"]))
    a_condition(session, person)
    residence.move(session, sender, person, NEXT_VILLAGE, date(2026, 11, 1))
    assert person.village_code == NEXT_VILLAGE
    assert set(session.scalars(select(Task.village_code))) == {NEXT_VILLAGE}
    rows = session.execute(select(Residence.village_code, Residence.to_on).order_by(Residence.from_on)).all()
    assert [tuple(r) for r in rows] == [(VILLAGE, date(2026, 11, 1)), (NEXT_VILLAGE, None)]
    assert person.archive_no.startswith(VILLAGE)


def test_a_move_out_of_the_county_is_refused(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person())
    with pytest.raises(Refused):
        residence.move(session, sender, person, "411623100001", TODAY)


def test_the_commission_sees_masked_people_until_it_says_why(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person(groups=["SMI"]))
    commission = a_sender(a_member_of_staff(session, Role.COMMISSION, region="411025"))
    own = scope_of(session, commission.staff, TODAY)
    shown = view(session, own, person, TODAY)
    assert (shown["name"], shown["phones"]) == ("张*英", ["138****5678"])
    assert shown["id_number"].startswith("*" * 14)
    assert "SMI" not in shown["groups"]
    with pytest.raises(Refused):
        residents.reveal(session, commission, person, "  ")
    residents.reveal(session, commission, person, "核对死亡名单")
    shown = view(session, own, person, TODAY, revealed=True)
    assert (shown["name"], shown["id_number"]) == ("张秀英", person.id_number)
    session.flush()
    assert session.scalars(select(Audit.reason).where(Audit.action == "reveal resident")).all() == [
        "核对死亡名单"
    ]


def test_the_thirty_first_reveal_of_a_day_is_refused(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person())
    for _ in range(residents.REVEALS_A_DAY):
        residents.reveal(session, sender, person, "随访前核对")
    with pytest.raises(Refused) as refusal:
        residents.reveal(session, sender, person, "再看一次")
    assert problem_of(refusal)[1] == "reveal_quota"


def test_a_record_opens_only_for_who_answers_for_the_person(session: Session, sender: Sender) -> None:
    person, _ = residents.create(session, sender, a_person())
    far = a_sender(
        a_member_of_staff(session, region=FAR_VILLAGE, team=a_team(session, "远队", (FAR_VILLAGE,)))
    )
    assert residents.open_record(session, sender, person.id) is person
    for key in (person.id, uuid4()):
        with pytest.raises(NotFound):
            residents.open_record(session, far, key)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "长" * 2000}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"id_number": "4.40524E+17"}, "id_number"),
        ({"id_number": "999001195603020" + "000"}, "id_number"),
        ({"id_number": "x" * 2000}, "id_number"),
        ({"id_number": None}, "no_id_reason"),
        ({"birth_date": "1956-03-03"}, "birth_date"),
        ({"birth_date": "1956-02-30"}, "birth_date"),
        ({"sex": "male"}, "sex"),
        ({"sex": "other"}, "sex"),
        ({"phones": ["12345"]}, "phones"),
        ({"phones": ["13812345678 13912345678"]}, "phones"),
        ({"phones": "13812345678"}, "phones"),
        ({"groups": ["XYZ"]}, "groups.0"),
        ({"region_code": "41102510120١"}, "region_code"),
        ({"address": "长" * 2000}, "address"),
        ({"note": "a\0b"}, "note"),
        ({"registered": "yes"}, "registered"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        a_person(**change)
    assert [p.field for p in problems_of(refusal.value)] == [field]
