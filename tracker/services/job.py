"""The jobs there are, and the claim of a slot: whoever holds the row runs the job, everybody else passes.

The claim stands in the transaction of the job's own effects, so that a crash leaves neither; a job that has
to commit on its way claims first and repeats itself safely. A failed slot is tried five times, ever later.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.schedule import Daily, Every, Rhythm, Slot
from tracker.models import Heartbeat, JobRun
from tracker.models.base import Json
from tracker.services import audit
from tracker.services.alert import insert_new
from tracker.services.audit import Actor
from tracker.services.health import BEAT_HOLDS

RUNNING, DONE, FAILED = "running", "done", "failed"
MANUAL = "manual:"
ATTEMPTS = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""Before the second, third, fourth and fifth attempt."""
TIMEOUT = timedelta(hours=1)
"""After which a job that claimed first counts as dead."""
BEAT = "scheduler"

UseCase = Callable[[Session, date, datetime], Json]


@dataclass(frozen=True, slots=True)
class Job:
    """`use_case` is "module:function"; `whole`: its effects are one transaction, that of the claim."""

    name: str
    rhythm: Rhythm
    use_case: str
    whole: bool = True

    @property
    def module(self) -> str:
        return self.use_case.partition(":")[0]

    def __call__(self, session: Session, day: date, at: datetime) -> Json:
        found = getattr(importlib.import_module(self.module), self.use_case.partition(":")[2])
        return cast(UseCase, found)(session, day, at)


JOBS = (
    Job("overdue-scan", Daily(1, 0), "tracker.services.task.overdue:scan"),
    Job("contract-expiry", Daily(1, 20), "tracker.services.contract.expiry:scan"),
    Job("target-check", Daily(1, 40), "tracker.services.target.check:check_targets"),
    Job("summaries", Every(5), "tracker.jobs.summary:fold", whole=False),
    Job("imports-sweep", Every(15), "tracker.services.roster.worker:sweep"),
    Job("sessions-clean", Daily(3, 0), "tracker.services.account.session_cleanup:clean"),
)


def jobs() -> list[Job]:
    """The jobs of this installation, in the order of the night."""
    return [job for job in JOBS if importlib.util.find_spec(job.module) is not None]


def find(name: str) -> Job:
    """A job by its name; LookupError when there is none."""
    for job in jobs():
        if job.name == name:
            return job
    raise LookupError(name)


def pending(session: Session, job: Job, at: datetime) -> list[Slot]:
    """The slots of a job that should have run and may be claimed now, oldest first.

    Before its first run ever a job has missed nothing but its latest slot.
    """
    slots = list(job.rhythm.latest(at.astimezone(clock.zone())))
    since = session.scalar(select(func.min(JobRun.slot)).where(JobRun.job == job.name, ~_manual()))
    names = [slot.name for slot in slots]
    closed = set(
        session.scalars(
            select(JobRun.slot).where(JobRun.job == job.name, JobRun.slot.in_(names), ~_claimable(at))
        )
    )
    wanted = slots[:1] if since is None else [slot for slot in slots if slot.name >= since]
    return [slot for slot in reversed(wanted) if slot.name not in closed]


def claim(session: Session, job: Job, slot: Slot, at: datetime, host: str) -> int | None:
    """Take the slot inside the open transaction: the number of the attempt, or None when it is not free."""
    statement = insert_new(session, JobRun).values(
        job=job.name, slot=slot.name, state=RUNNING, attempt=1, host=host, started_at=at
    )
    taken = statement.on_conflict_do_update(
        index_elements=["job", "slot"],
        set_={
            "state": RUNNING,
            "attempt": JobRun.attempt + 1,
            "host": host,
            "started_at": at,
            "finished_at": None,
            "error": "",
        },
        where=_claimable(at),
    ).returning(JobRun.attempt)
    found = session.execute(taken).first()
    return None if found is None else int(found[0])


def _claimable(at: datetime) -> ColumnElement[bool]:
    waited = [
        and_(JobRun.attempt == number, JobRun.finished_at <= at - wait)
        for number, wait in enumerate(WAITS, 1)
    ]
    return or_(
        and_(JobRun.state == FAILED, or_(*waited)),
        and_(JobRun.state == RUNNING, JobRun.started_at <= at - TIMEOUT, JobRun.attempt < ATTEMPTS),
    )


def _manual() -> ColumnElement[bool]:
    return JobRun.slot.like(f"{MANUAL}%")


def finish(session: Session, job: Job, slot: str, at: datetime, result: Json) -> None:
    """The slot is done; written with the effects."""
    row = session.get_one(JobRun, (job.name, slot), populate_existing=True)
    row.state, row.finished_at, row.result = DONE, at, result
    session.flush()


def fail(
    session: Session,
    job: Job,
    slot: str,
    attempt: int,
    started: datetime,
    at: datetime,
    host: str,
    error: str,
) -> None:
    """The slot failed, in a transaction of its own: the claim was rolled back with the effects."""
    values: dict[str, Any] = {
        "state": FAILED, "attempt": attempt, "host": host, "started_at": started, "finished_at": at,
        "error": error[:4000],
    }  # fmt: skip
    statement = insert_new(session, JobRun).values(job=job.name, slot=slot, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["job", "slot"], set_=values, where=JobRun.state != DONE
        )
    )


def run_by_hand(session: Session, job: Job, day: date, actor: Actor, at: datetime, host: str) -> Json:
    """Run now, whatever the slots say; effects happen once all the same. Kept as a run of its own."""
    result = job(session, day, at)
    session.add(
        JobRun(
            job=job.name,
            slot=f"{MANUAL}{at.isoformat()}",
            state=DONE,
            host=host,
            started_at=at,
            finished_at=clock.now(),
            result=result,
        )
    )
    audit.record(session, actor, at, "run job", "job", job.name, details={"as_of": day.isoformat()})
    session.flush()
    return result


def failed_by_hand(session: Session, job: Job, at: datetime, host: str, error: Exception) -> str:
    """Write down that a run by hand failed, after its effects were rolled back; what went wrong."""
    words = f"{type(error).__name__}: {error}"
    fail(session, job, f"{MANUAL}{at.isoformat()}", 1, at, clock.now(), host, words)
    return words


def beat(session: Session, host: str, at: datetime) -> None:
    """The scheduler's sign of life."""
    values = {"host": host, "at": at}
    statement = insert_new(session, Heartbeat).values(name=BEAT, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def alive(session: Session, at: datetime) -> bool:
    """Whether a scheduler gave a sign of life lately."""
    seen = session.scalar(select(func.max(Heartbeat.at)))
    return seen is not None and seen >= at - BEAT_HOLDS


def recent(session: Session, limit: int = 50) -> list[JobRun]:
    """The latest runs, newest first."""
    return list(session.scalars(select(JobRun).order_by(JobRun.started_at.desc()).limit(limit)))


def latest(session: Session) -> dict[str, JobRun]:
    """The newest run of each job."""
    newest = select(JobRun.job, func.max(JobRun.started_at).label("at")).group_by(JobRun.job).subquery()
    found = session.scalars(
        select(JobRun).join(newest, and_(newest.c.job == JobRun.job, newest.c.at == JobRun.started_at))
    )
    return {run.job: run for run in found}


def planned(at: datetime) -> list[tuple[Job, datetime]]:
    """Each job and when it runs next."""
    now = at.astimezone(clock.zone())
    return [(job, job.rhythm.next(now)) for job in jobs()]
