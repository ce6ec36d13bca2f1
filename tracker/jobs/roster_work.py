"""One uploaded roster, read or applied by the process that has claimed it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from tracker import clock, database, journal
from tracker.domain.finding import NOTHING
from tracker.domain.reasons import Reason
from tracker.jobs.roster import Run, Sessions
from tracker.models import Roster, RosterState, Staff
from tracker.services.audit import Actor
from tracker.services.roster import upload as roster_upload
from tracker.services.roster.draft import Setting
from tracker.services.roster.file import Folder
from tracker.services.roster.place import county
from tracker.services.roster.refusal import WorkbookRefused

TOLD_EVERY = 1.0
"""Seconds between two words on how far the work is."""


def work(sessions: Sessions, folder: Folder, key: UUID) -> bool:
    """Do what is to be done with this roster; False where another process has it."""
    with _writing(sessions) as session:
        roster = roster_upload.claim(session, key, clock.now())
    if roster is None:
        return False
    try:
        _work(sessions, folder, roster)
    except WorkbookRefused as refused:
        _fail(sessions, key, refused.reason, dict(refused.params))
    except MemoryError:
        _fail(sessions, key, Reason.FILE_BOMB, {})
    except Exception:
        journal.exception("roster failed", roster=str(key))
        _fail(sessions, key, Reason.FILE_FAILED, {})
    return True


def _work(sessions: Sessions, folder: Folder, roster: Roster) -> None:
    with sessions() as session:
        staff = session.get_one(Staff, roster.staff_id)
        actor = Actor(staff.id, staff.role, device="import")
        place = county(session, roster.county_code, tuple(roster.region_codes))
    applying = roster.state is RosterState.APPLYING
    setting = Setting(place, clock.today(), clock.now(), actor.staff_id)
    progress = _progress(sessions, roster.id)
    with folder.opened(roster.id, roster.file_name) as path:
        run = Run(sessions, path, setting, actor if applying else None, progress)
        folder.keep_findings(roster.id, run.findings())
    with _writing(sessions) as session:
        state = roster_upload.finish(session, roster.id, run.counts.summary(), actor, clock.now())
    if state is RosterState.APPLIED:
        folder.drop(roster.id)


def _progress(sessions: Sessions, key: UUID) -> Callable[[int, int | None], None]:
    last = time.monotonic()

    def told(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= TOLD_EVERY:
            with _writing(sessions) as session:
                roster_upload.touch(session, key, done, total, clock.now())
            last = time.monotonic()

    return told


def _fail(sessions: Sessions, key: UUID, reason: Reason, params: dict[str, str]) -> None:
    with _writing(sessions) as session:
        roster = session.get_one(Roster, key)
        roster_upload.fail(roster, reason, params or NOTHING, clock.now())


@contextmanager
def _writing(sessions: Sessions) -> Iterator[Session]:
    with sessions() as session:
        database.begin_write(session)
        yield session
        session.commit()
