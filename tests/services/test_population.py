"""Which figure stands for a region on a day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import AT, COUNTY, FAR_VILLAGE, NEXT_VILLAGE, OTHER_TOWN, TOWN, VILLAGE, a_region_tree
from tracker.schemas.problem import Refused
from tracker.services.audit import SYSTEM
from tracker.services.target import population
from tracker.services.target.population import Figure

DAY = date(2026, 11, 22)


def put(session: Session, code: str, year: int, resident: int, registered: int | None = None) -> None:
    population.put(
        session,
        SYSTEM,
        AT,
        region_code=code,
        year=year,
        resident=resident,
        registered=registered,
    )


@pytest.fixture(autouse=True)
def tree(session: Session) -> None:
    a_region_tree(session)


def test_nothing_set_is_unknown_and_not_zero(session: Session) -> None:
    assert population.of(session, COUNTY, DAY) is None


def test_the_own_row_of_the_latest_year_up_to_the_day_stands(session: Session) -> None:
    for year, people in ((2024, 10), (2025, 11), (2027, 13)):
        put(session, COUNTY, year, people)
    assert population.of(session, COUNTY, DAY) == Figure(11, None)
    assert population.of(session, COUNTY, date(2024, 1, 1)) == Figure(10, None)
    assert population.of(session, COUNTY, date(2023, 12, 31)) is None


def test_without_an_own_row_the_children_that_have_one_are_summed(session: Session) -> None:
    put(session, VILLAGE, 2025, 100, 120)
    put(session, NEXT_VILLAGE, 2026, 200)
    put(session, OTHER_TOWN, 2026, 1000, 1100)
    put(session, FAR_VILLAGE, 2026, 7)  # its township has its own row
    assert population.of(session, TOWN, DAY) == Figure(300, 120)
    assert population.of(session, COUNTY, DAY) == Figure(1300, 1220)
    put(session, COUNTY, 2020, 5000)
    assert population.of(session, COUNTY, DAY) == Figure(5000, None)


@pytest.mark.parametrize(("year", "resident"), [(1999, 1), (2101, 1), (2026, -1), (2026, 10**12)])
def test_impossible_figures_are_refused(session: Session, year: int, resident: int) -> None:
    with pytest.raises(Refused):
        put(session, COUNTY, year, resident)
