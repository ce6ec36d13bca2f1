"""People of a region in a year, the denominators: never counted from the residents on file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Population
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.workforce import region

YEARS = range(2000, 2101)
PEOPLE_AT_MOST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """People over six months here, and those on the household register where known."""

    resident: int
    registered: int | None


def put(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    region_code: str,
    year: int,
    resident: int,
    registered: int | None = None,
    source: str = "",
) -> Population:
    """Set the figure of a region and year; setting it again replaces it."""
    region.get(session, region_code)
    if year not in YEARS:
        raise refuse("year", "year_odd")
    if resident < 0 or (registered is not None and registered < 0):
        raise refuse("resident", "number_negative")
    if max(resident, registered or 0) > PEOPLE_AT_MOST:
        raise refuse("resident", "less_than")
    row = session.scalars(
        select(Population).where(Population.region_code == region_code, Population.year == year)
    ).one_or_none()
    if row is None:
        row = Population(region_code=region_code, year=year)
        session.add(row)
    row.resident, row.registered, row.source = resident, registered, source
    session.flush()
    audit.record(session, actor, at, "set population", "region", region_code, details={"year": year})
    return row


def of(session: Session, region_code: str, on: date) -> Figure | None:
    """The figure of one region on a day; None when unknown."""
    return of_all(session, [region_code], on)[region_code]


def of_all(session: Session, codes: Sequence[str], on: date) -> dict[str, Figure | None]:
    """Figures on a day: the own row of the latest year, else the sum of the children that have one."""
    if not codes:
        return {}
    rows = session.execute(
        select(Population.region_code, Population.resident, Population.registered)
        .where(Population.year <= on.year, Population.region_code.startswith(region.common(codes)))
        .order_by(Population.year)
    )  # later years overwrite earlier ones
    own = {code: Figure(resident, registered) for code, resident, registered in rows}
    below = _children(own)
    return {code: _figure(code, own, below) for code in codes}


def _children(codes: Iterable[str]) -> dict[str, set[str]]:
    """Direct children by parent, of all regions that hold a figure or have one below them."""
    found: dict[str, set[str]] = {}
    lengths = list(region.LENGTHS.values())
    for code in codes:
        path = [code[:n] for n in lengths if n <= len(code)]
        for parent, child in pairwise(path):
            found.setdefault(parent, set()).add(child)
    return found


def _figure(code: str, own: dict[str, Figure], below: dict[str, set[str]]) -> Figure | None:
    if code in own:
        return own[code]
    parts = [part for child in below.get(code, ()) if (part := _figure(child, own, below)) is not None]
    if not parts:
        return None
    registered = [part.registered for part in parts if part.registered is not None]
    return Figure(sum(part.resident for part in parts), sum(registered) if registered else None)


def listed(session: Session, region_code: str, year: int | None = None) -> Sequence[Population]:
    """What is set for a region and all below it."""
    query = select(Population).where(Population.region_code.startswith(region_code, autoescape=True))
    if year is not None:
        query = query.where(Population.year == year)
    return session.scalars(query.order_by(Population.region_code, Population.year)).all()
