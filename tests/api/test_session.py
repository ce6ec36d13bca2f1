"""The browser's session as the phone sees it: who is signed in, and its end after wrong PINs."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Api, Pages
from tests.factories import a_member_of_staff
from tracker import clock
from tracker.models import Audit, Staff


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session)


def test_a_session_is_ended_once_and_with_its_token_only(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    Pages(client, session, doctor)
    shown = client.get("/api/v1/session").json
    assert shown is not None
    assert shown["staff"]["id"] == str(doctor.id)
    assert datetime.fromisoformat(shown["signed_in_at"]) <= clock.now()
    assert client.delete("/api/v1/session").status_code == 400
    assert client.get("/api/v1/session").status_code == 200
    answer = client.delete("/api/v1/session", headers={"X-CSRFToken": shown["csrf_token"]})
    assert (answer.status_code, answer.json) == (200, {"ended": True})
    assert client.get("/api/v1/session").status_code == 401
    assert client.get("/worklist").status_code == 302
    ended = select(Audit.object_id).where(Audit.action == "sign out", Audit.object_type == "staff")
    assert session.scalars(ended).all() == [str(doctor.id)]


def test_a_program_has_no_session_to_show_a_token_of(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    shown = Api(client, session, doctor).get("/session").json
    assert shown is not None
    assert (shown["csrf_token"], shown["signed_in_at"]) == (None, None)
