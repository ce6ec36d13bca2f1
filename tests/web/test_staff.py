"""Adding, finding, changing and disabling people who work with the product; both databases."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import COUNTY, VILLAGE, a_member_of_staff, a_region_tree, a_team
from tracker.domain.roles import Role
from tracker.models import Membership, Staff, StaffRegion


@pytest.fixture
def county(client: FlaskClient, session: Session) -> Pages:
    a_region_tree(session)
    return Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))


def somebody(**changed: str) -> dict[str, str]:
    known = {"username": "new.one", "name": "䶮𠮷", "role": "village_doctor", "regions": "东村委会"}
    return known | {"institution": "", "licence_kind": ""} | changed


def test_a_place_may_be_given_by_its_name(county: Pages, session: Session) -> None:
    page = county.post("/admin/staff/new", somebody())
    assert page.status_code == 200
    assert re.search(r'<p class="figure">[A-Z0-9-]{12,}</p>', page.text)
    added = session.scalars(select(Staff).where(Staff.username == "new.one")).one()
    assert added.name == "䶮𠮷"
    assert session.scalars(select(StaffRegion.region_code).where(StaffRegion.staff_id == added.id)).all() == [
        VILLAGE
    ]
    listed = county.get("/admin/staff", q="䶮").text
    assert "东村委会" in listed
    assert "共 1 人" in listed


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"regions": "没有的村"}, "没有叫“没有的村”的地区"),
        ({"regions": "990000"}, "990000 不在您管理的范围内"),
        ({"regions": ""}, "地区"),
        ({"name": ""}, "要填姓名"),
        ({"name": "甲" * 10_000}, "80"),
        ({"username": "有 空格"}, "用户名是"),
        ({"role": "sysadmin"}, ""),
        ({"licence_expires_on": "2026-02-30"}, ""),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_kept(
    county: Pages, session: Session, sent: dict[str, str], said: str
) -> None:
    page = county.post("/admin/staff/new", somebody(**sent))
    assert page.status_code == 422
    assert said in page.text
    assert 'aria-invalid="true"' in page.text or "field-error" in page.text
    assert session.scalars(select(Staff).where(Staff.name == "䶮𠮷")).all() == []


def test_a_search_that_finds_nobody_leads_back(county: Pages) -> None:
    page = county.get("/admin/staff", q="没有这个人").text
    assert "没有叫“没有这个人”的人员" in page
    assert "看全部人员" in page


def test_who_leaves_is_disabled_and_may_come_back(county: Pages, session: Session) -> None:
    team = a_team(session)
    person = a_member_of_staff(session, Role.VILLAGE_DOCTOR, region=VILLAGE)
    session.commit()
    at = f"/admin/staff/{person.id}"
    assert county.post(f"{at}/teams", {"team": str(team.id), "from_on": "2026-01-01"}).status_code == 302
    assert session.scalars(select(Membership.team_id).where(Membership.staff_id == person.id)).all()
    assert "从 2026年1月1日" in county.get(at).text
    county.post(f"{at}/disable")
    assert "已停用" in county.get(at).text
    assert "已停用" in county.get("/admin/staff").text
    county.post(f"{at}/enable")
    assert "已停用" not in county.get(at).text
    assert county.post(f"{at}/teams", {"team": "x", "from_on": ""}, follow_redirects=True).status_code == 200


def test_nobody_is_disabled_by_themselves(client: FlaskClient, session: Session) -> None:
    own = a_member_of_staff(session, Role.SYSADMIN)
    pages = Pages(client, session, own)
    page = pages.post(f"/admin/staff/{own.id}/disable", follow_redirects=True)
    assert "不能停用自己" in page.text
