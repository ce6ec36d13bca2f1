"""Signing in: server-side sessions, API tokens and the attempts that were made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json


class WebSession(Base):
    """A browser's session; the cookie holds a random value, the table only its hash."""

    __tablename__ = "web_session"
    __table_args__ = (
        Index("ix_web_session_staff_id", "staff_id"),
        Index("ix_web_session_expires_at", "expires_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    security_stamp: Mapped[int] = mapped_column(default=0)
    data: Mapped[Json] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class ApiToken(Base):
    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    security_stamp: Mapped[int]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LoginAttempt(Base):
    """One try to sign in, reserved before the password is hashed; `failed` until it succeeds."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_account_at", "account", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Blind index of the typed user name, whether it exists or not."""
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]
    failed: Mapped[bool] = mapped_column(default=True)
