"""The steps of a sign-in across its transactions: reserve a try, check it with no lock held, conclude."""

from __future__ import annotations

from collections.abc import Callable

from flask import g

from tracker import clock, database, sessions
from tracker.extensions import db
from tracker.models import Staff
from tracker.services.account import account, password
from tracker.services.account.account import Attempt


def by_password(username: str, typed: str) -> Staff | None:
    """Who signs in with this password; None when it is wrong, TooManyTries when nothing may be tried."""
    return _attempt(username, lambda attempt: password.matches(typed, attempt.password_hash))


def by_code(username: str, code: str, typed: str) -> Staff | None:
    """Who activates with this code; the new password is stored."""
    password.check(typed, username)
    new = password.make(typed)

    def activate(staff: Staff) -> None:
        account.activate(db.session(), g.actor, staff, new, clock.now())

    return _attempt(username, lambda attempt: attempt.opens(code, clock.now()), activate)


def _attempt(
    username: str, is_right: Callable[[Attempt], bool], then: Callable[[Staff], None] | None = None
) -> Staff | None:
    session, now = db.session(), clock.now()
    database.begin_write(session)
    attempt = account.reserve(session, username, g.actor.address, now)
    session.commit()
    right = is_right(attempt)
    database.begin_write(session)
    staff = account.succeed(session, g.actor, attempt, now) if right else None
    if staff is None:
        account.fail(session, g.actor, attempt, now)
    else:
        if then is not None:
            then(staff)
        sessions.current().sign_in(staff)
    session.commit()
    return staff
