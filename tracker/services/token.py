"""Tokens of the API: shown once, kept as a hash, dead after a change of rights or password."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from tracker.models import ApiToken, Staff
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.web_session import digest


def add(session: Session, actor: Actor, staff: Staff, at: datetime) -> str:
    """Make a token for a member of staff and return it; it cannot be read again."""
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        staff_id=staff.id, token_hash=digest(secret), security_stamp=staff.security_stamp, created_at=at
    )
    session.add(token)
    session.flush()
    audit.record(session, actor, at, "add token", "staff", staff.id)
    return secret


def find(session: Session, secret: str) -> Staff | None:
    """The active member of staff whose token this is."""
    return session.scalars(_holder(), {"token_hash": digest(secret)}).one_or_none()


@cache
def _holder() -> Select[Staff]:
    return (
        select(Staff)
        .join(ApiToken, ApiToken.staff_id == Staff.id)
        .where(
            ApiToken.token_hash == bindparam("token_hash"),
            ApiToken.revoked_at.is_(None),
            ApiToken.security_stamp == Staff.security_stamp,
            Staff.active,
        )
    )
