"""How many patients a county expects in a region: the denominator of the managed rate.

Source: estimated from prevalence or set as a task by the level above; entered with the population of a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease
from tracker.models import Population
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.target.population import PEOPLE_AT_MOST
from tracker.services.workforce import region

Patients = Mapping[Disease, int | None]


def of_all(session: Session, codes: Sequence[str], on: date) -> dict[str, Patients]:
    """Patients expected by region: its own number of the latest year, else the sum of those below it."""
    if not codes:
        return {}
    rows = session.execute(
        select(Population.region_code, Population.hypertension, Population.diabetes)
        .where(Population.year <= on.year, Population.region_code.startswith(region.common(codes)))
        .order_by(Population.year)
    )
    own: dict[Disease, dict[str, int]] = {disease: {} for disease in Disease}
    for code, *numbers in rows:
        for disease, number in zip((Disease.HYPERTENSION, Disease.DIABETES), numbers, strict=True):
            if number is not None:
                own[disease][code] = number
    return {code: {disease: _of(code, own[disease]) for disease in Disease} for code in codes}


def _of(code: str, own: Mapping[str, int]) -> int | None:
    """The region's own number, else the sum over the widest regions below it that have one."""
    if code in own:
        return own[code]
    counted: set[str] = set()
    for other in sorted((other for other in own if other.startswith(code)), key=len):
        if not any(other[:length] in counted for length in region.LENGTHS.values()):
            counted.add(other)
    return _sum(own[other] for other in counted)


def _sum(numbers: Iterable[int]) -> int | None:
    found = list(numbers)
    return sum(found) if found else None


def put(
    session: Session,
    actor: Actor,
    at: datetime,
    region_code: str,
    year: int,
    patients: Patients,
) -> None:
    """Set the numbers of a region and year whose population is known; None takes one back."""
    row = session.scalars(
        select(Population).where(Population.region_code == region_code, Population.year == year)
    ).one_or_none()
    if row is None:
        raise refuse("year", "population_first")
    if any(number is not None and number < 0 for number in patients.values()):
        raise refuse("patients", "number_negative")
    if max((number or 0 for number in patients.values()), default=0) > PEOPLE_AT_MOST:
        raise refuse("patients", "less_than")
    row.hypertension = patients.get(Disease.HYPERTENSION)
    row.diabetes = patients.get(Disease.DIABETES)
    session.flush()
    audit.record(session, actor, at, "set patients", "region", region_code, details={"year": year})
