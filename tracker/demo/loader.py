"""Stores the made-up county village by village: memory stays the same, and a broken run is continued.

A village's archive counter says how many of its people are stored; it moves with them in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker import database
from tracker.demo import crew, places, setting, village
from tracker.demo.batch import ROOM, Batch
from tracker.demo.contract import Cover, share_of
from tracker.demo.crew import Practice
from tracker.demo.places import PACKAGED, Plan
from tracker.demo.setting import Sessions, midnight
from tracker.domain.policy import Policy
from tracker.domain.policy import load as load_policy
from tracker.models import ArchiveCounter, Condition, Resident
from tracker.services.course_bulk import rows_of_new

Progress = Callable[[int], None]
"""Called with the number of people stored so far."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the database holds in the end; `added` is what this run stored of it."""

    county: str
    residents: int
    patients: int
    added: int
    today: date


def load(
    sessions: Sessions,
    today: date,
    *,
    file: Path = PACKAGED,
    residents: int = 20_000,
    seed: int = 1,
    progress: Progress = lambda _: None,
) -> Loaded:
    """Make the county, or go on where an earlier run of the same wish stopped. Unusable says why not."""
    known = places.read(file)
    plan = setting.start(sessions, Plan(places.county_of(known), residents, seed, today))
    with sessions() as session:
        complete = setting.finished(session)
        stored = session.scalar(select(func.count()).select_from(Resident)) or 0
    if not complete:
        _fill(sessions, plan, known, progress, stored)
    with sessions() as session:
        total = session.scalar(select(func.count()).select_from(Resident)) or 0
        patients = session.scalar(select(func.count(Condition.resident_id.distinct()))) or 0
    return Loaded(plan.county, total, patients, total - stored, plan.today)


def _fill(sessions: Sessions, plan: Plan, known: list[places.Place], progress: Progress, stored: int) -> None:
    villages = places.villages_of(plan, known)
    staff = crew.gather(plan, known, villages)
    setting.furnish(sessions, plan, known, staff, villages)
    packages = setting.packages(sessions, plan)
    with sessions() as session:
        rows = session.execute(select(ArchiveCounter.village_code, ArchiveCounter.last_serial))
        done = dict(rows)
    policy = load_policy()
    for practice in staff.practices.values():
        cover = Cover(share_of(plan.chance("cover", practice.village.township)), packages)
        code = practice.village.code
        stored += _village(sessions, plan, practice, cover, policy, done.get(code, 0), progress, stored)
    with sessions() as session:
        database.begin_write(session)
        setting.finish(session, plan)
        session.execute(text("ANALYZE"))  # so that both databases plan with the new numbers of rows
        session.commit()


def _village(
    sessions: Sessions,
    plan: Plan,
    practice: Practice,
    cover: Cover,
    policy: Policy,
    done: int,
    progress: Progress,
    stored: int,
) -> int:
    """Store the people of one village who are not stored yet; how many they were."""
    batch, last, added = Batch(), done, 0
    for record in village.records(plan, practice, cover, policy, done):
        derived = rows_of_new([record.history], midnight(plan.today), policy)
        batch.add(record.rows)
        batch.add_rows(derived)
        added, last = added + 1, record.person.serial
        if batch.size >= ROOM:
            _store(sessions, practice, batch, last)
            progress(stored + added)
            batch = Batch()
    if batch.size:
        _store(sessions, practice, batch, last)
        progress(stored + added)
    return added


def _store(sessions: Sessions, practice: Practice, batch: Batch, last: int) -> None:
    with sessions() as session:
        database.begin_write(session)
        batch.store(session)
        _count(session, practice.village.code, last)
        session.commit()


def _count(session: Session, code: str, last: int) -> None:
    counter = session.get(ArchiveCounter, code)
    if counter is None:
        session.add(ArchiveCounter(village_code=code, last_serial=last))
    else:
        counter.last_serial = last
