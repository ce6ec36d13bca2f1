"""Figures and targets of regions: for those who work in them or above them, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    AT,
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    a_member_of_staff,
    a_region_tree,
    a_team,
)
from tracker.domain.roles import Role
from tracker.models import Level, Region, StaffRegion
from tracker.services.audit import SYSTEM
from tracker.services.target import population, target

CALLS = {"/population": "population", "/targets": "targets"}
ELSEWHERE = "411623"
IN_THE_COUNTY = [COUNTY, TOWN, VILLAGE, NEXT_VILLAGE, OTHER_TOWN, FAR_VILLAGE]


@pytest.fixture(autouse=True)
def figures(session: Session) -> None:
    a_region_tree(session)
    session.add(Region(code=ELSEWHERE, name="商水县", level=Level.COUNTY))
    session.flush()
    for code in (*IN_THE_COUNTY, ELSEWHERE):
        population.put(session, SYSTEM, AT, region_code=code, year=2026, resident=1000)
        target.put(
            session, SYSTEM, AT, region_code=code, year=2026, indicator="contract_rate", percent=Decimal(60)
        )


def codes(api: Api, path: str, **query: object) -> list[str]:
    answer = api.get(path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.json["total"] == len(answer.json[CALLS[path]])
    return [row["region_code"] for row in answer.json[CALLS[path]]]


@pytest.mark.parametrize("path", CALLS)
def test_a_village_sees_itself_and_what_it_lies_in(path: str, client: FlaskClient, session: Session) -> None:
    team = a_team(session, villages=(VILLAGE,))
    api = Api(client, session, a_member_of_staff(session, team=team))
    own = [COUNTY, TOWN, VILLAGE]
    assert sorted(codes(api, path)) == own
    assert sorted(codes(api, path, region=COUNTY, year=2026)) == own
    assert codes(api, path, region=VILLAGE) == [VILLAGE]
    for foreign in (NEXT_VILLAGE, OTHER_TOWN, ELSEWHERE, "411025999", "41102", "99"):
        assert api.get(path, region=foreign).status_code == 404, foreign


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("role", [Role.COMMISSION, Role.AUDITOR, Role.COUNTY_DOCTOR])
def test_a_county_sees_all_of_itself_and_no_other(
    path: str, role: Role, client: FlaskClient, session: Session
) -> None:
    api = Api(client, session, a_member_of_staff(session, role, region=COUNTY))
    assert sorted(codes(api, path)) == sorted(IN_THE_COUNTY)
    assert api.get(path, region=ELSEWHERE).status_code == 404


@pytest.mark.parametrize("path", CALLS)
def test_who_looks_after_the_system_sees_all(path: str, client: FlaskClient, session: Session) -> None:
    staff = a_member_of_staff(session, Role.SYSADMIN)
    session.query(StaffRegion).delete()
    api = Api(client, session, staff)
    assert len(codes(api, path)) == len(IN_THE_COUNTY) + 1
    assert codes(api, path, region=ELSEWHERE) == [ELSEWHERE]
    assert api.get(path, region="411025999").status_code == 404
