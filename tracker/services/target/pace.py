"""The targets of regions and how far a region should have come by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Period, pace
from tracker.models import Target
from tracker.services.indicator import Figure, figures
from tracker.services.indicator.kept import Kept
from tracker.services.workforce.region import LENGTHS

Aim = tuple[str, Key, str | None]
"""Region, indicator and group."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure beside its target and its pace, which are None where no target is set."""

    figure: Figure
    target: Decimal | None = None
    pace: Decimal | None = None

    @property
    def behind(self) -> bool:
        return self.pace is not None and self.figure.rate is not None and self.figure.rate < self.pace

    @property
    def short_by(self) -> Decimal | None:
        """Percentage points that are missing to the pace; negative where it is ahead."""
        if self.pace is None or self.figure.rate is None:
            return None
        return self.pace - self.figure.rate


def targets(session: Session, year: int) -> Mapping[Aim, Decimal]:
    """All targets of a year, as they were set."""
    rows = session.scalars(select(Target).where(Target.year == year))
    return {
        (row.region_code, Key(row.indicator), row.group_code or None): row.percent
        for row in rows
        if row.indicator in set(Key)
    }


def target_of(known: Mapping[Aim, Decimal], code: str, key: Key, group: str | None) -> Decimal | None:
    """The region's own target, else that of the nearest region it lies in."""
    for length in sorted(LENGTHS.values(), reverse=True):
        if length <= len(code) and (code[:length], key, group) in known:
            return known[code[:length], key, group]
    return None


def standings(
    session: Session, found: Sequence[Figure], day: date, given: Kept | None = None
) -> list[Standing]:
    """Each figure of a day with its target and pace; `given`: the summaries that the caller has read."""
    known = targets(session, day.year)
    aimed = {
        f: target for f in found if (target := target_of(known, f.region_code, f.key, f.group)) is not None
    }
    before = _last_year(session, aimed, day, given)
    return [
        Standing(f)
        if f not in aimed
        else Standing(f, aimed[f], pace(before.get((f.region_code, f.key, f.group)), aimed[f], day))
        for f in found
    ]


def _last_year(
    session: Session, aimed: Iterable[Figure], day: date, given: Kept | None
) -> dict[Aim, Decimal | None]:
    """The rates on 31 December before."""
    wanted = list(aimed)
    last = date(day.year - 1, 12, 31)
    codes = sorted({f.region_code for f in wanted})
    keys = sorted({f.key for f in wanted})
    old = figures(session, codes, Period(date(last.year, 1, 1), last, day), keys, given) if wanted else []
    return {(f.region_code, f.key, f.group): f.rate for f in old}
