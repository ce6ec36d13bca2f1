"""The process that works a roster off: apart from the web server, which never waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

import config
from tracker.models.base import Json
from tracker.services.roster.file import Folder
from tracker.services.roster.upload import unfinished

FOLDER = "imports"


def start(key: UUID, environment: Mapping[str, str] | None = None) -> None:
    """Begin work in a session of its own, so that it outlives a restart of the web server."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tracker.jobs.roster_child", str(key)],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that no zombie stays


def sweep(session: Session, _day: date, at: datetime) -> Json:
    """The job that starts lost work again and deletes files after a week."""
    lost = unfinished(session, at)
    for key in lost:
        start(key)
    return {"started": len(lost), "deleted": Folder(config.INSTANCE / FOLDER).drop_old(at)}
