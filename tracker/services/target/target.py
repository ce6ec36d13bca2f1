"""Rates that a region should reach by the end of a year, set by the commission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.person import Group
from tracker.domain.terms import Disease
from tracker.models import Target
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.target.population import YEARS
from tracker.services.workforce import region

_BY_DISEASE = tuple(str(disease) for disease in Disease)
INDICATORS: dict[str, tuple[str, ...]] = {
    "contract_rate": (),
    "key_contract_rate": (*(str(group) for group in Group), "ANY"),
    "renewal_rate": (),
    "fulfilment_rate": (),
    "managed_rate": _BY_DISEASE,
    "standard_managed_rate": _BY_DISEASE,
    "control_rate": _BY_DISEASE,
    "timely_rate": _BY_DISEASE,
}
"""Keys of the indicators that may have a target, with the groups that each may be set for."""


def put(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    region_code: str,
    year: int,
    indicator: str,
    percent: Decimal,
    group: str = "",
) -> Target:
    """Set a target in percent; setting it again replaces it."""
    region.get(session, region_code)
    _check(year, indicator, group, percent)
    row = session.scalars(
        select(Target).where(
            Target.region_code == region_code,
            Target.year == year,
            Target.indicator == indicator,
            Target.group_code == group,
        )
    ).one_or_none()
    if row is None:
        row = Target(region_code=region_code, year=year, indicator=indicator, group_code=group)
        session.add(row)
    row.percent = percent
    session.flush()
    details = {"year": year, "indicator": indicator}
    audit.record(session, actor, at, "set target", "region", region_code, details=details)
    return row


def _check(year: int, indicator: str, group: str, percent: Decimal) -> None:
    if year not in YEARS:
        raise refuse("year", "year_odd")
    if indicator not in INDICATORS:
        raise refuse("indicator", "indicator_unknown", key=indicator)
    if group and group not in INDICATORS[indicator]:
        raise refuse("group", "group_unknown", key=indicator, group=group)
    if not (percent.is_finite() and 0 <= percent <= 100):
        raise refuse("percent", "percent_range")


def listed(session: Session, region_code: str, year: int | None = None) -> Sequence[Target]:
    """What is set for a region and all below it."""
    query = select(Target).where(Target.region_code.startswith(region_code, autoescape=True))
    if year is not None:
        query = query.where(Target.year == year)
    return session.scalars(
        query.order_by(Target.region_code, Target.year, Target.indicator, Target.group_code)
    ).all()


def in_force(session: Session, region_code: str, year: int) -> Sequence[Target]:
    """For each indicator and group the target of the region, else that of the nearest region it lies in."""
    path = [region_code[:length] for length in region.LENGTHS.values() if length <= len(region_code)]
    rows = session.scalars(select(Target).where(Target.region_code.in_(path), Target.year == year))
    nearest = {(row.indicator, row.group_code): row for row in sorted(rows, key=lambda r: len(r.region_code))}
    return list(nearest.values())
