"""Clients that are signed in: a program with its token, a browser with its session and form token."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tracker import clock
from tracker.models import Staff
from tracker.services.account import token, web_session
from tracker.services.account.web_session import Client
from tracker.services.audit import SYSTEM


class Api:
    """Calls of the API as one member of staff."""

    def __init__(self, client: FlaskClient, session: Session, staff: Staff) -> None:
        self.client = client
        secret = token.add(session, SYSTEM, staff, clock.now())
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path: str, json: Any = None, **given: Any) -> TestResponse:
        if json is not None:
            given["json"] = json
        return self.client.post(f"/api/v1{path}", headers=self.headers, **given)


class Pages:
    """Pages as one member of staff sees them."""

    def __init__(self, client: FlaskClient, session: Session, staff: Staff) -> None:
        self.client = client
        value = web_session.start(session, staff, clock.now(), Client(), {})
        client.set_cookie("session", value)
        self._token = ""

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(path, query_string=query)

    def post(self, path: str, data: Any = None, **given: Any) -> TestResponse:
        if not self._token:
            self._token = form_token(self.client.get("/me").text)
        sent = {"csrf_token": self._token, **(data or {})}
        return self.client.post(path, data=sent, **given)


def form_token(page: str) -> str:
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert found is not None, page[:500]
    return unescape(found[1])
