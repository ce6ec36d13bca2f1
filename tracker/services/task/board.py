"""A list of tasks added up by village, doctor, disease and days overdue, under its own filters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease
from tracker.models import Region, Responsibility, Staff, Task
from tracker.models.among import among
from tracker.services.store.trip import Answers, rows_of
from tracker.services.task.task import DAY_ASKED, Bucket, Form, Question, criteria, in_bucket
from tracker.services.workforce import responsibility
from tracker.services.workforce.responsibility import Named


class Share(NamedTuple):
    """A part of the list: the value that filters for it, its name, and how many tasks it has."""

    key: str
    name: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Board:
    villages: list[Share]
    doctors: list[Share]
    diseases: dict[Disease, int]
    buckets: dict[Bucket, int]
    """By days overdue, whichever of them the question asks for."""


def board(session: Session, question: Question) -> Board:
    """Add the list up; the largest parts first, diseases and days in their own order."""
    every = question.without_bucket()
    found = Answers(
        session.connection(),
        {
            "parts": (_parts(question.form), question.values),
            "buckets": (_buckets(every.form), every.values),
        },
    )
    rows = found["parts"]
    answering = responsibility.directory(session, question.day, {row.village_code for row in rows})
    known = _staff(session, {row.staff_id for row in rows if row.staff_id is not None})
    villages, doctors = Counter[tuple[str, str]](), Counter[Named]()
    diseases = Counter[Disease]()
    for code, village, disease, staff_id, number in rows:
        villages[code, village] += number
        diseases[disease] += number
        doctor = answering.village_doctor(code) if staff_id is None else known[staff_id]
        if doctor is not None:
            doctors[doctor] += number
    return Board(
        villages=[Share(code, village, n) for (code, village), n in villages.most_common()],
        doctors=[Share(str(doctor.id), doctor.name, n) for doctor, n in doctors.most_common()],
        diseases={d: diseases[d] for d in Disease if diseases[d]},
        buckets=dict(zip(Bucket, found["buckets"][0], strict=True)),
    )


@lru_cache(maxsize=128)
def _parts(form: Form) -> Select[str, str, Disease, UUID | None, int]:
    """Counted first: a village is named for each part, not for each task."""
    valid = responsibility.valid(Responsibility, DAY_ASKED)
    parts = (
        select(Task.village_code, Task.disease, Responsibility.staff_id, func.count().label("tasks"))
        .select_from(Task)
        .outerjoin(Responsibility, and_(Responsibility.resident_id == Task.resident_id, valid))
        .where(*criteria(form))
        .group_by(Task.village_code, Task.disease, Responsibility.staff_id)
        .subquery()
    )
    c = parts.c
    return select(c.village_code, Region.name, c.disease, c.staff_id, c.tasks).join(
        Region, Region.code == c.village_code
    )


@lru_cache(maxsize=128)
def _buckets(form: Form) -> Select[*tuple[int, ...]]:
    sums = [func.count().filter(in_bucket(bucket)) for bucket in Bucket]
    return select(*sums).select_from(Task).where(*criteria(form))


def _staff(session: Session, keys: set[UUID]) -> dict[UUID, Named]:
    if not keys:
        return {}
    found = rows_of(session.connection(), (_staff_named(), {"staff": list(keys)}))
    return {key: Named(key, name) for key, name in found}


@cache
def _staff_named() -> Select[UUID, str]:
    return select(Staff.id, Staff.name).where(among(Staff.id, "staff"))
