"""Whose cases are counted, and how the databases find their rows without reading the whole county.

A case is counted where the person lived on the last day. The rows carry where the person lives now: for
nearly everybody the same, and those who have moved since are few and can be named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from tracker.models import Residence, Resident
from tracker.services.workforce.scope import between, ends

COUNTY, VILLAGE = 6, 12
"""Digits of a code; for a county the whole tables are read."""
MOVERS_AT_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Area:
    """A region or some villages; without `movers` rows are looked for everywhere."""

    region: str = ""
    villages: tuple[str, ...] | None = None
    movers: tuple[UUID, ...] | None = None

    def holds(self, village: Any) -> ColumnElement[bool]:
        """The criterion that a case is counted here, by its village."""
        if self.villages is not None:
            found: ColumnElement[bool] = village.in_(self.villages)
            return found
        return between(village, *ends(self.region)) if self.region else true()

    def rows(self, village: Any, resident_id: Any) -> ColumnElement[bool]:
        """The criterion of the rows among which the cases are: people who live here now, or did before."""
        if self.movers is None:
            return true()
        return or_(self.holds(village), resident_id.in_(self.movers)) if self.movers else self.holds(village)


EVERYWHERE = Area()


def area(session: Session, region: str) -> Area:
    """All below a region."""
    if len(region) == VILLAGE:
        return of_villages(session, [region])
    return Area(region) if len(region) <= COUNTY else _narrowed(session, Area(region))


def of_villages(session: Session, villages: Collection[str]) -> Area:
    return _narrowed(session, Area(villages=tuple(sorted(villages))))


def _narrowed(session: Session, wide: Area) -> Area:
    """With those who lived here and live elsewhere now: their residence here has ended."""
    moved = (
        select(Residence.resident_id)
        .join(Resident, Resident.id == Residence.resident_id)
        .where(wide.holds(Residence.village_code), Residence.to_on.is_not(None))
        .where(~wide.holds(Resident.village_code))
        .distinct()
        .limit(MOVERS_AT_MOST + 1)
    )
    movers = tuple(session.scalars(moved))
    return wide if len(movers) > MOVERS_AT_MOST else Area(wide.region, wide.villages, movers)
