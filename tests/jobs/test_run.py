"""Slots are claimed once, made up for, tried again; both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.schedule import Daily, Every
from tracker.jobs import run
from tracker.models import Audit, JobRun
from tracker.services import health, job
from tracker.services.audit import SYSTEM
from tracker.services.job import Job

NIGHT = Daily(1, 0)
MORNING = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
"""Eight in the morning, in the county."""


def a_job(kind: str = "mark", name: str = "test", rhythm: Daily | Every = NIGHT) -> Job:
    return Job(name, rhythm, f"tests.jobs.cases:{kind}")


@pytest.fixture
def travel(app: Flask) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def runs(session: Session) -> dict[str, JobRun]:
    session.rollback()
    session.expire_all()
    return {r.slot: r for r in session.scalars(select(JobRun).order_by(JobRun.slot))}


def marks(session: Session) -> list[str]:
    session.rollback()
    return sorted(a.details["day"] for a in session.scalars(select(Audit)))


def test_a_slot_runs_once_however_often_it_is_asked_for(
    session: Session, travel: time_machine.Coordinates
) -> None:
    assert run.work(a_job()) == 1
    assert run.work(a_job()) == 0
    assert marks(session) == ["2026-11-22"]
    (done,) = runs(session).values()
    assert (done.state, done.result, done.attempt) == ("done", {"day": "2026-11-22"}, 1)


def test_a_new_installation_has_missed_nothing_but_its_latest_night(
    session: Session, travel: time_machine.Coordinates
) -> None:
    travel.move_to(MORNING - timedelta(hours=8))
    assert run.work(a_job()) == 1
    assert marks(session) == ["2026-11-21"]


@pytest.mark.parametrize(("days", "made_up"), [(3, 3), (7, 7), (30, 7)])
def test_each_missed_night_is_made_up_for_oldest_first(
    session: Session, travel: time_machine.Coordinates, days: int, made_up: int
) -> None:
    run.work(a_job())
    travel.shift(timedelta(days=days))
    assert run.work(a_job()) == made_up
    expected = [date(2026, 11, 22) + timedelta(days=d) for d in range(days - made_up + 1, days + 1)]
    assert marks(session) == ["2026-11-22", *(d.isoformat() for d in expected)]


def test_of_a_frequent_job_only_the_latest_missed_slot_is_made_up_for(
    session: Session, travel: time_machine.Coordinates
) -> None:
    frequent = a_job(rhythm=Every(5))
    run.work(frequent)
    travel.shift(timedelta(hours=3, minutes=2))
    assert run.work(frequent) == 1
    assert sorted(runs(session)) == ["2026-11-22T08:00", "2026-11-22T11:00"]


def test_a_failing_job_leaves_nothing_says_why_and_is_tried_five_times_ever_later(
    session: Session, travel: time_machine.Coordinates
) -> None:
    for attempt, wait in enumerate((1, 5, 15, 60), 1):
        assert run.work(a_job("fail")) == 0
        (failed,) = runs(session).values()
        assert (failed.state, failed.attempt) == ("failed", attempt)
        assert "没有目标文件" in failed.error
        travel.shift(timedelta(minutes=wait, seconds=-1))
        with Session(session.get_bind()) as reading:
            assert job.pending(reading, a_job("fail"), clock.now()) == []
        travel.shift(timedelta(seconds=2))
    run.work(a_job("fail"))
    travel.shift(timedelta(hours=5))
    run.work(a_job("fail"))
    (failed,) = runs(session).values()
    assert failed.attempt == 5
    assert marks(session) == []


def test_a_failed_slot_that_succeeds_later_is_done(
    session: Session, travel: time_machine.Coordinates
) -> None:
    run.work(a_job("fail"))
    assert health.failed_jobs(session) == ["test"]
    travel.shift(timedelta(minutes=2))
    assert run.work(a_job()) == 1
    (done,) = runs(session).values()
    assert (done.state, done.attempt, done.error) == ("done", 2, "")
    assert health.failed_jobs(session) == []
    assert marks(session) == ["2026-11-22"]


def test_a_job_that_commits_on_its_way_is_claimed_again_when_its_holder_is_gone(
    session: Session, travel: time_machine.Coordinates
) -> None:
    long = Job("test", NIGHT, "tests.jobs.cases:mark", whole=False)
    (slot,) = job.pending(session, long, clock.now())
    assert job.claim(session, long, slot, clock.now(), "gone") == 1
    session.commit()
    assert run.work(long) == 0
    travel.shift(job.TIMEOUT)
    assert run.work(long) == 1
    (done,) = runs(session).values()
    assert (done.state, done.attempt) == ("done", 2)


def test_a_run_by_hand_asks_no_slot_and_is_in_the_audit(
    session: Session, travel: time_machine.Coordinates
) -> None:
    run.work(a_job())
    result = job.run_by_hand(session, a_job(), date(2026, 10, 1), SYSTEM, clock.now(), "here")
    session.commit()
    assert result == {"day": "2026-10-01"}
    assert [slot.partition(":")[0] for slot in sorted(runs(session))] == ["2026-11-22", "manual"]
    assert session.scalar(select(func.count()).where(Audit.action == "run job")) == 1
    travel.shift(timedelta(days=1))
    assert run.work(a_job()) == 1


def test_every_planned_job_can_be_called(session: Session, travel: time_machine.Coordinates) -> None:
    assert {"overdue-scan", "contract-expiry", "sessions-clean"} <= {j.name for j in job.jobs()}
    for each in job.jobs():
        assert run.work(each) == 1
    assert {r.state for r in runs(session).values()} == {"done"}


def test_the_sign_of_life_makes_the_product_ready(client: FlaskClient, session: Session) -> None:
    assert "scheduler" in client.get("/readyz").json["problems"]
    run.beat()
    run.beat()
    assert client.get("/readyz").json == {"status": "ok", "problems": {}}
    run.work(a_job("fail"))
    assert "test" in client.get("/readyz").json["problems"]["jobs"]
