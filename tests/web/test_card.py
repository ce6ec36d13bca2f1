"""Cards on their pages: choosing, printing, replacing, and the way from a code to its person."""

from __future__ import annotations

from urllib.parse import unquote

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Api, Pages
from tests.factories import FAR_VILLAGE, TOWN, VILLAGE, a_condition, a_member_of_staff, a_resident, a_team
from tests.web.test_resident import signed_in, text_of
from tracker import clock
from tracker.domain.card import ALPHABET, shown
from tracker.domain.roles import Role
from tracker.models import Audit, Card, Resident, Staff, Team
from tracker.services.audit import Actor
from tracker.services.card import card
from tracker.services.sender import Sender


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def pages(client: FlaskClient, session: Session, doctor: Staff) -> Pages:
    return signed_in(client, session, doctor)


@pytest.fixture
def person(session: Session) -> Resident:
    person = a_resident(session, name="张秀英")
    a_condition(session, person)
    return person


def card_of(session: Session, doctor: Staff, person: Resident) -> Card:
    made = card.give(session, Sender(doctor, Actor(doctor.id, doctor.role), clock.now()), [person.id])[
        person.id
    ]
    session.commit()
    return made


def misread(code: str) -> str:
    """The code with its last character wrong."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def test_a_code_leads_to_its_person(pages: Pages, session: Session, doctor: Staff, person: Resident) -> None:
    code = card_of(session, doctor, person).code
    there = f"/residents/{person.id}"
    for typed in (code, code.lower(), shown(code), shown(code).replace(" ", "-").lower()):
        assert pages.get(f"/c/{typed}").location == there
        for box in (pages.get("/c", code=typed), pages.get("/residents", q=typed)):
            assert box.location == f"/c/{code}"
    assert shown(code) in pages.get(there).text


def test_a_foreign_code_answers_like_none(
    pages: Pages, client: FlaskClient, session: Session, doctor: Staff
) -> None:
    foreign = card_of(session, doctor, a_resident(session, village=FAR_VILLAGE)).code
    own = card_of(session, doctor, a_resident(session)).code
    session.delete(session.scalars(select(Card).where(Card.code == own)).one())
    session.commit()
    there, nowhere = pages.get(f"/c/{foreign}"), pages.get(f"/c/{own}")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert text_of(there.text.replace(foreign, "")) == text_of(nowhere.text.replace(own, ""))
    assert 'href="/residents"' in there.text
    commission = signed_in(client, session, a_member_of_staff(session, Role.COMMISSION, region="411025"))
    assert commission.get(f"/c/{foreign}").status_code == 302


def test_a_wrong_check_character_is_told_beside_the_field(
    pages: Pages, session: Session, doctor: Staff, person: Resident
) -> None:
    wrong = misread(card_of(session, doctor, person).code)
    for page, field in (
        (pages.get(f"/c/{wrong}"), "code"),
        (pages.get("/c", code=wrong.lower()), "code"),
        (pages.get("/residents", q=shown(wrong)), "q"),
        (pages.get("/c/x"), "code"),
    ):
        assert page.status_code == 422
        assert f'id="{field}-error">码不对，请再看一遍' in page.text
    assert pages.get("/c").status_code == 200


def test_the_api_finds_a_person_by_code(
    client: FlaskClient, session: Session, doctor: Staff, person: Resident
) -> None:
    code = card_of(session, doctor, person).code
    api = Api(client, session, doctor)
    assert [found["id"] for found in api.get("/residents", q=shown(code).lower()).json["residents"]] == [
        str(person.id)
    ]
    other = Api(client, session, a_member_of_staff(session, region=FAR_VILLAGE))
    assert other.get("/residents", q=code).json["residents"] == []


def test_a_lost_card_is_replaced_for_a_reason(
    pages: Pages, client: FlaskClient, session: Session, doctor: Staff, person: Resident
) -> None:
    old = card_of(session, doctor, person).code
    page = f"/residents/{person.id}/card"
    answer = pages.post(page, {"reason": " "})
    assert answer.status_code == 422
    assert "要写明原因" in answer.text
    assert pages.post(page, {"reason": "丢在集上"}).status_code == 302
    new = card.of(session, person.id)
    assert new is not None
    assert new.code != old
    assert shown(new.code) in pages.get(page).text
    told = pages.get(f"/c/{old}")
    assert told.status_code == 410
    assert "丢在集上" in told.text
    assert f'href="/residents/{person.id}"' in told.text
    act = session.scalars(select(Audit).where(Audit.action == "replace card")).one()
    assert (act.object_id, act.reason) == (str(person.id), "丢在集上")
    stranger = signed_in(client, session, a_member_of_staff(session, region=FAR_VILLAGE))
    assert stranger.get(f"/c/{old}").status_code == 404
    assert stranger.get(page).status_code == 404


def test_cards_are_counted_and_then_printed(pages: Pages, session: Session, person: Resident) -> None:
    page = text_of(pages.get("/cards").text)
    assert "1 张卡" in page
    assert "A4 纸 1 页" in page
    answer = pages.post(
        "/cards/print", {"village": VILLAGE, "whom": "managed", "again": "unprinted", "listed": "y"}
    )
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert len(pypdfium2.PdfDocument(answer.data)) == 2
    assert "没有要印卡的人" in pages.get("/cards", village=VILLAGE).text
    act = session.scalars(select(Audit).where(Audit.action == "print cards")).one()
    assert (act.village_code, act.details["cards"], act.details["whom"]) == (VILLAGE, 1, "managed")
    again = pages.post("/cards/print", {"village": VILLAGE, "whom": "managed", "again": "unprinted"})
    assert again.status_code == 302
    assert "没有要印卡的人" in pages.client.get(again.location).text


def test_people_are_ticked_one_by_one(pages: Pages, session: Session, person: Resident) -> None:
    a_resident(session, name="王五")
    page = pages.get("/cards", whom="chosen", village=VILLAGE).text
    assert f'value="{person.id}"' in page
    assert "王五" in page
    assert "王五" not in pages.get("/cards", whom="chosen", q="张秀英").text
    answer = pages.post("/cards", {"whom": "chosen", "village": VILLAGE, "q": "张秀英"})
    found = pages.client.get(answer.location).text
    assert ("张秀英" in found, "王五" in found, "张秀英" in unquote(answer.location)) == (True, False, False)
    sent = {"village": VILLAGE, "whom": "chosen"}
    assert "没有勾选" in pages.client.get(pages.post("/cards/print", sent).location).text
    answer = pages.post("/cards/print", {**sent, "resident": [str(person.id)]})
    assert len(pypdfium2.PdfDocument(answer.data)) == 1
    assert pages.post("/cards/print", {"resident": "no id"}).status_code == 302


def test_nobody_prints_cards_of_other_places(
    pages: Pages, client: FlaskClient, session: Session, person: Resident
) -> None:
    stranger = a_resident(session, village=FAR_VILLAGE)
    assert pages.post("/cards/print", {"resident": str(stranger.id)}).status_code == 404
    assert str(FAR_VILLAGE) not in pages.get("/cards", village=FAR_VILLAGE).text
    assert session.scalars(select(Card)).all() == []
    auditor = signed_in(client, session, a_member_of_staff(session, Role.AUDITOR, region=TOWN))
    assert auditor.get("/cards").status_code == 403


def test_the_camera_is_for_this_site_alone(pages: Pages) -> None:
    assert "camera=(self)" in pages.get("/residents").headers["Permissions-Policy"]
