"""Jobs that the tests run: one that leaves a mark, one that fails, one that dawdles after its mark."""

from __future__ import annotations

import os
import time
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models.base import Json
from tracker.services import audit
from tracker.services.audit import SYSTEM


def mark(session: Session, day: date, at: datetime) -> Json:
    audit.record(session, SYSTEM, at, "marked", details={"day": day.isoformat()})
    session.flush()
    return {"day": day.isoformat()}


def fail(session: Session, day: date, at: datetime) -> Json:
    mark(session, day, at)
    raise ValueError("没有目标文件")


def dawdle(session: Session, day: date, at: datetime) -> Json:
    """Slow in the process that the test kills, quick in the one that comes after."""
    result = mark(session, day, at)
    if os.environ.get("DAWDLE"):
        print("dawdling", flush=True)  # noqa: T201 - the test waits for it
        time.sleep(60)
    return result
