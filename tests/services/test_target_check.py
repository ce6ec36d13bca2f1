"""The look at targets, and the pace they are held against; both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import AT, COUNTY, NEXT_VILLAGE, TOWN, VILLAGE, a_contract, a_resident, a_team
from tracker.domain.indicator import Key, pace
from tracker.domain.roles import Role
from tracker.models import Alert, Population, Target
from tracker.services.target.check import check_targets
from tracker.services.target.pace import target_of, targets


@pytest.mark.parametrize(
    ("base", "target", "day", "expected"),
    [
        ("60.00", "72.00", date(2025, 12, 31), "72.00"),
        ("60.00", "72.00", date(2025, 7, 2), "66.02"),
        ("60.00", "72.00", date(2025, 1, 1), "60.03"),
        (None, "73.00", date(2025, 7, 2), "36.60"),
        ("80.00", "72.00", date(2025, 7, 2), "72.00"),
    ],
)
def test_the_pace_is_a_straight_line_over_the_year(base, target, day, expected) -> None:
    assert str(pace(None if base is None else Decimal(base), Decimal(target), day)) == expected


def aim(session: Session, region: str, percent: str, key: str = "contract_rate", group: str = "") -> None:
    session.add(
        Target(region_code=region, year=2025, indicator=key, group_code=group, percent=Decimal(percent))
    )
    session.flush()


def test_a_region_without_a_target_takes_that_of_what_it_lies_in(session: Session) -> None:
    a_team(session)
    aim(session, COUNTY, "60")
    aim(session, VILLAGE, "80")
    known = targets(session, 2025)
    found = [target_of(known, code, Key.CONTRACT, None) for code in (COUNTY, TOWN, NEXT_VILLAGE, VILLAGE)]
    assert found == [60, 60, 60, 80]
    assert target_of(known, VILLAGE, Key.KEY_CONTRACT, "ANY") is None


def test_who_is_behind_is_told_once_a_month(session: Session) -> None:
    team = a_team(session)
    for village, people, signed in ((VILLAGE, 10, 1), (NEXT_VILLAGE, 10, 9)):
        session.add(Population(region_code=village, year=2025, resident=people))
        for _ in range(signed):
            a_contract(session, a_resident(session, village=village), team, date(2025, 3, 1))
    aim(session, COUNTY, "70")
    aim(session, COUNTY, "70", "key_contract_rate", "ELD")  # nobody of that age: no rate, no alert
    first = check_targets(session, date(2025, 12, 1), AT)
    assert first == {"job": "target-check", "as_of": "2025-12-01", "checked": 12, "behind": 3, "new": 3}
    told = {(a.region_code, a.role) for a in session.scalars(select(Alert))}
    assert told == {(COUNTY, Role.COMMISSION), (TOWN, Role.TOWNSHIP_ADMIN), (VILLAGE, Role.TOWNSHIP_ADMIN)}
    assert check_targets(session, date(2025, 12, 1), AT)["new"] == 0
    assert check_targets(session, date(2025, 12, 31), AT)["new"] == 0


def test_an_alert_is_resolved_when_the_region_has_caught_up(session: Session) -> None:
    team = a_team(session)
    session.add(Population(region_code=VILLAGE, year=2025, resident=2))
    aim(session, VILLAGE, "50")
    assert check_targets(session, date(2025, 12, 1), AT)["new"] == 1
    a_contract(session, a_resident(session), team, date(2025, 12, 2))
    assert check_targets(session, date(2025, 12, 3), AT)["behind"] == 0
    assert session.scalars(select(Alert)).one().resolved_at is not None


def test_nothing_is_asked_where_no_target_is_set(session: Session) -> None:
    a_team(session)
    assert check_targets(session, date(2025, 12, 1), AT)["checked"] == 0
