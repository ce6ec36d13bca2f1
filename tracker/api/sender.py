"""Who sends: a person in a session or with a token, or a phone that has signed, and how its clock goes."""

from __future__ import annotations

from datetime import datetime

from flask import g, request

from tracker import clock
from tracker.services.sender import Sender


def sender() -> Sender:
    """Who calls, and when."""
    now = clock.now()
    if g.phone is None:
        return Sender(g.staff, g.actor, now, clock_offset=_offset(now))
    return Sender(g.staff, g.actor, now, g.phone.id, g.phone.ended_at, _offset(now))


def _offset(now: datetime) -> int | None:
    """`X-Device-Time` is what the sender's clock says while it sends."""
    try:
        theirs = datetime.fromisoformat(request.headers.get("X-Device-Time", ""))
        return round((theirs - now).total_seconds())
    except (TypeError, ValueError, OverflowError):  # none, or no moment with a zone
        return None
