"""A list of tasks added up by village, doctor and disease, or by days overdue, under its own criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease
from tracker.models import Region, Responsibility, Staff, Task
from tracker.services import responsibility
from tracker.services.responsibility import Named
from tracker.services.task import Bucket, in_bucket


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


def board(session: Session, day: date, criteria: Sequence[ColumnElement[bool]]) -> Board:
    """Add the list up; the largest parts first, diseases in their own order."""
    named = and_(Responsibility.resident_id == Task.resident_id, responsibility.valid(Responsibility, day))
    rows = session.execute(
        select(Task.village_code, Task.disease, Responsibility.staff_id, func.count())
        .select_from(Task)
        .outerjoin(Responsibility, named)
        .where(*criteria)
        .group_by(Task.village_code, Task.disease, Responsibility.staff_id)
    ).all()
    codes = {code for code, *_rest in rows}
    answering = responsibility.directory(session, day, codes)
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


def buckets(session: Session, day: date, criteria: Sequence[ColumnElement[bool]]) -> dict[Bucket, int]:
    """The list added up by days overdue; give the criteria without that filter."""
    sums = [func.count().filter(in_bucket(bucket, day)) for bucket in Bucket]
    row = session.execute(select(*sums).select_from(Task).where(*criteria)).one()
    return dict(zip(Bucket, row, strict=True))


def _staff(session: Session, keys: set[UUID]) -> dict[UUID, Named]:
    found = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(keys)))
    return {key: Named(key, name) for key, name in found}


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    found = session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)))
    return {code: name for code, name in found}  # noqa: C416 - rows are no pairs to the type checker
