"""Finds people of a scope by what a doctor types, and narrows them down."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from tracker.domain.card import is_code, tidy
from tracker.domain.identity import IdNumber, read_id_number
from tracker.domain.names import CHINESE_GAP
from tracker.domain.person import Group
from tracker.domain.terms import Disease, Status
from tracker.models import (
    Card,
    Condition,
    Level,
    Region,
    Resident,
    ResidentInitials,
    ResidentPhone,
    StatusPeriod,
)
from tracker.services.resident.group import in_group
from tracker.services.resident.identity import TAIL, digits, document_key, phone_key, phone_tail_key, tail_key
from tracker.services.store.trip import Answers, rows_of
from tracker.services.workforce import scope as scopes
from tracker.services.workforce.scope import Scope, visible

LONGEST = 60
"""Characters of a query that are looked at; nothing that finds a person is longer."""
CANDIDATES = 2000
ARCHIVE = (17, 20)
WHOLE_CARD = 18
SHORTEST_PHONE = 7


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
    """People as `resident_view` shows them, and how many there are in all."""

    residents: Sequence[Any]
    total: int


class Way(StrEnum):
    """What a query may be besides part of a name; each is looked up by an index of its own."""

    INITIALS = "initials"
    CARD = "card"
    ARCHIVE = "archive"
    TAIL = "tail"
    PHONE_TAIL = "phone_tail"
    ENDING = "ending"
    PHONE = "phone"
    CODE = "code"


def search(
    session: Session, scope: Scope, filters: Filters, on: date, *, offset: int = 0, limit: int = 50
) -> Found:
    """People of the scope that match everything, the names that begin with the query first."""
    wanted, narrowed = clean(filters.q), replace(filters, q="")
    part = {**scope.values, "limit": limit, "offset": offset}
    if not wanted:
        listed = {
            "rows": (_all(scope.form, narrowed, on), part),
            "total": (_count(scope.form, narrowed, on), part),
        }
        told = Answers(session.connection(), listed)
        return Found(told["rows"], told["total"][0][0])
    ways = _ways(session, scope, wanted)
    part |= {"anywhere": f"%{_escaped(wanted)}%", "first": f"{_escaped(wanted)}%", **ways}
    rows = rows_of(session.connection(), (_matching(scope.form, narrowed, on, frozenset(ways)), part))
    if rows or not offset:
        return Found(rows, rows[0].total if rows else 0)
    return Found((), search(session, scope, filters, on, limit=1).total)


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


SHOWN = (
    Resident.id, Resident.name, Resident.sex, Resident.birth_date, Resident.village_code, Resident.archive_no,
    Resident.id_type, Resident.id_number, Resident.no_id_reason, Resident.address, Resident.allergies,
    Resident.registered,
)  # fmt: skip
ORDER = (Resident.name, Resident.birth_date, Resident.id)
PART: tuple[BindParameter[Any], BindParameter[Any]] = bindparam("limit"), bindparam("offset")


@lru_cache(maxsize=128)
def _count(form: scopes.Form, filters: Filters, on: date) -> Select[int]:
    return select(func.count()).select_from(Resident).where(*_listed(form, filters, on))


@lru_cache(maxsize=128)
def _all(form: scopes.Form, filters: Filters, on: date) -> Select[*tuple[Any, ...]]:
    return select(*SHOWN).where(*_listed(form, filters, on)).order_by(*ORDER).limit(PART[0]).offset(PART[1])


@lru_cache(maxsize=128)
def _matching(
    form: scopes.Form, filters: Filters, on: date, ways: frozenset[str]
) -> Select[*tuple[Any, ...]]:
    """Whoever matches is looked for once, and counted on the way; only a page of them is read further."""
    begins = case((Resident.name.like(bindparam("first"), escape="/"), 0), else_=1).label("begins")
    meant = _looked_up(form, ways).subquery("meant")
    matched = (
        select(Resident.id, begins, func.count().over().label("total"))
        .select_from(meant)
        .join(Resident, Resident.id == meant.c.id)
        .where(*_listed(form, filters, on))
        .order_by(begins, *ORDER)
        .limit(PART[0])
        .offset(PART[1])
        .subquery()
    )
    read = select(*SHOWN, matched.c.total).join(matched, matched.c.id == Resident.id)
    return read.order_by(matched.c.begins, *ORDER)


def _listed(form: scopes.Form, filters: Filters, on: date) -> list[ColumnElement[bool]]:
    criteria = [visible(form, Resident.village_code, Resident.id)]
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


def _ways(session: Session, scope: Scope, wanted: str) -> dict[str, Any]:
    """What the query may be, with the value that each is looked up by."""
    found: dict[str, Any] = {}
    if wanted.isascii() and wanted.replace(" ", "").isalpha():
        initials = wanted.replace(" ", "").lower()
        found |= {Way.INITIALS: initials, "behind": initials + "{"}  # "{" follows "z"
    if is_code(tidy(wanted)):
        found[Way.CODE] = tidy(wanted)
    return found | _numbers(session, scope, wanted.replace(" ", "").replace("-", "").upper())


def _numbers(session: Session, scope: Scope, number: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(number) < TAIL or not number[:-1].isdigit() or not number.isascii():
        return found
    card = read_id_number(number)
    if isinstance(card, IdNumber):
        found[Way.CARD] = document_key(card.value)
    if len(number) in ARCHIVE:
        found[Way.ARCHIVE] = number
    if len(number) == TAIL:
        found |= {Way.TAIL: tail_key(number), Way.PHONE_TAIL: phone_tail_key(number)}
    elif len(number) < WHOLE_CARD:
        found[Way.ENDING] = _ends_with(session, scope, number)
    if number.isdigit() and len(number) >= SHORTEST_PHONE:
        found[Way.PHONE] = phone_key(number)
    return found


def _looked_up(form: scopes.Form, ways: frozenset[str]) -> CompoundSelect[UUID]:
    """Who may be meant, each way by its own index; more than the scope may be among them."""
    initials, phones = ResidentInitials, select(ResidentPhone.resident_id)
    known = {
        Way.INITIALS: select(initials.resident_id).where(
            scopes.between(initials.initials, bindparam(Way.INITIALS), bindparam("behind")),
            scopes.in_reach(form, initials.village_code),
        ),
        Way.CARD: select(Resident.id).where(  # the index of identities begins with the county
            Resident.county_code.in_(select(Region.code).where(Region.level == Level.COUNTY)),
            Resident.identity_key == bindparam(Way.CARD),
        ),
        Way.ARCHIVE: select(Resident.id).where(Resident.archive_no == bindparam(Way.ARCHIVE)),
        Way.TAIL: select(Resident.id).where(
            Resident.id_tail == bindparam(Way.TAIL), scopes.in_reach(form, Resident.village_code)
        ),
        Way.PHONE_TAIL: phones.where(
            ResidentPhone.tail_key == bindparam(Way.PHONE_TAIL),
            scopes.in_reach(form, ResidentPhone.village_code),
        ),
        Way.ENDING: select(Resident.id).where(Resident.id.in_(bindparam(Way.ENDING, expanding=True))),
        Way.PHONE: phones.where(ResidentPhone.number_key == bindparam(Way.PHONE)),
        Way.CODE: select(Card.resident_id).where(
            Card.code == bindparam(Way.CODE), Card.replaced_at.is_(None)
        ),
    }
    anywhere = select(Resident.id).where(
        scopes.in_reach(form, Resident.village_code),
        Resident.name > "",  # true of all, and says which of the villages' indexes holds the name
        Resident.name.like(bindparam("anywhere"), escape="/"),
    )
    return union(anywhere, *(found for way, found in known.items() if way in ways))


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _ends_with(session: Session, scope: Scope, number: str) -> list[UUID]:
    """Five and more last digits: those that share the last four are opened and compared."""
    seen = visible(scope, Resident.village_code, Resident.id)
    cards: Select[UUID, str | None] = (
        select(Resident.id, Resident.id_number)
        .where(seen, Resident.id_tail == tail_key(number))
        .limit(CANDIDATES)
    )
    found = {key for key, card in session.execute(cards) if card and card.endswith(number)}
    phones = (
        select(ResidentPhone.resident_id, ResidentPhone.number)
        .where(
            visible(scope, ResidentPhone.village_code, ResidentPhone.resident_id),
            ResidentPhone.tail_key == phone_tail_key(number),
        )
        .limit(CANDIDATES)
    )
    return sorted(found | {key for key, phone in session.execute(phones) if digits(phone).endswith(number)})
