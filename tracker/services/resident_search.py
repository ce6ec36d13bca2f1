"""Finds people of a scope by what a doctor types, and narrows them down."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.identity import IdNumber, read_id_number
from tracker.domain.names import CHINESE_GAP
from tracker.domain.person import Group
from tracker.domain.terms import Disease, Status
from tracker.models import Condition, Resident, ResidentInitials, ResidentPhone, StatusPeriod
from tracker.services.group import in_group
from tracker.services.identity import TAIL, digits, document_key, phone_key, phone_tail_key, tail_key
from tracker.services.scope import Scope, visible

LONGEST = 60
"""Characters of a query that are looked at; nothing that finds a person is longer."""
CANDIDATES = 2000
ARCHIVE = (17, 20)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list: a village or a region's prefix, a group, a register, a status."""

    q: str = ""
    village: str = ""
    group: Group | None = None
    disease: Disease | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Found:
    residents: list[Resident]
    total: int


def search(
    session: Session, scope: Scope, filters: Filters, on: date, *, offset: int = 0, limit: int = 50
) -> Found:
    """People of the scope that match everything, the names that begin with the query first."""
    wanted = clean(filters.q)
    criteria = [visible(scope, Resident.village_code, Resident.id), *_narrowed(filters, on)]
    if wanted:
        criteria.append(_matching(session, criteria[0], wanted))
    total = session.scalar(select(func.count()).select_from(Resident).where(*criteria)) or 0
    order = [Resident.name, Resident.birth_date, Resident.id]
    first = [case((Resident.name.startswith(wanted, autoescape=True), 0), else_=1)] if wanted else []
    rows = session.scalars(
        select(Resident).where(*criteria).order_by(*first, *order).offset(offset).limit(limit)
    )
    return Found(list(rows), total)


def namesakes(
    session: Session, village_code: str, name: str, birth_date: date, besides: UUID | None = None
) -> list[Resident]:
    """People of one village with this name and birth date, who may be the same person."""
    alike = select(Resident).where(
        Resident.village_code == village_code, Resident.name == name, Resident.birth_date == birth_date
    )
    return [r for r in session.scalars(alike.order_by(Resident.archive_no)) if r.id != besides]


def clean(q: str) -> str:
    """The query without blanks around it or between Chinese characters, in half width."""
    said = unicodedata.normalize("NFC", q.replace("\0", "")).strip()
    if said.isascii() or any(c.isdigit() for c in said):
        said = unicodedata.normalize("NFKC", said)
    return " ".join(CHINESE_GAP.sub("", said).split())[:LONGEST]


def _narrowed(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if filters.village:
        criteria.append(_within(filters.village))
    if filters.group is not None:
        criteria.append(in_group(filters.group, on))
    if filters.disease is not None:
        register = select(Condition.resident_id).where(Condition.disease == filters.disease)
        criteria.append(Resident.id.in_(register))
    if filters.status is not None:
        criteria.append(_with_status(filters.status, on))
    return criteria


def _within(code: str) -> ColumnElement[bool]:
    if not (code.isascii() and code.isdigit() and len(code) <= 12):
        return false()
    return and_(Resident.village_code >= code, Resident.village_code < code + ":")  # ":" follows "9"


def _with_status(status: Status, on: date) -> ColumnElement[bool]:
    current = select(StatusPeriod.resident_id).where(
        StatusPeriod.from_on <= on, or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > on)
    )
    if status is Status.ACTIVE:
        return not_(Resident.id.in_(current.where(StatusPeriod.condition_id.is_(None))))
    return Resident.id.in_(current.where(StatusPeriod.status == status))


def _matching(session: Session, seen: ColumnElement[bool], wanted: str) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [Resident.name.contains(wanted, autoescape=True)]
    if wanted.isascii() and wanted.replace(" ", "").isalpha():
        initials = wanted.replace(" ", "").lower()
        ways.append(
            Resident.id.in_(
                select(ResidentInitials.resident_id).where(
                    ResidentInitials.initials.startswith(initials, autoescape=True)
                )
            )
        )
    number = wanted.replace(" ", "").replace("-", "").upper()
    if len(number) >= TAIL and number[:-1].isdigit() and number.isascii():
        ways += _by_number(session, seen, number)
    return or_(*ways)


def _by_number(session: Session, seen: ColumnElement[bool], number: str) -> list[ColumnElement[bool]]:
    """A whole ID number, telephone or archive number, or the last four or more of the first two."""
    ways: list[ColumnElement[bool]] = []
    card = read_id_number(number)
    if isinstance(card, IdNumber):
        ways.append(Resident.identity_key == document_key(card.value))
    if len(number) in ARCHIVE:
        ways.append(Resident.archive_no == number)
    if len(number) == TAIL:
        ways.append(Resident.id_tail == tail_key(number))
        tails = select(ResidentPhone.resident_id).where(ResidentPhone.tail_key == phone_tail_key(number))
        ways.append(Resident.id.in_(tails))
    elif len(number) < 18:
        ways.append(Resident.id.in_(_ends_with(session, seen, number)))
    if number.isdigit() and len(number) >= 7:
        whole = select(ResidentPhone.resident_id).where(ResidentPhone.number_key == phone_key(number))
        ways.append(Resident.id.in_(whole))
    return ways


def _ends_with(session: Session, seen: ColumnElement[bool], number: str) -> list[UUID]:
    """Five and more last digits: those that share the last four are opened and compared."""
    cards: Select[UUID, str | None] = (
        select(Resident.id, Resident.id_number)
        .where(seen, Resident.id_tail == tail_key(number))
        .limit(CANDIDATES)
    )
    found = {key for key, card in session.execute(cards) if card and card.endswith(number)}
    phones = (
        select(ResidentPhone.resident_id, ResidentPhone.number)
        .join(Resident, Resident.id == ResidentPhone.resident_id)
        .where(seen, ResidentPhone.tail_key == phone_tail_key(number))
        .limit(CANDIDATES)
    )
    return sorted(found | {key for key, phone in session.execute(phones) if digits(phone).endswith(number)})
