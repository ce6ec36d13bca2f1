"""Server-side browser sessions: the cookie holds a random value, the database its hash.

Before sign-in there is no row: the little there is (the CSRF token, a message) travels in a signed cookie.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature
from sqlalchemy import Update, update
from sqlalchemy.exc import OperationalError

from tracker import clock, database, journal
from tracker.extensions import db
from tracker.models import Staff, WebSession
from tracker.services.account import web_session

TOUCH_AFTER = timedelta(minutes=1)
NEVER_SIGNED_IN = ("/static/", "/healthz", "/readyz", "/metrics")


class BrowserSession(SecureCookieSession):
    """What Flask calls `session`; `staff` is who is signed in, `token` the cookie's value then."""

    staff: Staff | None = None
    token: str | None = None
    seen_at: datetime | None = None
    began_at: datetime | None = None
    issued = False
    stale = False

    @property
    def hashed(self) -> bytes:
        """What the table knows it by; of none where nobody is signed in by a cookie."""
        return web_session.digest(self.token) if self.token else b""

    def sign_in(self, staff: Staff) -> None:
        """Start a session under a new id in the request's transaction; the caller commits."""
        self.sign_out()
        self["csrf_token"] = secrets.token_hex(20)
        self.token = web_session.start(db.session(), staff, clock.now(), client(), dict(self))
        self.issued, self.stale, self.modified = True, False, False

    def keep(self) -> None:
        """Store what has changed so far in the request's transaction; the caller commits."""
        if self.token and self.modified:
            db.session.execute(_row(self, clock.now()))
            self.modified, self.seen_at = False, clock.now()

    def sign_out(self) -> None:
        """End the session in the request's transaction; the caller commits."""
        if self.token:
            web_session.end(db.session(), self.token)
        self.clear()
        g.pop("csrf_token", None)
        self.token, self.staff, self.stale = None, None, True


class DatabaseSessions(SecureCookieSessionInterface):
    session_class = BrowserSession

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-session" if app.config["SETTINGS"].secure else "session"

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SETTINGS"].secure)

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Read on a connection of its own, so that the request may still begin as a writing one."""
        session = BrowserSession()
        value = request.cookies.get(self.get_cookie_name(app))
        by_token = request.path.startswith("/api/") and "Authorization" in request.headers
        if not value or by_token or request.path.startswith(NEVER_SIGNED_IN):
            return session
        if "." in value:
            session.update(self._unsigned(app, value))
        else:
            _load(session, value)
        session.modified = False
        return session

    def _unsigned(self, app: Flask, value: str) -> dict[str, Any]:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return {}
        try:
            data = serializer.loads(value, max_age=int(web_session.LONGEST.total_seconds()))
        except BadSignature:
            return {}
        return dict(data)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if session.accessed or session.token:
            response.vary.add("Cookie")
        if session.token:
            _store(session)
            if session.issued:
                self._send(app, response, session.token)
        elif session.modified and session:
            serializer = self.get_signing_serializer(app)
            if serializer is not None:
                self._send(app, response, str(serializer.dumps(dict(session))))
        elif session.stale:
            response.delete_cookie(
                self.get_cookie_name(app), path="/", secure=self.get_cookie_secure(app), httponly=True
            )

    def _send(self, app: Flask, response: Response, value: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            max_age=web_session.LONGEST,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def client() -> web_session.Client:
    """Where this request comes from."""
    return web_session.Client((request.remote_addr or "")[:64], request.user_agent.string[:200])


def _load(session: BrowserSession, token: str) -> None:
    with database.glance(db.engine) as reading:
        found = web_session.find(reading, token, clock.now())
    if found is None:
        session.stale = True
        return
    row, session.staff = found
    session.token, session.seen_at, session.began_at = token, row.seen_at, row.created_at
    session.update(row.data)


def _store(session: BrowserSession) -> None:
    """Write what changed; that the person was seen is written once a minute at most."""
    now = clock.now()
    seen = session.seen_at is not None and now - session.seen_at > TOUCH_AFTER
    if not (seen or session.modified):
        return
    # What the view has not committed by now is not going to be; holding it would be waiting for ourselves.
    db.session.rollback()
    how = database.WRITE if session.modified else database.IF_FREE
    try:
        with db.engine.connect().execution_options(**how) as connection, connection.begin():
            connection.execute(_row(session, now))
    except database.Busy:
        pass  # the next page tells it; nobody waits for that
    except OperationalError:
        journal.warning("session not saved")


def _row(session: BrowserSession, now: datetime) -> Update:
    row = update(WebSession).where(WebSession.token_hash == web_session.digest(session.token or ""))
    return row.values(data=dict(session), seen_at=now)


def bind(app: Flask) -> None:
    app.session_interface = DatabaseSessions()


def current() -> BrowserSession:
    """The session of this request, typed."""
    return session._get_current_object()  # type: ignore[attr-defined,no-any-return]
