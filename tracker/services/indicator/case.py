"""What all indicators are made of: cases, one row each, with the place that counts them and whether they hit.

A case is a person, a place on a register, a task or a contract. It is counted where the person lives on the
last day, or lived last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.terms import Status
from tracker.models import Residence, StatusPeriod
from tracker.services.indicator.area import EVERYWHERE, VILLAGE, Area

Cases = Any
"""A select with the columns resident_id, village, grp and hit (0 or 1); adult (0 or 1) where age matters."""


@dataclass(frozen=True, slots=True)
class Count:
    """`young`: cases of people under 35, in neither of the two."""

    numerator: int = 0
    denominator: int = 0
    young: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.young + other.young,
        )


Counts = Mapping[tuple[str, str | None], Count]
"""By village, or a region it lies in, and group."""


def flag(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0: databases add numbers, not truths."""
    return cast(case((criterion, 1), else_=0), Integer)


def lives_here(resident_id: Any, day: date) -> ColumnElement[bool]:
    """The residence of a person that holds on a day."""
    return and_(
        Residence.resident_id == resident_id,
        Residence.from_on <= day,
        or_(Residence.to_on.is_(None), Residence.to_on > day),
    )


def here(resident_id: Any, day: Any) -> ColumnElement[bool]:
    """The criterion that a person is neither dead nor gone from the county on a day."""
    gone = select(StatusPeriod.id).where(
        StatusPeriod.resident_id == resident_id,
        StatusPeriod.condition_id.is_(None),
        StatusPeriod.status.in_([Status.DEAD, Status.MOVED_OUT]),
        StatusPeriod.from_on <= day,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > day),
    )
    return not_(gone.exists())


def count(session: Session, cases: Cases, area: Area = EVERYWHERE, width: int = VILLAGE) -> Counts:
    """The cases of an area by region and group, in one statement.

    `width`: how many digits of the village's code name the region; no wider than the area.
    """
    rows = cases.subquery()
    place = rows.c.village if width == VILLAGE else func.substr(rows.c.village, 1, width)
    hits: Any = func.sum(rows.c.hit)
    asked: Any = func.count()
    if "adult" in rows.c:
        hits, asked = func.sum(rows.c.hit * rows.c.adult), func.sum(rows.c.adult)
    query = (
        select(place.label("place"), rows.c.grp, hits, asked, func.count())
        .where(area.holds(rows.c.village))
        .group_by("place", rows.c.grp)
    )
    return {
        (code, None if group is None else str(group)): Count(
            int(hit), int(counted), int(every) - int(counted)
        )
        for code, group, hit, counted, every in session.execute(query)
    }
