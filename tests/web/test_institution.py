"""Institutions on their page; both databases."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import OTHER_TOWN, TOWN, a_member_of_staff, a_region_tree
from tracker.domain.roles import Role
from tracker.models import Institution


def test_an_institution_stands_in_a_place_by_name_or_code(client: FlaskClient, session: Session) -> None:
    a_region_tree(session)
    pages = Pages(client, session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN))
    assert "点上面的“登记机构”" in pages.get("/admin/institutions").text
    sent = {"name": "东村卫生室", "kind": "clinic", "region_code": "东村委会"}
    assert pages.post("/admin/institutions", sent).status_code == 302
    assert "东村委会" in pages.get("/admin/institutions").text
    for place in (OTHER_TOWN, "没有的村", ""):
        answer = pages.post("/admin/institutions", sent | {"name": "别的", "region_code": place})
        assert answer.status_code == 422
        assert "别的" in answer.text
    assert len(session.scalars(select(Institution)).all()) == 1
