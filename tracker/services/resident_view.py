"""People as they are shown: what the API answers and the pages draw, masked where the role asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.domain.contract import ContractStatus
from tracker.domain.contract import status as contract_status
from tracker.domain.masking import mask_id_number, mask_name, mask_phone
from tracker.domain.person import Group
from tracker.domain.terms import Status
from tracker.models import Condition, Contract, Resident, ResidentPhone, StatusPeriod, Team
from tracker.services.group import groups_on
from tracker.services.scope import Scope

View = dict[str, Any]
FIRST = (ContractStatus.ACTIVE, ContractStatus.SCHEDULED, ContractStatus.PENDING)
RESTRICTED = frozenset({Group.SMI})
"""Groups that only those who look after the person see."""


def view(session: Session, scope: Scope, resident: Resident, on: date, *, revealed: bool = False) -> View:
    return views(session, scope, [resident], on, revealed=revealed)[0]


def views(
    session: Session, scope: Scope, residents: Sequence[Resident], on: date, *, revealed: bool = False
) -> list[View]:
    """Each person on a day, in the order given; a few statements however many there are."""
    ids = [r.id for r in residents]
    phones = _by_person(session.scalars(_phones(ids)))
    conditions = _by_person(session.scalars(_conditions(ids)))
    periods = periods_on(session, ids, on)
    contracts, groups = contracts_on(session, ids, on), groups_on(session, residents, on)
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


def _person(resident: Resident, *, full: bool, revealed: bool) -> View:
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


def _phones(ids: list[UUID]) -> Select[ResidentPhone]:
    return (
        select(ResidentPhone)
        .where(ResidentPhone.resident_id.in_(ids))
        .order_by(ResidentPhone.position, ResidentPhone.id)
    )


def _conditions(ids: list[UUID]) -> Select[Condition]:
    return select(Condition).where(Condition.resident_id.in_(ids)).order_by(Condition.disease.desc())


def _by_person(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.resident_id].append(row)
    return found


def periods_on(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, StatusPeriod]:
    """What people (by their own id) and registers (by the condition's) are on a day, unless active."""
    rows = session.scalars(
        select(StatusPeriod).where(
            StatusPeriod.resident_id.in_(ids),
            StatusPeriod.from_on <= on,
            or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > on),
        )
    )
    return {row.condition_id or row.resident_id: row for row in rows}


def person_status(
    periods: dict[UUID, StatusPeriod], resident: Resident, conditions: Sequence[Condition]
) -> Status:
    """The person's own status; else the one that all the person's registers share."""
    if resident.id in periods:
        return periods[resident.id].status
    shared = {periods[c.id].status if c.id in periods else Status.ACTIVE for c in conditions}
    return shared.pop() if len(shared) == 1 else Status.ACTIVE


def condition_view(condition: Condition, periods: dict[UUID, StatusPeriod]) -> View:
    period = periods.get(condition.id)
    return {
        "disease": str(condition.disease),
        "status": str(period.status if period is not None else Status.ACTIVE),
        "diagnosed_on": None if condition.diagnosed_on is None else condition.diagnosed_on.isoformat(),
        "enrolled_on": condition.enrolled_on.isoformat(),
        "next_due": None if condition.next_due is None else condition.next_due.isoformat(),
        "task": None if condition.next_task is None else str(condition.next_task),
    }


def contracts_on(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, View]:
    """For each person the contract in force, else the coming one, else the last one there was."""
    rows = session.execute(
        select(Contract, Team.name)
        .join(Team, Team.id == Contract.team_id)
        .where(Contract.resident_id.in_(ids), Contract.voided_at.is_(None))
        .order_by(Contract.end_on, Contract.start_on)
    ).all()
    found: dict[UUID, View] = {}
    for contract, team in rows:
        shown = _contract(contract, team, on)
        kept = found.get(contract.resident_id)
        if kept is None or _rank(shown) <= _rank(kept):
            found[contract.resident_id] = shown
    return found


def _rank(shown: View) -> int:
    status = ContractStatus(shown["status"])
    return FIRST.index(status) if status in FIRST else len(FIRST)


def _contract(contract: Contract, team: str, on: date) -> View:
    state = contract_status(
        on, contract.evidence, contract.start_on, contract.end_on, contract.terminated_on, void=False
    )
    return {
        "id": str(contract.id),
        "team": team,
        "start_on": contract.start_on.isoformat(),
        "end_on": contract.end_on.isoformat(),
        "status": str(state),
    }
