"""The pages about phones: one's own, those of one's people, and taking one out of use."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import FAR_VILLAGE, TOWN, a_device, a_member_of_staff, a_team
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Device, Staff
from tracker.services.workforce.staff import teams_of


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session))


@pytest.fixture
def phone(session: Session, doctor: Staff) -> Device:
    device = a_device(session, doctor)
    device.last_sequence, device.arrived_to = 7, 4
    return device


def revoked(session: Session, phone: Device) -> str | None:
    session.expire_all()
    return phone.revoked_for if phone.revoked_at else None


def test_a_doctor_sees_what_has_not_arrived_and_takes_an_old_phone_out_of_use(
    client: FlaskClient, session: Session, doctor: Staff, phone: Device
) -> None:
    pages = Pages(client, session, doctor)
    shown = pages.get("/me").text
    assert "旧手机" in shown
    assert "3 条没有到达" in shown
    assert "看大家的手机" not in shown
    assert pages.get("/devices").status_code == 403
    refused = pages.post(f"/devices/{phone.id}/revoke", {"reason": " "})
    assert (refused.headers["Location"], revoked(session, phone)) == ("/me", None)
    pages.post(f"/devices/{phone.id}/revoke", {"reason": "换了新手机"})
    assert revoked(session, phone) == "换了新手机"
    shown = pages.get("/me").text
    assert "原因：换了新手机" in shown
    assert "/revoke" not in shown.split("我的手机")[1]


def test_a_lead_sees_the_phones_of_the_team_the_emptiest_handed_first(
    client: FlaskClient, session: Session, phone: Device, doctor: Staff
) -> None:
    team = a_team(session, "二队", (FAR_VILLAGE,))
    a_device(session, a_member_of_staff(session, team=team)).name = "别队的手机"
    a_device(session, doctor).name = "新手机"
    ((_row, own),) = teams_of(session, doctor)
    lead = a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=own)
    pages = Pages(client, session, lead)
    assert "看大家的手机" in pages.get("/me").text
    shown = pages.get("/devices").text
    assert shown.index("旧手机") < shown.index("新手机")
    assert "别队的手机" not in shown
    assert doctor.name in shown
    answer = pages.post(f"/devices/{phone.id}/revoke", {"reason": "丢了"})
    assert (answer.headers["Location"], revoked(session, phone)) == ("/devices", "丢了")
    assert pages.post(f"/devices/{uuid4()}/revoke", {"reason": "丢了"}).status_code == 404


@pytest.mark.parametrize("role", [Role.TOWNSHIP_ADMIN, Role.SYSADMIN])
def test_who_manages_people_finds_the_phone_on_their_page(
    client: FlaskClient, session: Session, phone: Device, doctor: Staff, role: Role
) -> None:
    pages = Pages(client, session, a_member_of_staff(session, role, region=TOWN))
    page = f"/admin/staff/{doctor.id}"
    assert "3 条没有到达" in pages.get(page).text
    assert "旧手机" in pages.get("/devices").text
    answer = pages.post(f"/devices/{phone.id}/revoke", {"reason": "丢" * 300})
    assert (answer.headers["Location"], revoked(session, phone)) == (page, "丢" * 200)
    assert "停用后 30 天内还能送到" in pages.get(page).text


@pytest.mark.parametrize(
    ("silent_hours", "another", "told"), [(1, False, False), (25, False, True), (1, True, True)]
)
def test_the_board_tells_the_lead_of_records_that_may_be_lost(
    client: FlaskClient,
    session: Session,
    doctor: Staff,
    phone: Device,
    silent_hours: int,
    another: bool,
    told: bool,
) -> None:
    phone.last_seen_at = clock.now() - timedelta(hours=silent_hours)
    if another:
        a_device(session, doctor).registered_at = clock.now()
    ((_row, own),) = teams_of(session, doctor)
    lead = a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=own)
    assert ("3 条手机记录没有到达" in Pages(client, session, lead).get("/overdue").text) is told
