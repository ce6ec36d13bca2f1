"""How a region stands: its own figures, those of the places below, the contract rate of twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from tracker.domain.indicator import ANY_KEY_GROUP, Key, Period, rate
from tracker.domain.terms import Disease
from tracker.models import Level, Region
from tracker.services.indicator import contract, figures, question
from tracker.services.indicator.area import area
from tracker.services.indicator.kept import Kept, kept_for
from tracker.services.indicator.kept import held as kept_held
from tracker.services.target import population
from tracker.services.target.pace import Standing, standings
from tracker.services.workforce import region as regions
from tracker.services.workforce.scope import Scope

Subject = tuple[Key, str | None]
HYPERTENSION, DIABETES = str(Disease.HYPERTENSION), str(Disease.DIABETES)
HEADLINES: tuple[Subject, ...] = (
    (Key.CONTRACT, None),
    (Key.KEY_CONTRACT, ANY_KEY_GROUP),
    (Key.STANDARD, HYPERTENSION),
    (Key.CONTROL, HYPERTENSION),
)
"""The figures that stand on top."""
COMPARED: dict[str, tuple[Subject, ...]] = {
    "": HEADLINES,
    "contract": ((Key.CONTRACT, None), (Key.KEY_CONTRACT, ANY_KEY_GROUP), (Key.RENEWAL, None)),
    **{
        disease: ((Key.STANDARD, disease), (Key.CONTROL, disease), (Key.TIMELY, disease))
        for disease in (HYPERTENSION, DIABETES)
    },
}
"""Sets of columns that compare the places below."""
COUNTED_AT_ONCE = 400
"""Villages and patients that are counted anew while somebody waits: a big village or some small ones."""
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Place:
    """A region with its standings by indicator and group."""

    region: Region
    standings: dict[Subject, Standing]

    def __getitem__(self, subject: Subject) -> Standing:
        return self.standings[subject]


@dataclass(frozen=True, slots=True)
class Overview:
    """`crumbs` may lie outside the scope; `own` is missing where only some villages are inside."""

    region: Region
    crumbs: Sequence[Region]
    own: Place | None
    below: list[Place]
    months: list[tuple[date, Decimal | None]]
    as_of: datetime | None = None
    """When the figures were counted, if what has changed since is left out."""


def overview(session: Session, scope: Scope, code: str, period: Period) -> Overview | None:
    """None for a place that is unknown, or of which nothing is in the scope."""
    region = question.home(session, scope) if not code else question.place(session, code)
    if region is None:
        return None
    own = question.rows(session, scope, region.code, None)
    below = question.rows(session, scope, region.code, _next_level(region))
    below = [r for r in below if r.code != region.code]
    if not own and not below:
        return None
    given = kept_for(session, region.code, period.known, COUNTED_AT_ONCE)
    if given is not None and not given.covers(Key.CONTRACT, period):
        given = None
    places = _places(session, [*own, *below], period, given)
    return Overview(
        region=region,
        crumbs=regions.path(session, region.code),
        own=places[0] if own else None,
        below=sorted(places[len(own) :], key=_rank),
        months=months(session, region.code, period.end, given) if own else [],
        as_of=None if given is None else given.as_of,
    )


def _next_level(region: Region) -> Level:
    if region.level is Level.COUNTY:
        return Level.TOWNSHIP
    return Level.VILLAGE if region.level in (Level.TOWNSHIP, Level.VILLAGE) else Level.COUNTY


def _places(session: Session, found: Sequence[Region], period: Period, given: Kept | None) -> list[Place]:
    numbers = figures(session, [r.code for r in found], period, given=given)
    counted = standings(session, numbers, period.end, given)
    by_code: dict[str, dict[Subject, Standing]] = {r.code: {} for r in found}
    for standing in counted:
        figure = standing.figure
        by_code[figure.region_code][figure.key, figure.group] = standing
    return [Place(region, by_code[region.code]) for region in found]


def _rank(place: Place) -> tuple[bool, Decimal, str]:
    """The highest contract rate first, those without one last."""
    found = place[HEADLINES[0]].figure.rate
    return found is None, -(found or Decimal(0)), place.region.code


def months(
    session: Session, code: str, day: date, given: Kept | None = None
) -> list[tuple[date, Decimal | None]]:
    """The contract rate at the ends of the last twelve months, the last one on the day itself."""
    days = contract.month_ends(day)
    held = _held(session, code, days, given)
    people = {year: population.of(session, code, date(year, 12, 31)) for year in {d.year for d in days}}
    return [
        (on, rate(signed, None if (known := people[on.year]) is None else known.resident, TENTH))
        for on, signed in zip(days, held, strict=True)
    ]


def _held(session: Session, code: str, days: Sequence[date], given: Kept | None) -> Sequence[int]:
    if given is not None and given.day == days[-1]:
        return kept_held(session, given, code, days)
    found = session.execute(contract.held_on(days, area(session, code), len(code))).one_or_none()
    return [0] * len(days) if found is None else [int(number) for number in found[1:]]
