"""The pages of contracts and packages, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import COUNTY, a_contract, a_member_of_staff, a_resident, a_team
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Contract, Package, Staff, Team


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def pages(client: FlaskClient, session: Session, doctor: Staff) -> Pages:
    return Pages(client, session, doctor)


def typed(**more: object) -> dict:
    return {
        "id": str(uuid4()),
        "team": "一队",
        "years": "1",
        "packages": ["BASIC"],
        "signed_on": clock.today().isoformat(),
        "kind": "paper",
        "by": "resident",
        **more,
    }


def test_a_contract_is_signed_on_paper_and_shown(pages: Pages, session: Session) -> None:
    key = a_resident(session, name="张秀英").id
    session.commit()
    form = pages.get(f"/residents/{key}/contracts/new")
    assert form.status_code == 200
    assert "给 张秀英 签约" in form.text
    sent = typed()
    answer = pages.post(f"/residents/{key}/contracts/new", sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "已签约" in answer.text
    pages.post(f"/residents/{key}/contracts/new", sent)
    assert [str(c.id) for c in session.scalars(select(Contract))] == [sent["id"]]
    assert "张秀英" in pages.get("/contracts").text


def test_what_was_typed_stays_when_it_is_refused(pages: Pages, session: Session, team: Team) -> None:
    person = a_resident(session)
    a_contract(session, person, team, clock.today() - timedelta(days=30))
    key = person.id
    session.commit()
    answer = pages.post(f"/residents/{key}/contracts/new", typed(years="3"))
    assert answer.status_code == 422
    assert "0374-3500000" in answer.text
    assert 'value="3" checked' in answer.text
    empty = pages.post(f"/residents/{key}/contracts/new", typed(kind="drawn", image=""))
    assert "还没有签名" in empty.text


def test_a_contract_soon_to_end_is_renewed_and_ended(pages: Pages, session: Session, team: Team) -> None:
    made = a_contract(session, a_resident(session), team, clock.today() - timedelta(days=350))
    key = made.id
    session.commit()
    assert f"/contracts/{key}/renew" in pages.get(f"/contracts/{key}").text
    listed = pages.get("/contracts", status="expiring").text
    assert str(key) in listed
    assert "东村委会" in listed
    assert pages.get(f"/contracts/{key}/renew").status_code == 200
    answer = pages.post(f"/contracts/{key}/renew", typed(), follow_redirects=True)
    assert "已续签" in answer.text
    assert str(key) not in pages.get("/contracts", status="expiring").text
    assert "already" not in pages.get(f"/contracts/{key}").text
    ending = {"terminated_on": clock.today().isoformat(), "reason": "99"}
    refused = pages.post(f"/contracts/{key}/terminate", ending)
    assert refused.status_code == 422
    assert "要写明原因" in refused.text
    done = pages.post(f"/contracts/{key}/terminate", {**ending, "note": "搬家"}, follow_redirects=True)
    assert "已解约" in done.text


def test_a_missing_signature_is_added_later(pages: Pages, session: Session, team: Team) -> None:
    made = a_contract(session, a_resident(session), team, clock.today(), evidence="none")
    key = made.id
    session.commit()
    assert "还没有签字" in pages.get(f"/contracts/{key}").text
    svg = "data:image/svg+xml;base64,PHN2Zy8+"
    signed = {"signed_on": clock.today().isoformat(), "kind": "drawn", "by": "guardian", "image": svg}
    answer = pages.post(f"/contracts/{key}/signature", signed, follow_redirects=True)
    assert "已补签字" in answer.text
    assert svg.replace("+", "&#43;") in answer.text or svg in answer.text


def test_a_mistake_is_voided_with_a_reason(pages: Pages, session: Session, team: Team) -> None:
    made = a_contract(session, a_resident(session), team, clock.today(), evidence="none")
    key = made.id
    session.commit()
    assert pages.post(f"/contracts/{key}/void", {"reason": ""}).status_code == 422
    answer = pages.post(f"/contracts/{key}/void", {"reason": "录错人"}, follow_redirects=True)
    assert "已作废" in answer.text


def test_the_commission_sees_stars_in_the_list(client: FlaskClient, session: Session, team: Team) -> None:
    a_contract(session, a_resident(session, name="张秀英"), team, clock.today())
    pages = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    text = pages.get("/contracts").text
    assert "张*英" in text
    assert "张秀英" not in text


def test_a_package_gets_versions(client: FlaskClient, session: Session) -> None:
    pages = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    code = f"KEY_{uuid4().hex[:6].upper()}"
    sent = {"code": code, "name": "高血压包", "price": "0", "items": "高血压随访 4\n体检", "active": "y"}
    assert pages.post("/admin/packages/new", sent).status_code == 302
    assert pages.post(f"/admin/packages/{code}", {**sent, "items": "高血压随访 6次"}).status_code == 302
    found = session.scalars(select(Package).where(Package.code == code).order_by(Package.version)).all()
    assert [(p.version, p.items) for p in found] == [
        (1, [{"name": "高血压随访", "times": 4}, {"name": "体检", "times": 1}]),
        (2, [{"name": "高血压随访", "times": 6}]),
    ]
    assert "高血压包" in pages.get("/admin/packages").text
    assert pages.get("/admin/packages/NONE").status_code == 404
    for package in found:
        session.delete(package)
    session.commit()
