"""Real processes: many claim the same slots, one is killed in the middle, one scheduler leads at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import SECRET
from tracker import clock
from tracker.domain.schedule import Daily
from tracker.extensions import db
from tracker.jobs import leader, run
from tracker.models import Audit, JobRun
from tracker.services import job
from tracker.services.job import Job

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = """
from datetime import UTC, datetime, timedelta
from tracker import create_app
from tracker.domain.schedule import Daily, Slot
from tracker.jobs import run
from tracker.services.job import Job
with create_app().app_context():
    mark = Job("mark", Daily(1, 0), "tests.jobs.cases:mark")
    for n in range(25):
        at = datetime(2026, 1, 1, 1, tzinfo=UTC) + timedelta(days=n)
        run.run(mark, Slot(f"{at:%Y-%m-%d}", at))
"""
DAWDLES = """
from tracker import create_app
from tracker.domain.schedule import Daily
from tracker.jobs import run
from tracker.services.job import Job
with create_app().app_context():
    run.work(Job("dawdle", Daily(1, 0), "tests.jobs.cases:dawdle"))
"""


class Processes:
    """Programs on the database of the test; whatever still runs at its end is killed."""

    def __init__(self, app: Flask) -> None:
        settings = app.config["SETTINGS"]
        self.env = {
            **os.environ,
            "TRACKER_DATABASE_URL": settings.database_url,
            "TRACKER_DATA_KEY_FILE": str(settings.data_key_file),
            "TRACKER_INSTANCE": str(settings.instance),
            "TRACKER_SECRET_KEY": SECRET,
            "PYTHONUNBUFFERED": "1",
        }
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=self.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def scheduler(self) -> subprocess.Popen[str]:
        return self.start("-c", "from tracker.cli import main; main(['scheduler'])")


@pytest.fixture
def processes(app: Flask) -> Iterator[Processes]:
    found = Processes(app)
    yield found
    for process in found.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], words: str) -> None:
    """Read what a process says until it says this."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if words in line:
            return
    raise AssertionError("".join(seen))


def marks(session: Session) -> Counter[str]:
    session.rollback()
    return Counter(a.details["day"] for a in session.scalars(select(Audit)))


def test_four_processes_run_each_slot_once(session: Session, processes: Processes) -> None:
    started = [processes.start("-c", CLAIMS) for _ in range(4)]
    for process in started:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert set(marks(session).values()) == {1}
    assert len(marks(session)) == 25
    assert {r.state for r in session.scalars(select(JobRun))} == {"done"}


def test_a_job_killed_in_the_middle_leaves_nothing_and_runs_again(
    session: Session, processes: Processes
) -> None:
    slot = next(Daily(1, 0).latest(clock.now().astimezone(clock.zone())))
    processes.env["DAWDLE"] = "1"
    process = processes.start("-c", DAWDLES)
    until(process, "dawdling")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert marks(session) == Counter()
    assert run.work(Job("dawdle", Daily(1, 0), "tests.jobs.cases:dawdle")) == 1
    assert marks(session) == Counter({slot.name: 1})


def test_one_scheduler_leads_and_another_follows_when_it_is_killed(
    session: Session, processes: Processes
) -> None:
    first = processes.scheduler()
    until(first, "sessions-clean")
    assert leader.take(db.engine) is None
    second = processes.scheduler()
    time.sleep(3)
    first.kill()
    until(second, "scheduler leads")
    assert leader.take(db.engine) is None
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    session.rollback()
    done = Counter(r.job for r in session.scalars(select(JobRun)))
    often = {name: done.pop(name) for name in ("imports-sweep", "summaries")}
    assert set(often.values()) <= {1, 2}  # every few minutes: a slow run may see two
    assert done == Counter(j.name for j in job.jobs() if j.name not in often)
    lead = leader.take(db.engine)
    assert lead is not None
    assert lead.held()
    lead.release()


# On SQLite there is nothing to lose: the kernel keeps a file's lock as long as the process lives.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_scheduler_that_lost_its_connection_stops_working_and_tries_again(
    session: Session, processes: Processes
) -> None:
    process = processes.scheduler()
    until(process, "sessions-clean")
    session.connection().exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    )
    until(process, "scheduler leads no more")
    until(process, "scheduler leads")
    process.terminate()
    assert process.wait(20) == 0
