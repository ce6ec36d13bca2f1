"""GET /indicators, on both databases."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    a_condition,
    a_contract,
    a_member_of_staff,
    a_region_tree,
    a_resident,
    a_team,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Population


def county(client: FlaskClient, session: Session) -> Api:
    return Api(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))


def row(rows: list[dict], key: str, group: str | None = None, region: str = COUNTY) -> dict:
    return next(r for r in rows if (r["region_code"], r["key"], r["group"]) == (region, key, group))


def test_a_row_says_what_it_counted(client: FlaskClient, session: Session) -> None:
    team, today = a_team(session), clock.today()
    session.add(Population(region_code=VILLAGE, year=today.year, resident=3))
    person = a_resident(session)
    a_contract(session, person, team, today)
    a_condition(session, person, enrolled_on=today)
    rows = county(client, session).get("/indicators", region=COUNTY).json
    found = row(rows, "contract_rate")
    wanted = {"region_name": "襄城县", "numerator": 1, "denominator": 3, "rate": "33.33"}
    assert {k: found[k] for k in wanted} == wanted
    assert row(rows, "key_contract_rate", "HTN")["rate"] == "100.00"
    assert row(rows, "key_contract_rate", "ELD")["rate"] == "100.00"
    assert row(rows, "control_rate", "hypertension")["from"] == f"{today.year}-01-01"
    assert row(rows, "renewal_rate")["rate"] is None


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        ("village", [VILLAGE, NEXT_VILLAGE, FAR_VILLAGE]),
        ("township", [TOWN, OTHER_TOWN]),
        ("county", [COUNTY]),
    ],
)
def test_every_region_of_a_level_has_its_rows(
    client: FlaskClient, session: Session, level: str, codes: list[str]
) -> None:
    a_region_tree(session)
    rows = county(client, session).get("/indicators", region=COUNTY, level=level).json
    assert list(dict.fromkeys(r["region_code"] for r in rows)) == codes
    assert len(rows) == 23 * len(codes)
    assert {r["numerator"] for r in rows} == {0}


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-02-30"},
        {"to": "gestern"},
        {"as_of": "2026-13-01"},
        {"from": "2026-05-02", "to": "2026-05-01"},
        {"level": "province"},
        {"region": "abc"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    client: FlaskClient, session: Session, asked: dict
) -> None:
    a_region_tree(session)
    assert county(client, session).get("/indicators", **asked).status_code == 422


def test_a_doctor_sees_the_own_villages_alone(client: FlaskClient, session: Session) -> None:
    doctor = a_member_of_staff(session, team=a_team(session, villages=(VILLAGE,)))
    api = Api(client, session, doctor)
    seen = {r["region_code"] for r in api.get("/indicators", region=COUNTY, level="village").json}
    assert seen == {VILLAGE}
    assert api.get("/indicators", region=COUNTY, level="county").json == []
    assert api.get("/indicators", region=FAR_VILLAGE).json == []
    assert {r["region_code"] for r in api.get("/indicators").json} == {VILLAGE}


def test_a_lead_of_all_villages_sees_the_township(client: FlaskClient, session: Session) -> None:
    lead = a_member_of_staff(session, Role.TEAM_LEAD, team=a_team(session))
    api = Api(client, session, lead)
    assert {r["region_code"] for r in api.get("/indicators").json} == {TOWN}
