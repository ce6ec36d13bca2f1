"""Browser sessions: started at sign-in, found by the hash of their cookie, dead by time or new rights."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Staff, WebSession
from tracker.models.base import Json
from tracker.services.store.bulk import table_of, thing_of
from tracker.services.store.trip import rows_of

LONGEST = timedelta(hours=12)
IDLE_AT_A_DESK = timedelta(hours=2)
IN_THE_FIELD = frozenset({Role.VILLAGE_DOCTOR, Role.TEAM_LEAD})
"""Roles that work from their own phone all day, between visits."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a browser is and what it calls itself."""

    address: str = ""
    agent: str = ""


def digest(secret: str) -> bytes:
    """What a table keeps of a random secret; no salt is needed for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def start(session: Session, staff: Staff, at: datetime, client: Client, data: Json) -> str:
    """Add a session and return the value of its cookie, which is kept nowhere."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=digest(token),
            staff_id=staff.id,
            security_stamp=staff.security_stamp,
            data=data,
            created_at=at,
            seen_at=at,
            expires_at=at + LONGEST,
            address=client.address,
            agent=client.agent,
        )
    )
    return token


def find(connection: Connection, token: str, at: datetime) -> tuple[WebSession, Staff] | None:
    """The living session of a cookie with its member of staff, in one statement; no session knows them."""
    rows = rows_of(connection, (_with_staff(), {"token_hash": digest(token)}))
    if not rows:
        return None
    own = len(table_of(WebSession).c)
    found, staff = thing_of(WebSession, rows[0][:own]), thing_of(Staff, rows[0][own:])
    return (found, staff) if _alive(found, staff, at) else None


@cache
def _with_staff() -> Select[*tuple[Any, ...]]:
    return (
        select(*table_of(WebSession).c, *table_of(Staff).c)
        .join_from(WebSession, Staff, Staff.id == WebSession.staff_id)
        .where(WebSession.token_hash == bindparam("token_hash"))
    )


def _alive(found: WebSession, staff: Staff, at: datetime) -> bool:
    idle = LONGEST if staff.role in IN_THE_FIELD else IDLE_AT_A_DESK
    return (
        staff.active
        and staff.security_stamp == found.security_stamp
        and at < found.expires_at
        and at < found.seen_at + idle
    )


def of_staff(session: Session, staff: Staff, at: datetime) -> Sequence[WebSession]:
    """The living sessions of one person, the latest first."""
    rows = session.scalars(
        select(WebSession).where(WebSession.staff_id == staff.id).order_by(WebSession.seen_at.desc())
    )
    return [row for row in rows if _alive(row, staff, at)]


def end(session: Session, token: str) -> None:
    session.execute(delete(WebSession).where(WebSession.token_hash == digest(token)))


def revoke(session: Session, staff_id: UUID, token_hash: bytes) -> None:
    """End one of a person's own sessions."""
    session.execute(
        delete(WebSession).where(WebSession.token_hash == token_hash, WebSession.staff_id == staff_id)
    )


def end_others(session: Session, staff_id: UUID, kept: bytes) -> None:
    session.execute(delete(WebSession).where(WebSession.staff_id == staff_id, WebSession.token_hash != kept))
