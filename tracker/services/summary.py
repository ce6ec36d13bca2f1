"""Counts the figures of villages and keeps them: all of them for a new day, then those that have changed.

In three steps, so that nobody waits while it counts: `take` the notes of what has changed, count, `store`.
What is written meanwhile is noted anew. Who finds at the end that somebody else has begun stores nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Period
from tracker.domain.policy import load
from tracker.models import Summary, SummaryState, Touched
from tracker.services.alert import insert_new
from tracker.services.indicator import CASES, contract
from tracker.services.indicator.area import EVERYWHERE, VILLAGE, Area, of_villages
from tracker.services.indicator.case import count
from tracker.services.indicator.kept import FEEDS, HELD, last_year, this_year
from tracker.services.target import pace

STATE = 1
TOGETHER = 50
"""Villages that are counted by one statement."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be counted; `villages` by indicator, None for all of a new day."""

    number: int
    villages: Mapping[str, Sequence[str]] | None
    before: Sequence[str]


def take(session: Session, day: date) -> Taken:
    """Begin to count. In a transaction of its own."""
    session.execute(insert_new(session, SummaryState).values(id=STATE, number=0, policy_id="", before=[])
                    .on_conflict_do_nothing(index_elements=["id"]))  # fmt: skip
    state = session.get_one(SummaryState, STATE, with_for_update=True, populate_existing=True)
    state.number += 1
    session.execute(update(Touched).where(Touched.taken.is_(False)).values(taken=True))
    session.flush()
    before = sorted({key for _region, key, _group in pace.targets(session, day.year)})
    same = state.day == day and state.policy_id == load().id and set(before) <= set(state.before)
    return Taken(state.number, _changed(session) if same else None, state.before if same else before)


def _changed(session: Session) -> dict[str, Sequence[str]]:
    by_source = defaultdict(set)
    rows = session.execute(select(Touched.source, Touched.village_code).where(Touched.taken).distinct())
    for source, village in rows:
        by_source[source].add(village)
    return {
        key: sorted(set().union(*(by_source.get(source, set()) for source in sources)))
        for key, sources in FEEDS.items()
    }


def counted(session: Session, taken: Taken, day: date) -> list[Row]:
    """The rows of everything that was taken, in a reading transaction."""
    rows: list[Row] = []
    for key in Key:
        periods = [this_year(day)] + ([last_year(day)] if key in taken.before else [])
        for area in _areas(session, taken, key):
            for period in periods:
                rows += _rows(session, key, period, area)
    for area in _areas(session, taken, HELD):
        rows += _held(session, day, area)
    return rows


def _areas(session: Session, taken: Taken, key: str) -> Iterator[Area]:
    if taken.villages is None:
        yield EVERYWHERE
        return
    for villages in _parts(taken.villages[key]):
        yield of_villages(session, villages)


def _parts(villages: Sequence[str]) -> Iterator[Sequence[str]]:
    return (villages[i : i + TOGETHER] for i in range(0, len(villages), TOGETHER))


def _rows(session: Session, key: Key, period: Period, area: Area) -> Iterator[Row]:
    found = count(session, CASES[key](period.of(key), area), area)
    for (village, group), numbers in found.items():
        yield _row(
            period.end.year, key, village, group or "", numbers.numerator, numbers.denominator, numbers.young
        )


def _held(session: Session, day: date, area: Area) -> Iterator[Row]:
    days = contract.month_ends(day)
    for village, *numbers in session.execute(contract.held_on(days, area, VILLAGE)):
        for on, number in zip(days, numbers, strict=True):
            yield _row(day.year, HELD, village, on.isoformat(), int(number), 0, 0)


def _row(year: int, key: str, village: str, group: str, numerator: int, denominator: int, young: int) -> Row:
    return {
        "year": year, "key": str(key), "village_code": village, "group_code": group,
        "numerator": numerator, "denominator": denominator, "young": young,
    }  # fmt: skip


def store(session: Session, taken: Taken, rows: Sequence[Row], day: date, at: datetime) -> bool:
    """Keep what was counted. False where somebody else has begun since, who counts the same again."""
    state = session.get_one(SummaryState, STATE, with_for_update=True, populate_existing=True)
    if state.number != taken.number:
        return False
    if taken.villages is None:
        session.execute(delete(Summary))
    else:
        for key, villages in taken.villages.items():
            for part in _parts(villages):
                session.execute(delete(Summary).where(Summary.key == key, Summary.village_code.in_(part)))
    if rows:
        session.connection().execute(insert(Summary.__table__), rows)  # type: ignore[arg-type]
    session.execute(delete(Touched).where(Touched.taken))
    state.day, state.at, state.policy_id, state.before = day, at, load().id, list(taken.before)
    session.flush()
    return True
