"""Teams on their pages: made, given villages and relieved of them; both databases."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import COUNTY, FAR_VILLAGE, NEXT_VILLAGE, TOWN, VILLAGE, a_member_of_staff, a_region_tree
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Team, TeamVillage


@pytest.fixture
def county(client: FlaskClient, session: Session) -> Pages:
    a_region_tree(session)
    return Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))


def covered(session: Session) -> list[str]:
    rows = session.scalars(select(TeamVillage).order_by(TeamVillage.village_code))
    return [row.village_code for row in rows if row.to_on is None]


def test_villages_are_given_by_name_or_code_and_picked_from_a_list(county: Pages, session: Session) -> None:
    sent = {"name": "一队", "township": TOWN, "villages": "东村委会"}
    assert county.post("/admin/teams/new", sent).status_code == 302
    assert covered(session) == [VILLAGE]
    made = session.scalars(select(Team)).one()
    page = county.get(f"/admin/teams/{made.id}").text
    assert f'value="{NEXT_VILLAGE}"' in page
    assert f'value="{VILLAGE}"' not in page
    assert f'value="{FAR_VILLAGE}"' not in page
    today = clock.today().isoformat()
    adding = {"village": NEXT_VILLAGE, "from_on": today}
    assert county.post(f"/admin/teams/{made.id}/villages", adding).status_code == 302
    assert covered(session) == [VILLAGE, NEXT_VILLAGE]
    again = county.post(f"/admin/teams/{made.id}/villages", adding, follow_redirects=True)
    assert "请选这个乡镇里还没有的村" in again.text
    assert covered(session) == [VILLAGE, NEXT_VILLAGE]


@pytest.mark.parametrize(
    ("villages", "said"),
    [("没有的村", "没有叫“没有的村”的地区"), ("南村委会", "没有叫“南村委会”的地区"), ("", "至少要有一个村")],
)
def test_a_village_of_nobody_or_elsewhere_is_named(
    county: Pages, session: Session, villages: str, said: str
) -> None:
    page = county.post("/admin/teams/new", {"name": "一队", "township": TOWN, "villages": villages})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="一队"' in page.text
    assert session.scalars(select(Team)).all() == []
