"""Stores the made-up county village by village: memory stays the same, and a broken run is continued.

A village's archive counter says how many of its people are stored; it moves with them in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text

from tracker import database
from tracker.demo import crew, places, setting, village
from tracker.demo.batch import ROOM, Batch
from tracker.demo.contract import Cover, share_of
from tracker.demo.places import PACKAGED, Plan
from tracker.demo.record import Record
from tracker.demo.setting import Sessions, midnight
from tracker.domain.policy import load as load_policy
from tracker.models import ArchiveCounter, Condition, Resident
from tracker.services.course.bulk import rows_of_new

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
    villages_per_team: int = crew.VILLAGES_PER_TEAM,
    progress: Progress = lambda _: None,
) -> Loaded:
    """Make the county, or go on where an earlier run of the same wish stopped. Unusable says why not."""
    county = places.county_of(places.read(file))
    plan = setting.start(sessions, Plan(county, residents, seed, today))
    with sessions() as session:
        complete = setting.finished(session)
        stored = session.scalar(select(func.count()).select_from(Resident)) or 0
    if not complete:
        _fill(sessions, plan, file, villages_per_team, progress, stored)
    with sessions() as session:
        total = session.scalar(select(func.count()).select_from(Resident)) or 0
        patients = session.scalar(select(func.count(Condition.resident_id.distinct()))) or 0
    return Loaded(plan.county, total, patients, total - stored, plan.today)


def _fill(
    sessions: Sessions, plan: Plan, file: Path, villages_per_team: int, progress: Progress, stored: int
) -> None:
    known = places.read(file)
    villages = places.villages_of(plan, known)
    staff = crew.gather(plan, known, villages, villages_per_team)
    setting.furnish(sessions, plan, file, staff, villages)
    packages = setting.packages(sessions, plan)
    with sessions() as session:
        rows = session.execute(select(ArchiveCounter.village_code, ArchiveCounter.last_serial))
        done = dict(rows.all())
    batch = Batch()
    for practice in staff.practices.values():
        cover = Cover(share_of(plan.chance("cover", practice.village.township)), packages)
        start = done.get(practice.village.code, 0)
        for record in village.records(plan, practice, cover, load_policy(), start):
            _add(batch, record)
            if batch.size >= ROOM:
                stored += _store(sessions, batch)
                progress(stored)
                batch = Batch()
    progress(stored + _store(sessions, batch))
    with sessions() as session:
        database.begin_write(session)
        setting.finish(session, plan)
        session.execute(text("ANALYZE"))  # so that both databases plan with the new numbers of rows
        session.commit()


def _add(batch: Batch, record: Record) -> None:
    """The derived rows first: they set what the registers show."""
    batch.add_rows(rows_of_new([record.history], midnight(record.plan.today)))
    batch.add(record.rows)
    batch.count(record.resident.village_code, record.person.serial)


def _store(sessions: Sessions, batch: Batch) -> int:
    with sessions() as session:
        database.begin_write(session)
        batch.store(session)
        for code, serial in batch.serials.items():
            session.merge(ArchiveCounter(village_code=code, last_serial=serial))
        session.commit()
    return batch.people
