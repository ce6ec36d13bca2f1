"""Tokens of the API: shown once, kept as a hash, dead after a change of rights or password."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import Session

from tracker.models import ApiToken, Staff
from tracker.services import audit
from tracker.services.account.web_session import digest
from tracker.services.audit import Actor
from tracker.services.store.bulk import table_of, thing_of
from tracker.services.store.trip import rows_of


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


def find(connection: Connection, secret: str) -> Staff | None:
    """The active member of staff whose token this is; no session knows the object."""
    rows = rows_of(connection, (_holder(), {"token_hash": digest(secret)}))
    return thing_of(Staff, rows[0]) if rows else None


@cache
def _holder() -> Select[*tuple[Any, ...]]:
    return (
        select(*table_of(Staff).c)
        .join(ApiToken, ApiToken.staff_id == Staff.id)
        .where(
            ApiToken.token_hash == bindparam("token_hash"),
            ApiToken.revoked_at.is_(None),
            ApiToken.security_stamp == Staff.security_stamp,
            Staff.active,
        )
    )
