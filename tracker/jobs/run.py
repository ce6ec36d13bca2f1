"""Runs the slots of a job that are due: claim, effects and result in one transaction."""

from __future__ import annotations

import socket
import traceback

from sqlalchemy.orm import Session

from tracker import clock, database, journal
from tracker.domain.schedule import Slot
from tracker.extensions import db
from tracker.services import job as jobs
from tracker.services.job import Job

HOST = socket.gethostname()[:120]


def work(job: Job) -> int:
    """Run every slot of a job that may be claimed now, oldest first; how many were done."""
    with database.reader(db.engine) as reading:
        slots = jobs.pending(reading, job, clock.now())
    return sum(run(job, slot) for slot in slots)


def run(job: Job, slot: Slot) -> bool:
    """Run one slot unless somebody else has it; a failure is written down for the next attempt."""
    with Session(db.engine) as session:
        database.begin_write(session)
        started = clock.now()
        attempt = jobs.claim(session, job, slot, started, HOST)
        if attempt is None:
            session.rollback()
            return False
        if not job.whole:
            session.commit()
            database.begin_write(session)
        try:
            result = job(session, slot.at.date(), started)
            jobs.finish(session, job, slot.name, clock.now(), result)
            session.commit()
        except Exception as error:
            session.rollback()
            database.begin_write(session)
            jobs.fail(session, job, slot.name, attempt, started, clock.now(), HOST, _last_lines(error))
            session.commit()
            journal.exception("job failed", job=job.name, slot=slot.name, attempt=attempt)
            return False
    journal.info("job done", job=job.name, slot=slot.name, attempt=attempt)
    return True


def _last_lines(error: Exception) -> str:
    """What went wrong and where, without the values of statements."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error}\n{place.name} ({place.filename}:{place.lineno})"


def beat() -> None:
    """The sign of life that `/readyz` looks for."""
    with Session(db.engine) as session:
        database.begin_write(session)
        jobs.beat(session, HOST, clock.now())
        session.commit()
