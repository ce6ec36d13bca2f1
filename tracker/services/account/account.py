"""Signing in: a try is reserved before it is checked, so that parallel guesses count too (OWASP ASVS 6.3).

Unknown names, wrong passwords and disabled people get the same answer after the same work.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.models import LoginAttempt, Staff
from tracker.models.sealed import blind_index
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.account.web_session import digest
from tracker.services.audit import Actor

FAILURES = 5
WINDOW = timedelta(minutes=15)
CODE_HOLDS = timedelta(hours=24)
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
KEPT = timedelta(days=180)


class TooManyTries(Exception):
    """Five failures in the last 15 minutes; `until` is when the first of them is forgotten."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries")
        self.until = until


@dataclass(frozen=True, slots=True)
class Attempt:
    """A reserved try, with what is needed to check it after the transaction is over."""

    id: UUID
    staff_id: UUID | None
    password_hash: str | None
    activation_hash: bytes | None
    activation_until: datetime | None

    def opens(self, code: str, at: datetime) -> bool:
        """Whether this is the activation code that was given out and still holds."""
        stored = self.activation_hash or b""
        same = secrets.compare_digest(stored, digest(_plain(code)))
        return same and self.activation_until is not None and at < self.activation_until


def reserve(session: Session, username: str, address: str, at: datetime) -> Attempt:
    """Count a try as failed until `succeed`. TooManyTries when the account has no tries left."""
    account = blind_index("login.account", username)
    if session.get_bind().dialect.name == "postgresql":
        # SQLite's writers queue anyway; here two tries of one account must not count side by side.
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(account[:8], signed=True))))
    failed = session.scalars(
        select(LoginAttempt.at)
        .where(LoginAttempt.account == account, LoginAttempt.at > at - WINDOW, LoginAttempt.failed)
        .order_by(LoginAttempt.at.desc())
        .limit(FAILURES)
    ).all()
    if len(failed) >= FAILURES:
        raise TooManyTries(failed[-1] + WINDOW)
    attempt = LoginAttempt(account=account, address=address, at=at)
    session.add(attempt)
    session.flush()
    staff = session.scalars(select(Staff).where(Staff.username == username, Staff.active)).one_or_none()
    if staff is None:
        return Attempt(attempt.id, None, None, None, None)
    return Attempt(attempt.id, staff.id, staff.password_hash, staff.activation_hash, staff.activation_until)


def fail(session: Session, actor: Actor, attempt: Attempt, at: datetime) -> None:
    """The reservation stays a failure; the trail learns of it."""
    audit.record(session, actor, at, "sign in", "staff", attempt.staff_id or "", result="refused")


def succeed(session: Session, actor: Actor, attempt: Attempt, at: datetime) -> Staff | None:
    """Take the try off the failures; None if the person was disabled in between."""
    staff = session.get(Staff, attempt.staff_id)
    if staff is None or not staff.active:
        return None
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - KEPT))
    stored = session.get(LoginAttempt, attempt.id)
    if stored is not None:
        stored.failed = False
    who = Actor(staff.id, staff.role, actor.address, actor.device)
    audit.record(session, who, at, "sign in", "staff", staff.id)
    return staff


def activate(session: Session, actor: Actor, staff: Staff, password_hash: str, at: datetime) -> None:
    """Use up the activation code. Refused if someone else has just used it."""
    if staff.activation_hash is None:
        raise refuse("code", "activation_wrong")
    set_password(session, actor, staff, password_hash, at)


def set_password(session: Session, actor: Actor, staff: Staff, password_hash: str, at: datetime) -> None:
    """Store a new password; every other session and token of the person is dead from now on."""
    staff.password_hash = password_hash
    staff.activation_hash = staff.activation_until = None
    staff.security_stamp += 1
    audit.record(session, actor, at, "set password", "staff", staff.id)


def issue_code(session: Session, actor: Actor, staff: Staff, at: datetime) -> str:
    """Give out a one-use activation code that holds 24 hours; an earlier one is dead."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(12)]
    code = "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))
    staff.activation_hash = digest(_plain(code))
    staff.activation_until = at + CODE_HOLDS
    audit.record(session, actor, at, "issue activation code", "staff", staff.id)
    return code


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
