"""Figures from the summaries of a day: villages that have changed since are counted anew, the others are not.

What comes out is what a full count would say. Where too many villages have changed to be counted while
somebody waits, the summaries stand as they are, and `as_of` says of when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Period
from tracker.domain.policy import load
from tracker.models import Summary, SummaryState, Touched
from tracker.services.indicator import contract
from tracker.services.indicator.area import Area, of_villages
from tracker.services.indicator.case import Cases, Count, Counts, count
from tracker.services.workforce.scope import between, ends

HELD = "contracts_held"
"""Of contracts held at the ends of months, beside the indicators."""
LIVES = frozenset({"residence", "status_period"})
REGISTER = LIVES | {"condition", "resident"}
FEEDS: Mapping[str, frozenset[str]] = {
    Key.CONTRACT: LIVES | {"contract"},
    Key.KEY_CONTRACT: REGISTER | {"contract", "resident_group"},
    Key.MANAGED: REGISTER,
    Key.STANDARD: REGISTER | {"judgement", "checkup"},
    Key.CONTROL: REGISTER | {"judgement"},
    Key.TIMELY: LIVES | {"task", "resident"},
    Key.RENEWAL: LIVES | {"contract"},
    HELD: LIVES | {"contract"},
}
"""The tables that a figure is counted from; a change elsewhere does not touch it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The summaries of a day for a region; `changed`: its villages by the table that changed."""

    day: date
    region: str
    before: frozenset[str]
    """Indicators of which last year is kept too."""
    changed: Mapping[str, frozenset[str]]
    as_of: datetime | None
    """When they were counted, if changes since are left out."""
    areas: dict[tuple[str, ...], Area] = field(default_factory=dict, compare=False)

    def covers(self, key: str, period: Period) -> bool:
        if period == this_year(self.day):
            return True
        return period == last_year(self.day) and key in self.before

    def stale(self, key: str, region: str) -> list[str]:
        """The villages to be counted anew for an indicator."""
        found = set().union(*(self.changed.get(source, frozenset()) for source in FEEDS[key]))
        return sorted(village for village in found if village.startswith(region))

    def area(self, session: Session, villages: Sequence[str]) -> Area:
        """Of the same villages once: most indicators ask for the same."""
        known = tuple(villages)
        if known not in self.areas:
            self.areas[known] = of_villages(session, known)
        return self.areas[known]


def this_year(day: date) -> Period:
    return Period(date(day.year, 1, 1), day, day)


def last_year(day: date) -> Period:
    return Period(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31), day)


def kept_for(session: Session, region: str, day: date, at_most: int | None = None) -> Kept | None:
    """The summaries of a day, if any; `at_most`: villages and their patients that are counted anew."""
    state = _state(session)
    if state is None or state.day != day:
        return None
    query = select(Touched.village_code, Touched.source).distinct()
    if region:
        query = query.where(between(Touched.village_code, *ends(region)))
    changed: dict[str, set[str]] = defaultdict(set)
    for village, source in session.execute(query):
        changed[source].add(village)
    villages = set().union(*changed.values())
    many = at_most is not None and _weight(session, day, villages, at_most) > at_most
    frozen = {} if many else {source: frozenset(found) for source, found in changed.items()}
    return Kept(day, region, frozenset(state.before), frozen, state.at if many else None)


def _weight(session: Session, day: date, villages: Collection[str], at_most: int) -> int:
    """What counting these villages anew would take, in villages and patients."""
    if not villages or len(villages) > at_most:
        return len(villages)
    patients = select(func.sum(Summary.numerator)).where(
        Summary.year == day.year, Summary.key == Key.MANAGED, Summary.village_code.in_(villages)
    )
    return len(villages) + int(session.scalar(patients) or 0)


def day_kept(session: Session, today: date) -> date:
    """Today; just after midnight, until it is counted, the day before."""
    state = _state(session)
    return state.day if state is not None and state.day == today - timedelta(days=1) else today


def _state(session: Session) -> Any:
    columns = SummaryState.day, SummaryState.at, SummaryState.before
    return session.execute(
        select(*columns).where(SummaryState.day.is_not(None), SummaryState.policy_id == load().id)
    ).one_or_none()


def counts(
    session: Session,
    given: Kept,
    key: Key,
    period: Period,
    region: str,
    width: int,
    cases: Callable[[Period, Area], Cases],
) -> Counts:
    """What `count` would say of a region below the one that `given` is for."""
    stale = given.stale(key, region)
    found = _stored(session, key, period.end.year, region, width, stale)
    if not stale:
        return found
    area = given.area(session, stale)
    for place, number in count(session, cases(period, area), area, width).items():
        found[place] = found.get(place, Count()) + number
    return found


def _stored(
    session: Session, key: str, year: int, region: str, width: int, without: Sequence[str]
) -> dict[tuple[str, str | None], Count]:
    place = func.substr(Summary.village_code, 1, width).label("place")
    numbers = (Summary.numerator, Summary.denominator, Summary.young)
    query = select(place, Summary.group_code, *(func.sum(number) for number in numbers)).where(
        Summary.year == year, Summary.key == key
    )
    if region:
        query = query.where(between(Summary.village_code, *ends(region)))
    if without:
        query = query.where(Summary.village_code.not_in(without))
    rows = session.execute(query.group_by("place", Summary.group_code))
    return {(code, group or None): Count(*map(int, found)) for code, group, *found in rows}


def held(session: Session, given: Kept, region: str, days: Sequence[date]) -> list[int]:
    """How many people of a region held a contract on each of the month ends of the day's year."""
    stale = given.stale(HELD, region)
    found = _stored(session, HELD, given.day.year, region, len(region), stale)
    numbers = [found.get((region, day.isoformat()), Count()).numerator for day in days]
    if stale:
        fresh = contract.held_on(days, given.area(session, stale), len(region))
        for _place, *more in session.execute(fresh):
            numbers = [a + int(b) for a, b in zip(numbers, more, strict=True)]
    return numbers
