"""The printed sheet: its codes read back from the PDF, what stands on it and what does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import (
    AT,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TODAY,
    VILLAGE,
    a_condition,
    a_contract,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
)
from tracker.domain.card import shown
from tracker.domain.terms import Status
from tracker.models import Audit, Card, Staff, Team
from tracker.services.audit import Actor
from tracker.services.card import card
from tracker.services.card import choice as card_choice
from tracker.services.card import pdf as card_pdf
from tracker.services.card.choice import Choice, Whom
from tracker.services.card.sheet import Wanted, print_cards
from tracker.services.sender import Sender
from tracker.services.workforce import scope
from tracker.services.workforce.scope import NotFound, Scope

BASE = "https://jiayi.county.example"


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    doctor = a_member_of_staff(session, team=team)
    doctor.phone = "13800001234"
    session.flush()
    return doctor


def by(doctor: Staff) -> Sender:
    return Sender(doctor, Actor(doctor.id, doctor.role), AT)


def scope_of(session: Session, doctor: Staff) -> Scope:
    return scope.scope_of(session, doctor, TODAY)


def printed(session: Session, doctor: Staff, choice: Choice, **more: Any) -> pypdfium2.PdfDocument:
    wanted = Wanted(choice, base_url=BASE, **more)
    made = print_cards(session, by(doctor), scope_of(session, doctor), wanted)
    assert made.content.startswith(b"%PDF-1.7")
    return pypdfium2.PdfDocument(made.content)


def scanned(document: pypdfium2.PdfDocument) -> list[str]:
    """What a phone reads off the sheets, page by page."""
    found = []
    for page in document:
        drawn = page.render(scale=2, grayscale=True)
        rows = bytes(drawn.buffer)
        lines = [rows[y * drawn.stride :][: drawn.width] for y in range(drawn.height)]
        picture = memoryview(b"".join(lines)).cast("B", shape=[drawn.height, drawn.width])
        found += [read.text for read in zxingcpp.read_barcodes(picture)]
    return found


def words(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_every_code_of_a_sheet_is_read_back(session: Session, doctor: Staff) -> None:
    people = [a_resident(session) for _ in range(12)]
    for person in people:
        a_condition(session, person)
    document = printed(session, doctor, Choice(VILLAGE), listed=False)
    cards = card.valid(session, [person.id for person in people])
    assert sorted(scanned(document)) == sorted(f"{BASE}/c/{own.code}" for own in cards.values())
    assert len(document) == 2
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    said = words(document)
    assert all(shown(own.code) in said for own in cards.values())


def test_a_card_shows_whom_to_call_and_no_person(session: Session, doctor: Staff) -> None:
    person = a_resident(session, name="张秀英")
    choice = Choice("", Whom.CHOSEN, chosen=(person.id,))
    said = words(printed(session, doctor, choice, listed=False))
    assert "有事打这个电话" in said
    assert "13800001234" in said
    assert "一队" in said
    assert not {"张*", "秀", "英"} & {said[i : i + n] for n in (1, 2) for i in range(len(said))}
    assert "东村委会" not in said


def test_the_name_is_masked_and_the_list_is_not(session: Session, doctor: Staff) -> None:
    person = a_resident(session, name="张秀英")
    choice = Choice("", Whom.CHOSEN, chosen=(person.id,))
    said = words(printed(session, doctor, choice, named=True, listed=False))
    assert "张*英" in said
    assert "东村委会" in said
    assert "张秀英" not in said
    document = printed(session, doctor, choice)
    assert "张秀英" not in document[0].get_textpage().get_text_bounded()
    assert "张秀英" in document[1].get_textpage().get_text_bounded()
    assert len(scanned(document)) == 1


def test_a_team_is_called_where_the_doctor_has_no_telephone(
    session: Session, team: Team, doctor: Staff
) -> None:
    doctor.phone = None
    person = a_resident(session)
    said = words(printed(session, doctor, Choice("", Whom.CHOSEN, chosen=(person.id,))))
    assert team.phone in said


def test_whoever_is_meant_is_counted_before_printing(session: Session, team: Team, doctor: Staff) -> None:
    patient, old, signed, other = (
        a_resident(session, birth=birth)
        for birth in (date(1970, 1, 1), date(1950, 1, 1), *[date(1980, 1, 1)] * 2)
    )
    a_condition(session, patient)
    a_contract(session, signed, team, date(2026, 1, 1))
    dead = a_resident(session)
    a_condition(session, dead)
    a_status(session, dead, Status.DEAD, date(2026, 10, 1))
    elsewhere = a_resident(session, village=NEXT_VILLAGE)
    foreign = a_resident(session, village=FAR_VILLAGE)
    own = scope_of(session, doctor)

    def meant(choice: Choice) -> set[Any]:
        people = {row.id for row in card_choice.people(session, own, choice, TODAY)}
        assert card_choice.count(session, own, choice, TODAY) == len(people)
        return people

    assert meant(Choice(VILLAGE)) == {patient.id}
    assert meant(Choice(VILLAGE, Whom.ELDERLY)) == {old.id}
    assert meant(Choice(VILLAGE, Whom.CONTRACTED)) == {signed.id}
    assert meant(Choice(VILLAGE, Whom.EVERYBODY)) == {patient.id, old.id, signed.id, other.id}
    assert meant(Choice("", Whom.CHOSEN, chosen=(elsewhere.id, foreign.id))) == {elsewhere.id}
    assert meant(Choice(FAR_VILLAGE, Whom.EVERYBODY)) == set()
    printed(session, doctor, Choice(VILLAGE))
    assert meant(Choice(VILLAGE)) == set()
    assert meant(Choice(VILLAGE, unprinted=False)) == {patient.id}


def test_printing_again_keeps_the_code_and_tells_the_trail(session: Session, doctor: Staff) -> None:
    person = a_resident(session)
    a_condition(session, person)
    first = scanned(printed(session, doctor, Choice(VILLAGE)))
    assert scanned(printed(session, doctor, Choice(VILLAGE, unprinted=False), named=True)) == first
    acts = session.scalars(select(Audit).where(Audit.action == "print cards").order_by(Audit.seq)).all()
    assert [(act.staff_id, act.village_code, act.details["cards"], act.details["named"]) for act in acts] == [
        (doctor.id, VILLAGE, 1, False),
        (doctor.id, VILLAGE, 1, True),
    ]
    with pytest.raises(NotFound):
        printed(session, doctor, Choice(VILLAGE))


def test_a_replaced_card_is_another_code_to_print(session: Session, doctor: Staff) -> None:
    person = a_resident(session)
    a_condition(session, person)
    (old,) = scanned(printed(session, doctor, Choice(VILLAGE)))
    made = card.replace(session, by(doctor), person, "丢了")
    assert made.printed_at is None
    (new,) = scanned(printed(session, doctor, Choice(VILLAGE)))
    assert new != old
    kept = session.scalars(select(Card).where(Card.replaced_at.is_not(None))).one()
    assert (f"{BASE}/c/{kept.code}", kept.replaced_reason) == (old, "丢了")


def test_a_name_is_never_taken_for_typesetting(session: Session, doctor: Staff) -> None:
    person = a_resident(session, name='#strong[张]$x$"]')
    said = words(printed(session, doctor, Choice("", Whom.CHOSEN, chosen=(person.id,)), listed=True))
    assert '#strong[张]$x$"]' in said


def test_a_missing_font_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    layout = tmp_path / "cards.typ"
    layout.write_text(card_pdf.LAYOUT.read_text().replace("Noto Sans SC", "No Such Font"))
    monkeypatch.setattr(card_pdf, "LAYOUT", layout)
    with pytest.raises(card_pdf.NotSet, match="font"):
        card_pdf.compile_sheet({"title": "卡", "on": "2026-11-23", "list": False, "cards": []})
