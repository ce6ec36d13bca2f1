"""The job that keeps the summaries of villages up to date, in three transactions of which none is long."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import database
from tracker.models.base import Json
from tracker.services import summary

JOB = "summaries"


def fold(session: Session, day: date, at: datetime) -> Json:
    """Count what has changed; everything for a new day. The session is writing when it comes and goes."""
    taken = summary.take(session, day)
    session.commit()
    rows = summary.counted(session, taken, day)
    session.commit()
    database.begin_write(session)
    stored = summary.store(session, taken, rows, day, at)
    villages = {row["village_code"] for row in rows}
    return {"job": JOB, "as_of": day.isoformat(), "stored": stored, "villages": len(villages)}
