"""One person's record as the page shows it: history, tries to reach, check-ups, what waits for approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
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
    StatusPeriod,
    Visit,
)
from tracker.services.resident_view import periods_on

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
    period: StatusPeriod | None
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
    own = resident.id
    limits = load()
    older = age(resident.birth_date, on) >= limits.threshold("elderly_from")
    return Record(
        phones=session.scalars(
            select(ResidentPhone).where(ResidentPhone.resident_id == own).order_by(ResidentPhone.position)
        ).all(),
        conditions=session.scalars(
            select(Condition).where(Condition.resident_id == own).order_by(Condition.disease.desc())
        ).all(),
        period=periods_on(session, [own], on).get(own),
        waiting=_waiting(session, own),
        visits=_visits(session, own),
        attempts=session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.resident_id == own)
            .order_by(ContactAttempt.attempted_at.desc())
            .limit(LOG_SHOWN)
        ).all(),
        checkups=session.scalars(
            select(Checkup)
            .where(Checkup.resident_id == own)
            .order_by(Checkup.checked_on.desc())
            .limit(LOG_SHOWN)
        ).all(),
        sbp_limit=int(limits.threshold("sbp_limit_elderly" if older else "sbp_limit")),
        dbp_limit=int(limits.threshold("dbp_limit")),
        fpg_limit=limits.threshold("fpg_limit"),
    )


def _waiting(session: Session, resident_id: UUID) -> Sequence[StatusEvent]:
    return session.scalars(
        select(StatusEvent)
        .where(
            StatusEvent.resident_id == resident_id,
            StatusEvent.approved_at.is_(None),
            StatusEvent.withdrawn_at.is_(None),
        )
        .order_by(StatusEvent.on)
    ).all()


def _visits(session: Session, resident_id: UUID) -> list[VisitLine]:
    rows = session.execute(
        select(Visit, Staff.name)
        .outerjoin(Staff, Staff.id == Visit.visited_by)
        .where(Visit.resident_id == resident_id)
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
        .limit(VISITS_SHOWN)
    ).all()
    judged = _judged(session, [visit.id for visit, _ in rows])
    return [VisitLine(visit, name or "", judged[visit.id], _changed(visit)) for visit, name in rows]


def _judged(session: Session, visits: list[UUID]) -> dict[UUID, list[Judgement]]:
    found: dict[UUID, list[Judgement]] = defaultdict(list)
    rows = session.scalars(
        select(Judgement)
        .where(Judgement.visit_id.in_(visits), Judgement.policy_id == load().id)
        .order_by(Judgement.disease.desc())
    )
    for row in rows:
        found[row.visit_id].append(row)
    return found


def _changed(visit: Visit) -> bool:
    return any((visit.body.get(disease.value) or {}).get("drug_changes") for disease in Disease)
