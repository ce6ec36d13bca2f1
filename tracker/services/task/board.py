"""A list of tasks added up by village, doctor and disease, or by days overdue, under its own filters."""

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
from tracker.services.store.trip import rows_of
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


def board(session: Session, question: Question) -> Board:
    """Add the list up; the largest parts first, diseases in their own order."""
    rows = rows_of(session.connection(), (_parts(question.form), question.values))
    codes = {code for code, *_rest in rows}
    answering = responsibility.directory(session, question.day, codes)
    known = _staff(session, {staff for _code, _disease, staff, _n in rows if staff is not None})
    villages, diseases = Counter[str](), Counter[Disease]()
    doctors = Counter[Named]()
    for code, disease, staff_id, number in rows:
        villages[code] += number
        diseases[disease] += number
        doctor = answering.village_doctor(code) if staff_id is None else known[staff_id]
        if doctor is not None:
            doctors[doctor] += number
    names = _names(session, codes)
    return Board(
        villages=[Share(code, names[code], n) for code, n in villages.most_common()],
        doctors=[Share(str(doctor.id), doctor.name, n) for doctor, n in doctors.most_common()],
        diseases={d: diseases[d] for d in Disease if diseases[d]},
    )


@lru_cache(maxsize=128)
def _parts(form: Form) -> Select[str, Disease, UUID | None, int]:
    valid = responsibility.valid(Responsibility, DAY_ASKED)
    return (
        select(Task.village_code, Task.disease, Responsibility.staff_id, func.count())
        .select_from(Task)
        .outerjoin(Responsibility, and_(Responsibility.resident_id == Task.resident_id, valid))
        .where(*criteria(form))
        .group_by(Task.village_code, Task.disease, Responsibility.staff_id)
    )


def buckets(session: Session, question: Question) -> dict[Bucket, int]:
    """The list added up by days overdue, whichever of them the question asks for."""
    every = question.without_bucket()
    counted = rows_of(session.connection(), (_buckets(every.form), every.values))[0]
    return dict(zip(Bucket, counted, strict=True))


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


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    return dict(rows_of(session.connection(), (_regions_named(), {"codes": list(codes)})))


@cache
def _regions_named() -> Select[str, str]:
    return select(Region.code, Region.name).where(among(Region.code, "codes"))
