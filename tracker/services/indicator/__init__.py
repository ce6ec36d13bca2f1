"""The indicators of regions over a period, each from its cases in SQL, rolled up from villages.

Denominators of the contract rate are the population that was entered, those of the managed rate the patients
expected; an unknown one leaves the rate empty. Everything else counts cases on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Note, Period, groups_of, note_of, rate_of
from tracker.domain.terms import Disease
from tracker.services.indicator import contract, estimate, key_group, managed, timely
from tracker.services.indicator.area import Area, area
from tracker.services.indicator.case import Cases, Count, Counts, count
from tracker.services.indicator.kept import Kept, counts, kept_for
from tracker.services.target import population
from tracker.services.workforce import region

CASES: Mapping[Key, Callable[[Period, Area], Cases]] = {
    Key.CONTRACT: contract.signed,
    Key.KEY_CONTRACT: key_group.cases,
    Key.MANAGED: managed.managed,
    Key.STANDARD: managed.standard,
    Key.CONTROL: managed.control,
    Key.TIMELY: timely.cases,
    Key.RENEWAL: contract.ended,
}
NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one region; `young` counts cases of people under 35 beside it."""

    region_code: str
    key: Key
    group: str | None
    numerator: int
    denominator: int | None
    rate: Decimal | None
    period: Period
    note: Note | None = None
    young: int = 0


def figures(
    session: Session,
    codes: Sequence[str],
    period: Period,
    keys: Iterable[Key] = tuple(Key),
    given: Kept | None = None,
) -> list[Figure]:
    """The figures of these regions, zeros too; few statements for each key, however many regions there are.

    They come from the summaries of the day where there are any; `given`: those that the caller has read.
    """
    if not codes:
        return []
    counted = _Counting(session, region.common(codes), max(len(code) for code in codes), period, given)
    found = []
    for key in keys:
        own = period.of(key)
        totals = _rolled_up(counted(key, own), codes)
        outside = _outside(session, key, codes, own)
        found += [
            _figure(code, key, group, totals, outside, own) for code in codes for group in groups_of(key)
        ]
    return found


class _Counting:
    """Counts by indicator, kept or counted now; the area is looked up when it is first needed."""

    def __init__(self, session: Session, region: str, width: int, period: Period, given: Kept | None) -> None:
        self._session, self._region, self._width = session, region, width
        self._kept = given or kept_for(session, region, period.known)
        self._area: Area | None = None

    def __call__(self, key: Key, period: Period) -> Counts:
        if self._kept is not None and self._kept.covers(key, period):
            return counts(self._session, self._kept, key, period, self._region, self._width, CASES[key])
        self._area = self._area or area(self._session, self._region)
        return count(self._session, CASES[key](period, self._area), self._area, self._width)


def _rolled_up(counts: Counts, codes: Sequence[str]) -> dict[tuple[str, str | None], Count]:
    """Sums of what lies below each region: numbers add up, rates are never averaged."""
    wanted, lengths = set(codes), {len(code) for code in codes}
    totals: dict[tuple[str, str | None], Count] = {}
    for (place, group), found in counts.items():
        for code in {place[:n] for n in lengths} & wanted:
            totals[code, group] = totals.get((code, group), NOTHING) + found
    return totals


def _outside(
    session: Session, key: Key, codes: Sequence[str], period: Period
) -> dict[tuple[str, str | None], int | None] | None:
    """Denominators that are entered and not counted, by region and group."""
    if key is Key.CONTRACT:
        people = population.of_all(session, codes, period.end)
        return {(code, None): None if figure is None else figure.resident for code, figure in people.items()}
    if key is Key.MANAGED:
        expected = estimate.of_all(session, codes, period.end)
        return {(code, str(d)): expected[code].get(d) for code in codes for d in Disease}
    return None


def _figure(
    code: str,
    key: Key,
    group: str | None,
    totals: Mapping[tuple[str, str | None], Count],
    outside: Mapping[tuple[str, str | None], int | None] | None,
    period: Period,
) -> Figure:
    total = totals.get((code, group), NOTHING)
    denominator = total.denominator if outside is None else outside[code, group]
    note = note_of(key, period)
    if denominator is None:
        note = Note.NO_POPULATION if key is Key.CONTRACT else Note.NO_ESTIMATE
    shown = rate_of(key, period, total.numerator, denominator)
    return Figure(code, key, group, total.numerator, denominator, shown, period, note, total.young)
