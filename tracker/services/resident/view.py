"""People as they are shown: what the API answers and the pages draw, masked where the role asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.domain.contract import ContractStatus
from tracker.domain.contract import status as contract_status
from tracker.domain.masking import mask_id_number, mask_name, mask_phone
from tracker.domain.person import Group
from tracker.domain.terms import Status
from tracker.models import Condition, Contract, Resident, ResidentPhone, StatusPeriod, Team
from tracker.models.among import among
from tracker.services.resident import group
from tracker.services.store.trip import Answers, rows_of
from tracker.services.workforce.scope import Scope

View = dict[str, Any]
Person = Resident | Row[Any]
"""A resident, or a row with the same columns."""
FIRST = (ContractStatus.ACTIVE, ContractStatus.SCHEDULED, ContractStatus.PENDING)


@dataclass(frozen=True, slots=True)
class Period:
    """What a person or a register is from a day until another, which is not part of it."""

    status: Status
    from_on: date
    to_on: date | None


RESTRICTED = frozenset({Group.SMI})
"""Groups that only those who look after the person see."""


def view(session: Session, scope: Scope, resident: Person, on: date, *, revealed: bool = False) -> View:
    return views(session, scope, [resident], on, revealed=revealed)[0]


def views(
    session: Session, scope: Scope, residents: Sequence[Person], on: date, *, revealed: bool = False
) -> list[View]:
    """Each person on a day, in the order given; one trip however many there are."""
    asked = {"ids": [r.id for r in residents], "day": on}
    statements = {
        "phones": _phones(), "conditions": _conditions(), "periods": _periods(), "contracts": _contracts(),
    }  # fmt: skip
    questions = {name: (statement, asked) for name, statement in statements.items()}
    told = Answers(session.connection(), {**questions, **group.questions(residents, on)})
    phones, conditions = _by_person(told["phones"]), _by_person(told["conditions"])
    periods, groups = _periods_told(told["periods"]), group.groups_told(residents, on, told)
    contracts = {person: foremost(own, on) for person, own in _by_person(told["contracts"]).items()}
    full = scope.sees_full or revealed
    return [
        {
            **_person(resident, full=full, revealed=revealed),
            "phones": [p.number if full else mask_phone(p.number) for p in phones[resident.id]],
            "groups": [str(g) for g in groups[resident.id] if full or g not in RESTRICTED],
            "status": str(person_status(periods, resident, conditions[resident.id])),
            "conditions": [condition_view(c, periods) for c in conditions[resident.id]],
            "contract": contracts.get(resident.id),
        }
        for resident in residents
    ]


def _person(resident: Person, *, full: bool, revealed: bool) -> View:
    number = resident.id_number
    return {
        "id": str(resident.id),
        "name": resident.name if full else mask_name(resident.name),
        "id_type": resident.id_type,
        "id_number": number if revealed or number is None else mask_id_number(number),
        "no_id_reason": resident.no_id_reason,
        "sex": str(resident.sex),
        "birth_date": resident.birth_date.isoformat(),
        "region_code": resident.village_code,
        "address": resident.address if full else None,
        "allergies": resident.allergies if full else None,
        "archive_no": resident.archive_no,
        "registered": resident.registered,
    }


DAY: BindParameter[Any] = bindparam("day")


@cache
def _phones() -> Select[UUID, str]:
    return (
        select(ResidentPhone.resident_id, ResidentPhone.number)
        .where(among(ResidentPhone.resident_id, "ids"))
        .order_by(ResidentPhone.position, ResidentPhone.id)
    )


@cache
def _conditions() -> Select[*tuple[Any, ...]]:
    kept = Condition
    return (
        select(
            kept.id, kept.resident_id, kept.disease, kept.diagnosed_on, kept.enrolled_on, kept.next_due,
            kept.next_task,
        )
        .where(among(kept.resident_id, "ids"))
        .order_by(kept.disease.desc())
    )  # fmt: skip


def _by_person(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.resident_id].append(row)
    return found


def periods_on(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, Period]:
    """What people (by their own id) and registers (by the condition's) are on a day, unless active."""
    return _periods_told(rows_of(session.connection(), (_periods(), {"ids": list(ids), "day": on})))


def _periods_told(rows: Iterable[Any]) -> dict[UUID, Period]:
    return {
        condition or person: Period(status, since, until) for person, condition, status, since, until in rows
    }


@cache
def _periods() -> Select[*tuple[Any, ...]]:
    period = StatusPeriod
    return select(period.resident_id, period.condition_id, period.status, period.from_on, period.to_on).where(
        among(period.resident_id, "ids"),
        period.from_on <= DAY,
        or_(period.to_on.is_(None), period.to_on > DAY),
    )


def person_status(periods: dict[UUID, Period], resident: Person, conditions: Sequence[Any]) -> Status:
    """The person's own status; else the one that all the person's registers share."""
    if resident.id in periods:
        return periods[resident.id].status
    shared = {periods[c.id].status if c.id in periods else Status.ACTIVE for c in conditions}
    return shared.pop() if len(shared) == 1 else Status.ACTIVE


def condition_view(condition: Condition, periods: dict[UUID, Period]) -> View:
    period = periods.get(condition.id)
    return {
        "disease": str(condition.disease),
        "status": str(period.status if period is not None else Status.ACTIVE),
        "diagnosed_on": None if condition.diagnosed_on is None else condition.diagnosed_on.isoformat(),
        "enrolled_on": condition.enrolled_on.isoformat(),
        "next_due": None if condition.next_due is None else condition.next_due.isoformat(),
        "task": None if condition.next_task is None else str(condition.next_task),
    }


def contracts_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """The rows of all contracts of people, but for those taken back, in the order of their ends."""
    return _by_person(rows_of(session.connection(), (_contracts(), {"ids": list(ids)})))


def foremost(contracts: Sequence[Any], on: date) -> View:
    """Of one person's, at least one, that which is shown first."""
    found = _contract(contracts[0], on)
    for contract in contracts[1:]:
        shown = _contract(contract, on)
        if _rank(shown) <= _rank(found):
            found = shown
    return found


@cache
def _contracts() -> Select[*tuple[Any, ...]]:
    kept = Contract
    return (
        select(
            kept.id, kept.resident_id, kept.evidence, kept.start_on, kept.end_on, kept.terminated_on,
            Team.name.label("team"),
        )
        .join(Team, Team.id == kept.team_id)
        .where(among(kept.resident_id, "ids"), kept.voided_at.is_(None))
        .order_by(kept.end_on, kept.start_on)
    )  # fmt: skip


def _rank(shown: View) -> int:
    status = ContractStatus(shown["status"])
    return FIRST.index(status) if status in FIRST else len(FIRST)


def _contract(contract: Row[Any], on: date) -> View:
    state = contract_status(
        on, contract.evidence, contract.start_on, contract.end_on, contract.terminated_on, void=False
    )
    return {
        "id": str(contract.id),
        "team": contract.team,
        "start_on": contract.start_on.isoformat(),
        "end_on": contract.end_on.isoformat(),
        "status": str(state),
    }
