"""One person's record as the page shows it: history, tries to reach, check-ups, what waits for approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import age
from tracker.domain.facts import pressure
from tracker.domain.policy import load
from tracker.domain.terms import Disease
from tracker.models import (
    Checkup,
    Condition,
    ContactAttempt,
    Judgement,
    Resident,
    ResidentPhone,
    Staff,
    StatusEvent,
    Visit,
)
from tracker.models.among import among
from tracker.services.resident.view import Period, periods_on

VISITS_SHOWN = 24
LOG_SHOWN = 12


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit of the history with what the rules made of it for each disease."""

    visit: Visit
    doctor: str
    judgements: list[Judgement]
    drugs_changed: bool

    @property
    def pressure(self) -> tuple[int | float | None, int | float | None]:
        """What was judged, with its half where the mean has one."""
        return pressure(self.visit.body)


@dataclass(frozen=True, slots=True)
class Point:
    """A visit in a chart."""

    on: date
    sbp: int | float | None
    dbp: int | float | None
    fpg: float | None
    drugs_changed: bool


@dataclass(frozen=True, slots=True)
class Record:
    phones: Sequence[ResidentPhone]
    conditions: Sequence[Condition]
    period: Period | None
    waiting: Sequence[StatusEvent]
    visits: Sequence[VisitLine]
    attempts: Sequence[ContactAttempt]
    checkups: Sequence[Checkup]
    sbp_limit: int
    dbp_limit: int
    fpg_limit: float

    def points(self, disease: str) -> list[Point]:
        """The visits that asked about a disease, oldest first."""
        return [
            Point(v.visit.visit_date, *v.pressure, v.visit.fpg, v.drugs_changed)
            for v in reversed(self.visits)
            if v.visit.voided_at is None and v.visit.body.get(disease) is not None
        ]


def record(session: Session, resident: Resident, on: date) -> Record:
    """What is known of a person on a day, the newest first."""
    own, limits = resident.id, load()
    asked = {"resident": own}
    older = age(resident.birth_date, on) >= limits.threshold("elderly_from")
    return Record(
        phones=session.scalars(_phones(), asked).all(),
        conditions=session.scalars(_conditions(), asked).all(),
        period=periods_on(session, [own], on).get(own),
        waiting=session.scalars(_waiting(), asked).all(),
        visits=_history(session, own),
        attempts=session.scalars(_attempts(), asked).all(),
        checkups=session.scalars(_checkups(), asked).all(),
        sbp_limit=int(limits.threshold("sbp_limit_elderly" if older else "sbp_limit")),
        dbp_limit=int(limits.threshold("dbp_limit")),
        fpg_limit=limits.threshold("fpg_limit"),
    )


OWN: BindParameter[Any] = bindparam("resident")


@cache
def _phones() -> Select[ResidentPhone]:
    return select(ResidentPhone).where(ResidentPhone.resident_id == OWN).order_by(ResidentPhone.position)


@cache
def _conditions() -> Select[Condition]:
    return select(Condition).where(Condition.resident_id == OWN).order_by(Condition.disease.desc())


@cache
def _waiting() -> Select[StatusEvent]:
    event = StatusEvent
    waits = event.resident_id == OWN, event.approved_at.is_(None), event.withdrawn_at.is_(None)
    return select(event).where(*waits).order_by(event.on)


@cache
def _attempts() -> Select[ContactAttempt]:
    attempt = ContactAttempt
    newest = select(attempt).where(attempt.resident_id == OWN).order_by(attempt.attempted_at.desc())
    return newest.limit(LOG_SHOWN)


@cache
def _checkups() -> Select[Checkup]:
    newest = select(Checkup).where(Checkup.resident_id == OWN).order_by(Checkup.checked_on.desc())
    return newest.limit(LOG_SHOWN)


@cache
def _visits() -> Select[Visit, str]:
    return (
        select(Visit, Staff.name)
        .outerjoin(Staff, Staff.id == Visit.visited_by)
        .where(Visit.resident_id == OWN)
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
        .limit(VISITS_SHOWN)
    )


@cache
def _judgements() -> Select[Judgement]:
    meant = among(Judgement.visit_id, "visits"), Judgement.policy_id == load().id
    return select(Judgement).where(*meant).order_by(Judgement.disease.desc())


def _history(session: Session, resident_id: UUID) -> list[VisitLine]:
    rows = session.execute(_visits(), {"resident": resident_id}).all()
    judged: dict[UUID, list[Judgement]] = defaultdict(list)
    for found in session.scalars(_judgements(), {"visits": [visit.id for visit, _ in rows]}):
        judged[found.visit_id].append(found)
    return [VisitLine(visit, name or "", judged[visit.id], _changed(visit)) for visit, name in rows]


def _changed(visit: Visit) -> bool:
    return any((visit.body.get(disease.value) or {}).get("drug_changes") for disease in Disease)
