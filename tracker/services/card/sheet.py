"""Prints the cards of people: whoever has none gets one, and the trail says who printed how many of where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tracker.domain.card import shown
from tracker.domain.masking import mask_name
from tracker.domain.person import Sex
from tracker.models import Card, Staff, Team
from tracker.models.base import Json
from tracker.services import audit
from tracker.services.card import card
from tracker.services.card import choice as card_choice
from tracker.services.card import pdf as card_pdf
from tracker.services.card.choice import Choice
from tracker.services.sender import Sender
from tracker.services.workforce import region, responsibility
from tracker.services.workforce.scope import NotFound, Scope

SEXES = {Sex.MALE: "男", Sex.FEMALE: "女"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`named` puts the masked name and the village on the card; `listed` adds whose card is whose."""

    choice: Choice
    named: bool = False
    listed: bool = True
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    content: bytes
    number: int


def print_cards(session: Session, sender: Sender, scope: Scope, wanted: Wanted) -> Printed:
    """The sheet as PDF; NotFound where there is nobody to print for."""
    people = card_choice.people(session, scope, wanted.choice, sender.today)
    if not people:
        raise NotFound("card")
    cards = card.give(session, sender, [person.id for person in people])
    content = card_pdf.make(_sheet(session, sender, wanted, people, cards))
    card.note_printed(session, sender, list(cards.values()))
    _audit(session, sender, wanted, people)
    return Printed(content, len(people))


def _sheet(
    session: Session, sender: Sender, wanted: Wanted, people: Sequence[Row[Any]], cards: dict[UUID, Card]
) -> Json:
    villages = region.names(session, {person.village_code for person in people})
    helpers = _Helpers(session, sender, people)
    rows = [
        _card(number, person, cards[person.id], wanted, villages) | helpers.of(person)
        for number, person in enumerate(people, 1)
    ]
    place = "、".join(sorted(set(villages.values())))[:40]
    title = f"家庭医生服务卡对照表 · {place} · {sender.today.isoformat()} · {len(people)} 张"
    return {"title": title, "on": sender.today.isoformat(), "list": wanted.listed, "cards": rows}


def _card(number: int, person: Row[Any], own: Card, wanted: Wanted, villages: dict[str, str]) -> Json:
    village = villages.get(person.village_code, "")
    return {
        "number": number,
        "shown": shown(own.code),
        "address": f"{wanted.base_url.rstrip('/')}/c/{own.code}",
        "name": mask_name(person.name) if wanted.named else "",
        "village": village if wanted.named else "",
        "full_name": person.name if wanted.listed else "",
        "sex": SEXES[person.sex] if wanted.listed else "",
        "born": str(person.birth_date.year) if wanted.listed else "",
        "village_name": village if wanted.listed else "",
    }


class _Helpers:
    """Whom the patient calls: the doctor that answers for them, else their team."""

    def __init__(self, session: Session, sender: Sender, people: Sequence[Row[Any]]) -> None:
        villages = {person.village_code for person in people}
        self._known = responsibility.directory(session, sender.today, villages, [p.id for p in people])
        doctors = {named.id for p in people if (named := self._known.doctor(p.id, p.village_code))}
        teams = {named.id for p in people if (named := self._known.team(p.id, p.village_code))}
        phones = select(Staff.id, Staff.phone).where(Staff.id.in_(sorted(doctors)))
        team_phones = select(Team.id, Team.phone).where(Team.id.in_(sorted(teams)))
        self._doctors: dict[UUID, str | None] = dict(session.execute(phones).all())
        self._teams: dict[UUID, str] = dict(session.execute(team_phones).all())

    def of(self, person: Row[Any]) -> Json:
        doctor = self._known.doctor(person.id, person.village_code)
        team = self._known.team(person.id, person.village_code)
        own = self._doctors.get(doctor.id) if doctor else None
        return {
            "doctor": doctor.name if doctor else "",
            "team": team.name if team else "",
            "phone": own or (self._teams.get(team.id, "") if team else ""),
        }


def _audit(session: Session, sender: Sender, wanted: Wanted, people: Sequence[Row[Any]]) -> None:
    choice = wanted.choice
    one = people[0].id if len(people) == 1 else None
    audit.record(
        session, sender.actor, sender.at, "print cards", "resident" if one else "region",
        one or people[0].village_code, village_code=choice.village or people[0].village_code,
        details={
            "cards": len(people), "whom": choice.whom, "unprinted": choice.unprinted, "named": wanted.named,
            "listed": wanted.listed,
        },
    )  # fmt: skip
