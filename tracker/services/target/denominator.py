"""What the rates of places are held against on a day: people and expected patients, set there or added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease
from tracker.models import Population, Region
from tracker.services.indicator import estimate
from tracker.services.target import population


@dataclass(frozen=True, slots=True)
class Denominator:
    """`year` and `source` are those of the place's own figure; without one the places below are added up."""

    region: Region
    resident: int | None
    registered: int | None
    hypertension: int | None
    diabetes: int | None
    year: int | None
    source: str


def denominators(session: Session, places: Sequence[Region], on: date) -> list[Denominator]:
    codes = [place.code for place in places]
    people = population.of_all(session, codes, on)
    patients = estimate.of_all(session, codes, on)
    own = _own(session, codes, on)
    return [_of(place, people[place.code], patients[place.code], own.get(place.code)) for place in places]


def _own(session: Session, codes: Sequence[str], on: date) -> dict[str, Population]:
    """The latest figure that each place has of its own."""
    rows = session.scalars(
        select(Population)
        .where(Population.region_code.in_(codes), Population.year <= on.year)
        .order_by(Population.year)
    )
    return {row.region_code: row for row in rows}


def _of(
    place: Region, people: population.Figure | None, patients: estimate.Patients, own: Population | None
) -> Denominator:
    return Denominator(
        place,
        resident=None if people is None else people.resident,
        registered=None if people is None else people.registered,
        hypertension=patients[Disease.HYPERTENSION],
        diabetes=patients[Disease.DIABETES],
        year=None if own is None else own.year,
        source="" if own is None else own.source,
    )
