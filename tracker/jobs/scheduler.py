"""The scheduler process: waits for the lead, plans the jobs with APScheduler, stops when told or deposed.

Several may be started, on one host or many; one works. Every half minute each job is asked for slots that
were missed or failed, so that a night without power is made up for when the machine is back.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from tracker import clock, journal
from tracker.domain.schedule import Daily, Rhythm
from tracker.extensions import db
from tracker.jobs import leader, run
from tracker.services.job import Job, jobs

CATCH_UP_SECONDS = 30
BEAT_SECONDS = 20
LOOK_SECONDS = 2.0
"""How often the lead is looked at, or asked for."""
GRACE_SECONDS = 15.0
"""How long a job may go on after the process was told to stop."""


class Process:
    """One scheduler until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stop = threading.Event()
        self._busy = threading.Lock()

    def run(self) -> None:
        """Return after SIGTERM or SIGINT; losing the lead only starts the wait for it again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        while not self._stop.is_set():
            with self._app.app_context():
                lead = leader.take(db.engine)
            if lead is None:
                self._stop.wait(LOOK_SECONDS)
                continue
            journal.info("scheduler leads")
            self._lead(lead)

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _lead(self, lead: leader.Lead) -> None:
        planned = self._plan()
        planned.start()
        try:
            while lead.held() and not self._stop.wait(LOOK_SECONDS):
                pass
        finally:
            planned.shutdown(wait=False)
            if self._busy.acquire(timeout=GRACE_SECONDS):
                self._busy.release()
            lead.release()
            journal.info("scheduler leads no more")

    def _plan(self) -> BackgroundScheduler:
        planned = BackgroundScheduler(
            timezone=clock.zone(),
            # Jobs one after the other; the sign of life never waits for them.
            executors={"default": ThreadPoolExecutor(1), "beat": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
        )
        planned.add_job(self._inside(run.beat), IntervalTrigger(seconds=BEAT_SECONDS), executor="beat",
                        next_run_time=clock.now(), id="beat")  # fmt: skip
        planned.add_job(self._inside(self._catch_up), IntervalTrigger(seconds=CATCH_UP_SECONDS),
                        next_run_time=clock.now(), id="catch-up")  # fmt: skip
        for job in jobs():
            planned.add_job(self._inside(self._work, job), trigger(job.rhythm), id=job.name)
        return planned

    def _catch_up(self) -> None:
        for job in jobs():
            self._work(job)

    def _work(self, job: Job) -> None:
        with self._busy:
            if not self._stop.is_set():
                run.work(job)

    def _inside(self, body: Callable[..., object], *given: object) -> Callable[[], None]:
        def call() -> None:
            with self._app.app_context():
                body(*given)

        return call


def trigger(rhythm: Rhythm) -> BaseTrigger:
    """The rhythm as APScheduler takes it, in the county's time."""
    if isinstance(rhythm, Daily):
        return CronTrigger(hour=rhythm.hour, minute=rhythm.minute, timezone=clock.zone())
    return CronTrigger(minute=f"*/{rhythm.minutes}", timezone=clock.zone())
