"""Takes away browser sessions that are over and old tries to sign in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from tracker.models import DeviceNonce, LoginAttempt, WebSession
from tracker.models.base import Json

KEPT = timedelta(days=30)
"""How long a try to sign in is kept; the limit on failures looks back minutes only."""


def clean(session: Session, day: date, at: datetime) -> Json:
    """Delete what is over; a second run deletes nothing."""
    over = session.execute(delete(WebSession).where(WebSession.expires_at <= at))
    old = session.execute(delete(LoginAttempt).where(LoginAttempt.at <= at - KEPT))
    session.execute(delete(DeviceNonce).where(DeviceNonce.expires_at <= at))
    return {
        "job": "sessions-clean",
        "as_of": day.isoformat(),
        "sessions": cast(CursorResult[Any], over).rowcount,
        "attempts": cast(CursorResult[Any], old).rowcount,
    }
