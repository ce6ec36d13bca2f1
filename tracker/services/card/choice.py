"""Whose cards are printed: people of a village, by what they are, or some that are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.person import Group
from tracker.models import Card, Condition, Contract, Resident, StatusPeriod
from tracker.services.resident.group import in_group, on_register
from tracker.services.resident.status_rules import GONE
from tracker.services.workforce.scope import Scope, in_force, visible

MOST = 2000
"""Cards of one sheet: the largest village, and some seconds of work."""
PER_PAGE = 10


class Whom(StrEnum):
    MANAGED = "managed"
    ELDERLY = "elderly"
    CONTRACTED = "contracted"
    EVERYBODY = "everybody"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Choice:
    """`unprinted` leaves out who has a card that was printed; `chosen` are the people named."""

    village: str = ""
    whom: Whom = Whom.MANAGED
    unprinted: bool = True
    chosen: tuple[UUID, ...] = ()


def count(session: Session, scope: Scope, choice: Choice, on: date) -> int:
    query = select(func.count()).select_from(Resident).where(*_criteria(scope, choice, on))
    return session.execute(query).scalar_one()


def people(session: Session, scope: Scope, choice: Choice, on: date) -> Sequence[Row[Any]]:
    """Who they are, in the order of the sheet: village, name, birth."""
    return session.execute(_people(scope, choice, on)).all()


def _people(scope: Scope, choice: Choice, on: date) -> Select[*tuple[Any, ...]]:
    shown = (Resident.id, Resident.name, Resident.sex, Resident.birth_date, Resident.village_code)
    order = (Resident.village_code, Resident.name, Resident.birth_date, Resident.id)
    return select(*shown).where(*_criteria(scope, choice, on)).order_by(*order).limit(MOST)


def _criteria(scope: Scope, choice: Choice, on: date) -> list[ColumnElement[bool]]:
    found = [visible(scope, Resident.village_code, Resident.id), not_(_gone(on))]
    if choice.village:
        found.append(Resident.village_code == choice.village)
    if choice.whom is Whom.CHOSEN:
        found.append(Resident.id.in_(choice.chosen))
        return found  # who is named is meant, printed before or not
    if choice.unprinted:
        printed = select(Card.id).where(
            Card.resident_id == Resident.id, Card.replaced_at.is_(None), Card.printed_at.is_not(None)
        )
        found.append(not_(printed.exists()))
    return [*found, *_kind(choice.whom, on)]


def _kind(whom: Whom, on: date) -> list[ColumnElement[bool]]:
    if whom is Whom.MANAGED:
        held = select(Condition.id).where(Condition.resident_id == Resident.id, on_register(on))
        return [held.exists()]
    if whom is Whom.ELDERLY:
        return [in_group(Group.ELD, on)]
    if whom is Whom.CONTRACTED:
        return [select(Contract.id).where(Contract.resident_id == Resident.id, in_force(on)).exists()]
    return []


def _gone(on: date) -> ColumnElement[bool]:
    """The criterion that a person is dead or has moved out."""
    periods = select(StatusPeriod.id).where(
        StatusPeriod.resident_id == Resident.id,
        StatusPeriod.condition_id.is_(None),
        StatusPeriod.status.in_(sorted(GONE)),
        StatusPeriod.from_on <= on,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > on),
    )
    return periods.exists()
