"""The people behind a figure: who is in the numerator, who is not and for what reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.contract import Evidence
from tracker.domain.indicator import Cause, Key, Period
from tracker.domain.masking import mask_name
from tracker.domain.person import Group
from tracker.models import Contract, Region, Resident
from tracker.services.indicator import CASES, contract
from tracker.services.indicator.area import area
from tracker.services.workforce.scope import Scope, visible

RESTRICTED = str(Group.SMI)
"""A group whose members are shown only to those who look after them."""


@dataclass(frozen=True, slots=True)
class Person:
    """One case; `day` is when its task was due or its contract ended. The name is masked where need be."""

    resident_id: UUID
    name: str
    birth_date: date
    village_code: str
    village: str
    hit: bool
    cause: Cause | None
    kind: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the cases: all, those in the numerator, or those that are not; and the page of them."""

    hit: bool | None = None
    limit: int = 30
    offset: int = 0


def persons(
    session: Session, scope: Scope, key: Key, group: str | None, region: str, period: Period, part: Part
) -> tuple[list[Person], int]:
    """A page of the people behind a figure whom the scope may see now, failures first; and their number."""
    if group == RESTRICTED and not scope.sees_full:
        return [], 0
    own = period.of(key)
    place = area(session, region)
    cases = contract.residents(own, place) if key is Key.CONTRACT else CASES[key](own, place)
    rows = cases.subquery()
    criteria = [place.holds(rows.c.village), visible(scope, Resident.village_code, Resident.id)]
    if group is not None:
        criteria.append(rows.c.grp == group)
    if "adult" in rows.c:
        criteria.append(rows.c.adult == 1)
    if part.hit is not None:
        criteria.append(rows.c.hit == int(part.hit))
    joined = select(rows, Resident.name, Resident.birth_date, Region.name.label("village_name")).select_from(
        rows
    )
    joined = joined.join(Resident, Resident.id == rows.c.resident_id).outerjoin(
        Region, Region.code == rows.c.village
    )
    query = joined.where(*criteria)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(rows.c.hit, rows.c.village, Resident.name, Resident.id)
    found = session.execute(ordered.offset(part.offset).limit(part.limit)).mappings().all()
    return _people(session, scope, key, own, found), total


def _people(session: Session, scope: Scope, key: Key, period: Period, found: Sequence[Any]) -> list[Person]:
    missing = {row["resident_id"] for row in found if not row["hit"]}
    without = _without(session, missing, period) if key in (Key.CONTRACT, Key.KEY_CONTRACT) else {}
    return [
        Person(
            resident_id=row["resident_id"],
            name=row["name"] if scope.sees_full else mask_name(row["name"]),
            birth_date=row["birth_date"],
            village_code=row["village"],
            village=row["village_name"] or row["village"],
            hit=bool(row["hit"]),
            cause=None if row["hit"] else without.get(row["resident_id"]) or _cause(key, row),
            kind=row.get("kind"),
            day=row.get("day"),
        )
        for row in found
    ]


def _cause(key: Key, row: Any) -> Cause:
    if key is Key.STANDARD:
        return _below_standard(row)
    if key is Key.CONTROL:
        if row["lost"]:
            return Cause.LOST
        return Cause.NOT_CONTROLLED if row["measured"] else Cause.NO_READING
    if key is Key.TIMELY:
        if not row["closed"]:
            return Cause.OPEN
        return Cause.LATE_ENTRY if row["in_time"] else Cause.LATE
    return Cause.NOT_RENEWED if key is Key.RENEWAL else Cause.NO_CONTRACT


def _below_standard(row: Any) -> Cause:
    """The step that is missing: a meeting, its reading, the lead's approval, or only the check-up."""
    if row["met"]:
        return Cause.NO_CHECKUP
    if row["measured"]:
        return Cause.AWAITS_APPROVAL
    return Cause.NO_READING if row["seen"] else Cause.NO_MEETING


def _without(session: Session, ids: set[UUID], period: Period) -> dict[UUID, Cause]:
    """Why these people have no valid contract; the latest one tells."""
    contracts = session.scalars(
        select(Contract)
        .where(Contract.resident_id.in_(ids), Contract.voided_at.is_(None), Contract.start_on <= period.end)
        .order_by(Contract.start_on)
    )
    return {contract.resident_id: _lapse(contract) for contract in contracts}


def _lapse(last: Contract) -> Cause:
    if last.evidence is Evidence.NONE:
        return Cause.UNSIGNED
    return Cause.EXPIRED if last.terminated_on is None else Cause.TERMINATED
