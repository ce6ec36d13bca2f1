"""Signing in and out, and what ends a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Api, Pages, form_token
from tests.factories import a_member_of_staff
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Audit, LoginAttempt, Staff, WebSession
from tracker.services.account import account, password
from tracker.services.audit import SYSTEM
from tracker.services.workforce import staff

PASSWORD = "Corr3ct-horse-battery!"


@pytest.fixture
def doctor(session: Session) -> Staff:
    person = a_member_of_staff(session, username="wang")
    person.password_hash = password.make(PASSWORD)
    session.flush()
    return person


def sign_in(client: FlaskClient, username: str = "wang", typed: str = PASSWORD, **more: Any) -> TestResponse:
    token = form_token(client.get("/login").text)
    return client.post("/login", data={"csrf_token": token, "username": username, "password": typed, **more})


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    return found.value if found is not None else ""


def test_the_right_password_leads_home_and_the_wrong_one_does_not(client: FlaskClient, doctor: Staff) -> None:
    assert sign_in(client, typed="wrong").status_code == 422
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/me").status_code == 200


def test_an_unknown_name_and_a_wrong_password_read_the_same(client: FlaskClient, doctor: Staff) -> None:
    unknown, wrong = sign_in(client, "nobody", "wrong"), sign_in(client, "wang", "wrong")
    assert unknown.status_code == wrong.status_code
    assert "用户名或密码不对" in unknown.text
    assert "用户名或密码不对" in wrong.text


def test_after_five_failures_even_the_right_password_waits(client: FlaskClient, doctor: Staff) -> None:
    for _ in range(5):
        assert sign_in(client, typed="wrong").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_failures_are_forgotten_after_a_quarter_of_an_hour(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    for _ in range(5):
        sign_in(client, typed="wrong")
    for attempt in session.scalars(select(LoginAttempt)):
        attempt.at -= timedelta(minutes=16)
    assert sign_in(client).status_code == 302


def test_unknown_names_are_held_back_like_known_ones(client: FlaskClient, doctor: Staff) -> None:
    for _ in range(5):
        sign_in(client, "nobody", "wrong")
    assert sign_in(client, "nobody", "wrong").status_code == 429


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//x"]
)
def test_sign_in_leads_to_no_other_site(client: FlaskClient, doctor: Staff, wanted: str) -> None:
    assert sign_in(client, next=wanted).headers["Location"] == "/"


def test_sign_in_leads_to_the_page_that_was_wanted(client: FlaskClient, doctor: Staff) -> None:
    assert client.get("/me?page=2").headers["Location"] == "/login?next=/me?page%3D2"
    assert sign_in(client, next="/me?page=2").headers["Location"] == "/me?page=2"


def test_a_cookie_from_before_sign_in_is_worth_nothing_after(
    app: Flask, client: FlaskClient, doctor: Staff
) -> None:
    client.get("/login")
    planted = cookie(client)
    sign_in(client)
    assert cookie(client) != planted
    other = app.test_client()
    other.set_cookie("session", planted)
    assert other.get("/me").status_code == 302


def test_anonymous_pages_write_no_row(client: FlaskClient, session: Session) -> None:
    client.get("/login")
    client.get("/nowhere")
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_after_signing_out_the_old_cookie_is_dead(app: Flask, client: FlaskClient, doctor: Staff) -> None:
    sign_in(client)
    kept = cookie(client)
    answer = client.post("/logout", data={"csrf_token": form_token(client.get("/me").text)})
    assert answer.headers["Location"] == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    other = app.test_client()
    other.set_cookie("session", kept)
    assert other.get("/me").status_code == 302


def test_disabling_someone_ends_sessions_and_tokens_at_once(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    sign_in(client)
    api = Api(client, session, doctor)
    assert api.get("/teams").status_code == 200
    staff.disable(session, SYSTEM, clock.now(), doctor, clock.today())
    assert client.get("/me").status_code == 302
    assert api.get("/teams").status_code == 401
    assert sign_in(client).status_code == 422


def test_a_session_ends_after_twelve_hours_and_at_a_desk_after_two_idle_ones(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    sign_in(client)
    row = session.scalars(select(WebSession)).one()
    row.seen_at = clock.now() - timedelta(hours=3)
    assert client.get("/me").status_code == 200
    doctor.role, row.seen_at = Role.COMMISSION, clock.now() - timedelta(hours=3)
    assert client.get("/me").status_code == 302
    doctor.role, row.seen_at, row.expires_at = Role.VILLAGE_DOCTOR, clock.now(), clock.now()
    assert client.get("/me").status_code == 302


def test_a_new_password_ends_all_other_sessions(app: Flask, client: FlaskClient, doctor: Staff) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    token, new = form_token(client.get("/me").text), "Another-horse-9"
    data = {"csrf_token": token, "current": PASSWORD, "password": new, "again": new}
    assert client.post("/me/password", data={**data, "current": "wrong"}).status_code == 422
    assert client.post("/me/password", data=data).status_code == 302
    assert "密码已改" in client.get("/me").text
    assert other.get("/me").status_code == 302
    assert sign_in(other, typed=new).status_code == 302


@pytest.mark.parametrize("typed", ["short", "aaaaaaaaaaaaaa", "wang-is-my-name", "x" * 201])
def test_a_poor_password_is_refused_beside_its_field(client: FlaskClient, doctor: Staff, typed: str) -> None:
    sign_in(client)
    token = form_token(client.get("/me").text)
    data = {"csrf_token": token, "current": PASSWORD, "password": typed, "again": typed}
    answer = client.post("/me/password", data=data)
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_an_activation_code_works_once_within_a_day(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    code = account.issue_code(session, SYSTEM, doctor, clock.now())

    def activate(typed: str) -> TestResponse:
        data = {"username": "wang", "code": typed, "password": "Another-horse-9", "again": "Another-horse-9"}
        return client.post("/activate", data={**data, "csrf_token": form_token(client.get("/activate").text)})

    assert activate("AAAA-BBBB-CCCC").status_code == 422
    doctor.activation_until = clock.now() - timedelta(seconds=1)
    assert activate(code).status_code == 422
    doctor.activation_until = clock.now() + timedelta(hours=1)
    assert activate(code.lower().replace("-", " ")).status_code == 302
    assert client.get("/me").status_code == 200
    assert activate(code).status_code == 422


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_from_another_site_is_refused(client: FlaskClient, doctor: Staff, origin: str) -> None:
    sign_in(client)
    token = form_token(client.get("/me").text)
    data = {"csrf_token": token, "locale": "en"}
    assert client.post("/me/language", data=data, headers={"Origin": origin}).status_code == 400
    assert client.post("/me/language", data={"locale": "en"}).status_code == 400
    assert client.post("/me/language", data=data, headers={"Origin": "http://localhost"}).status_code == 302


def test_the_token_of_another_session_is_refused(app: Flask, client: FlaskClient, doctor: Staff) -> None:
    other = app.test_client()
    sign_in(other)
    foreign = form_token(other.get("/me").text)
    sign_in(client)
    assert client.post("/me/language", data={"csrf_token": foreign, "locale": "en"}).status_code == 400
    assert client.post("/login", data={"csrf_token": foreign, "username": "wang"}).status_code == 400


def test_a_browser_needs_its_token_for_the_api_and_a_program_does_not(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    sign_in(client)
    token = form_token(client.get("/me").text)
    assert client.post("/api/v1/visits", json={"visits": []}).status_code == 400
    with_token = client.post("/api/v1/visits", json={"visits": []}, headers={"X-CSRFToken": token})
    assert with_token.status_code in (200, 422)
    assert Api(client, session, doctor).post("/visits", {"visits": []}).status_code in (200, 422)


def test_a_device_can_be_sent_away(app: Flask, client: FlaskClient, session: Session, doctor: Staff) -> None:
    other = app.test_client()
    sign_in(other)
    key = session.scalars(select(WebSession.token_hash)).one().hex()
    sign_in(client)
    token = form_token(client.get("/me").text)
    assert client.post(f"/me/sessions/{key}/revoke", data={"csrf_token": token}).status_code == 302
    assert other.get("/me").status_code == 302
    assert client.get("/me").status_code == 200


def test_who_is_signed_in_already_goes_home(client: FlaskClient, session: Session) -> None:
    pages = Pages(client, session, a_member_of_staff(session))
    assert pages.get("/login").headers["Location"] == "/"


def test_the_language_is_kept_on_the_device_and_with_the_person(client: FlaskClient, doctor: Staff) -> None:
    answer = client.get("/login?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    assert 'lang="en"' in client.get("/login").text
    assert client.get("/login?lang=xx").status_code == 200
    sign_in(client)
    token = form_token(client.get("/me").text)
    client.post("/me/language", data={"csrf_token": token, "locale": "zh_Hans_CN"})
    assert 'lang="zh-Hans-CN"' in client.get("/me").text


def test_every_sign_in_is_in_the_trail_without_what_was_typed(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    sign_in(client, "13812345678", "secret-typed-here")
    sign_in(client)
    rows = session.scalars(select(Audit).where(Audit.action == "sign in").order_by(Audit.seq)).all()
    assert [row.result for row in rows] == ["refused", "done"]
    assert "13812345678" not in repr([vars(row) for row in rows])


@pytest.mark.parametrize("text", ["\0", "x" * 2000, "𠮷䶮", "' OR 1=1 --"])
def test_odd_names_are_answered_not_broken(client: FlaskClient, doctor: Staff, text: str) -> None:
    assert sign_in(client, text, text).status_code == 422
    assert client.get(f"/me?x={text.encode().hex()}").status_code == 302


def test_pages_carry_the_headers_of_a_strict_site(client: FlaskClient) -> None:
    answer = client.get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
