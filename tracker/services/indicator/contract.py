"""签约率 and 续签率: who holds a valid contract on a day, and which contracts that ended were followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from tracker.domain.contract import Evidence
from tracker.domain.indicator import RENEWED_WITHIN, Period
from tracker.models import Contract, Residence, Resident
from tracker.services.indicator.area import EVERYWHERE, Area
from tracker.services.indicator.case import Cases, flag, here, lives_here
from tracker.services.indicator.days import days_after
from tracker.services.workforce.scope import in_force

NOBODY = null().cast(String)


def signed(period: Period, area: Area = EVERYWHERE) -> Cases:
    """One case for each person under a valid contract on the last day; all of them hit."""
    day = period.end
    return (
        select(
            Contract.resident_id,
            Residence.village_code.label("village"),
            NOBODY.label("grp"),
            literal(1).label("hit"),
        )
        .join(Residence, lives_here(Contract.resident_id, day))
        .where(
            area.rows(Contract.village_code, Contract.resident_id),
            in_force(day),
            Contract.signed_on <= period.known,
            here(Contract.resident_id, day),
        )
    )


def residents(period: Period, area: Area = EVERYWHERE) -> Cases:
    """One case for each person on file who lives here on the last day; a valid contract hits."""
    day = period.end
    return (
        select(
            Resident.id.label("resident_id"),
            Residence.village_code.label("village"),
            NOBODY.label("grp"),
            flag(Contract.id.is_not(None)).label("hit"),
        )
        .select_from(Resident)
        .join(Residence, lives_here(Resident.id, day))
        .outerjoin(Contract, holds(Resident.id, period))
        .where(area.rows(Resident.village_code, Resident.id), here(Resident.id, day))
    )


def holds(resident_id: Any, period: Period) -> ColumnElement[bool]:
    """The contract of a person that is valid on the last day."""
    return and_(Contract.resident_id == resident_id, in_force(period.end), Contract.signed_on <= period.known)


def ended(period: Period, area: Area = EVERYWHERE) -> Cases:
    """One case for each contract that ran out in the period; a successor within 30 days hits."""
    later = aliased(Contract)
    followed = select(later.id).where(
        later.resident_id == Contract.resident_id,
        later.start_on > Contract.end_on,
        later.start_on <= days_after(Contract.end_on, RENEWED_WITHIN),
        later.signed_on <= period.known,
        later.occupied_until.is_not(None),
    )
    return (
        select(
            Contract.resident_id,
            func.coalesce(Residence.village_code, Contract.village_code).label("village"),
            NOBODY.label("grp"),
            flag(followed.exists()).label("hit"),
            Contract.end_on.label("day"),
        )
        .outerjoin(Residence, lives_here(Contract.resident_id, period.end))
        .where(
            area.rows(Contract.village_code, Contract.resident_id),
            Contract.end_on.between(period.start, period.end),
            Contract.evidence != Evidence.NONE,
            Contract.voided_at.is_(None),
            or_(Contract.terminated_on.is_(None), Contract.terminated_on >= Contract.end_on),
            here(Contract.resident_id, Contract.end_on),
        )
    )


def month_ends(day: date, months: int = 12) -> list[date]:
    """The last days of the months before, and the day itself; oldest first."""
    found = [day]
    while len(found) < months:
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return found[::-1]


def held_on(days: Sequence[date], area: Area, width: int) -> Select[*tuple[Any, ...]]:
    """People under a contract on each of these days by region, in one pass over the contracts.

    `width`: how many digits of the village's code name the region.
    """
    region = func.substr(Residence.village_code, 1, width)
    held = [func.sum(flag(and_(in_force(day), lives_here(Contract.resident_id, day)))) for day in days]
    return (
        select(region, *held)
        .select_from(Contract)
        .join(Residence, Residence.resident_id == Contract.resident_id)
        .where(
            area.rows(Contract.village_code, Contract.resident_id),
            area.holds(Residence.village_code),
            Contract.end_on >= days[0],
            Contract.start_on <= days[-1],
        )
        .group_by(region)
    )
