"""Contracts as lists and as they are answered: filters by place, team, status on a day, soon to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.contract import EXPIRING, ContractStatus, Evidence, TerminationReason, status
from tracker.models import Contract, Resident, Team
from tracker.services.contract import package
from tracker.services.workforce.scope import Scope, in_force, in_places, visible


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; what is empty does not limit it."""

    resident_id: UUID | None = None
    team: str = ""
    region: str = ""
    status: ContractStatus | None = None
    expiring: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    contract: Contract
    resident: Resident
    team: Team


def status_of(contract: Contract, on: date) -> ContractStatus:
    return status(
        on,
        contract.evidence,
        contract.start_on,
        contract.end_on,
        contract.terminated_on,
        void=contract.voided_at is not None,
    )


def find(session: Session, scope: Scope, wanted: Wanted, offset: int, limit: int) -> tuple[list[Listed], int]:
    """A page of the contracts that the scope may see, those that end first on top; and how many there are."""
    matching = _matching(scope, wanted)
    total = session.scalar(
        select(func.count()).select_from(_joined(select(Contract.id), matching).subquery())
    )
    query = _joined(select(Contract, Resident, Team), matching)
    rows = session.execute(
        query.order_by(Contract.end_on, Contract.village_code, Contract.id).offset(offset).limit(limit)
    )
    return [Listed(*row) for row in rows], total or 0


def _joined(query: Any, matching: list[ColumnElement[bool]]) -> Any:
    return (
        query.select_from(Contract)
        .join(Resident, Resident.id == Contract.resident_id)
        .join(Team, Team.id == Contract.team_id)
        .where(*matching)
    )


def _matching(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [seen_by(scope)]
    if wanted.resident_id is not None:
        found.append(Contract.resident_id == wanted.resident_id)
    if wanted.team:
        found.append(Team.name == wanted.team)
    if wanted.region:
        found.append(Contract.village_code.startswith(wanted.region, autoescape=True))
    if wanted.status is not None:
        found.append(is_on(wanted.status, scope.on))
    if wanted.expiring:
        found.append(expiring(scope.on))
    return found


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """The person is in the scope, or the contract is with one of its teams."""
    if not scope.teams:
        return visible(scope, Contract.village_code, Contract.resident_id)
    return or_(in_places(scope, Contract.village_code), Contract.team_id.in_(scope.teams))


def is_on(wanted: ContractStatus, on: date) -> ColumnElement[bool]:
    """The criterion that a contract has this status on a day; the same rule as `domain.contract.status`."""
    valid = and_(Contract.voided_at.is_(None), Contract.evidence != Evidence.NONE)
    ended = and_(Contract.terminated_on.is_not(None), Contract.terminated_on <= on)
    stands = and_(valid, or_(Contract.terminated_on.is_(None), Contract.terminated_on > on))
    return {
        ContractStatus.VOID: Contract.voided_at.is_not(None),
        ContractStatus.PENDING: and_(Contract.voided_at.is_(None), Contract.evidence == Evidence.NONE),
        ContractStatus.DRAFT: Contract.id.is_(None),
        ContractStatus.TERMINATED: and_(valid, ended),
        ContractStatus.SCHEDULED: and_(stands, Contract.start_on > on),
        ContractStatus.ACTIVE: in_force(on),
        ContractStatus.EXPIRED: and_(stands, Contract.end_on < on),
    }[wanted]


def expiring(on: date) -> ColumnElement[bool]:
    """The criterion that a contract in force ends within 60 days and nothing follows it yet."""
    later = aliased(Contract)
    followed = select(later.id).where(
        later.resident_id == Contract.resident_id,
        later.start_on > Contract.end_on,
        later.occupied_until.is_not(None),
    )
    return and_(in_force(on), Contract.end_on <= on + EXPIRING, not_(followed.exists()))


def current(session: Session, resident_ids: Sequence[UUID], on: date) -> dict[UUID, Contract]:
    """The contract of each person that stands on a day, else the one that begins next."""
    rows = session.scalars(
        select(Contract)
        .where(
            Contract.resident_id.in_(resident_ids),
            Contract.occupied_until >= on,
            or_(Contract.terminated_on.is_(None), Contract.terminated_on > on),
        )
        .order_by(Contract.start_on.desc())
    )
    return {contract.resident_id: contract for contract in rows}


def ended_by_leaving(session: Session, resident_id: UUID) -> bool:
    """Whether the person's last contract went with a death or a departure; coming back does not revive it."""
    last = session.connection().scalars(_last_reason(), {"resident": resident_id}).first()
    return last in (TerminationReason.DEATH, TerminationReason.MOVED_OUT)


@cache
def _last_reason() -> Select[str | None]:
    return (
        select(Contract.termination_reason)
        .where(
            Contract.resident_id == bindparam("resident"),
            Contract.voided_at.is_(None),
            Contract.evidence != Evidence.NONE,
        )
        .order_by(Contract.start_on.desc())
        .limit(1)
    )


def show(session: Session, contract: Contract, on: date) -> dict[str, Any]:
    """The contract as the API answers it."""
    team = session.get_one(Team, contract.team_id)
    packages = package.of_contracts(session, [contract])[contract.id]
    return {**brief(contract, team, on), **_rest(session, contract), "packages": [p.code for p in packages]}


def brief(contract: Contract, team: Team, on: date) -> dict[str, Any]:
    """The part that stands in a person's record too."""
    return {
        "id": str(contract.id),
        "team": team.name,
        "start_on": contract.start_on.isoformat(),
        "end_on": contract.end_on.isoformat(),
        "status": str(status_of(contract, on)),
    }


def _rest(session: Session, contract: Contract) -> dict[str, Any]:
    before = None if contract.predecessor_id is None else session.get(Contract, contract.predecessor_id)
    ended = contract.terminated_on
    return {
        "number": contract.number,
        "resident_id": str(contract.resident_id),
        "kind": str(contract.kind),
        "years": contract.years,
        "signed_on": contract.signed_on.isoformat(),
        "signature": {"kind": str(contract.evidence), "by": str(contract.signed_by)},
        "terminated_on": None if ended is None else ended.isoformat(),
        "reason": contract.termination_reason,
        "predecessor_id": None if before is None else str(before.id),
        "gap_days": gap_days(before, contract),
    }


def gap_days(before: Contract | None, contract: Contract) -> int | None:
    """Days without a contract between a contract and the one it follows."""
    if before is None or before.occupied_until is None:
        return None
    return (contract.start_on - before.occupied_until).days - 1
