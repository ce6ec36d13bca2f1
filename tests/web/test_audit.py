"""The trail as it is read on its page; both databases."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import COUNTY, TOWN, a_member_of_staff, a_region_tree
from tracker import clock
from tracker.domain.roles import Role
from tracker.services import audit
from tracker.services.audit import SYSTEM, Actor


def test_jobs_places_and_people_on_duty_go_by_their_names(client: FlaskClient, session: Session) -> None:
    a_region_tree(session)
    auditor = a_member_of_staff(session, Role.AUDITOR, region=COUNTY)
    for action, kind, key in (
        ("run job", "job", "target-check"),
        ("set target", "region", TOWN),
        ("edit staff", "staff", auditor.id),
        ("start demo", "demo", "demo"),
    ):
        audit.record(session, SYSTEM, clock.now(), action, kind, key)
    session.commit()
    page = Pages(client, session, auditor).get("/admin/audit").text
    for words in ("任务 核对年度目标", "地区 颍桥镇", f"人员 {auditor.name}", "示范县 demo"):
        assert words in page


def test_acts_are_found_by_username_and_by_name(client: FlaskClient, session: Session) -> None:
    auditor = a_member_of_staff(session, Role.AUDITOR, region=COUNTY)
    audit.record(session, Actor(auditor.id, auditor.role), clock.now(), "sign in", "staff", auditor.id)
    session.commit()
    pages = Pages(client, session, auditor)
    for asked in (auditor.username, auditor.name):
        assert "共 1 条" in pages.get("/admin/audit", username=asked, action="sign in").text
    assert "没有符合的记录" in pages.get("/admin/audit", username="没有这个人").text


def test_a_wrong_day_is_named_and_nothing_is_said_of_saving(client: FlaskClient, session: Session) -> None:
    auditor = a_member_of_staff(session, Role.AUDITOR, region=COUNTY)
    page = Pages(client, session, auditor).get("/admin/audit", since="昨天")
    assert "请改正下面的内容" in page.text
    assert "还没有保存" not in page.text
