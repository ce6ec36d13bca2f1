"""What waits for a lead's word: reported deaths, losses and moves, and visits entered very late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.domain.terms import Status
from tracker.models import Approval, Resident, Staff, StatusEvent, Visit
from tracker.services.workforce.scope import Scope, visible

SHOWN = 100
Report = tuple[StatusEvent, Resident, str]
LateVisit = tuple[Visit, Resident, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, however many are shown: reports by what they tell, and late visits."""

    reports: Mapping[Status, int]
    visits: int

    @property
    def more(self) -> bool:
        return max(sum(self.reports.values()), self.visits) > SHOWN


def waiting(session: Session, own: Scope) -> Waiting:
    told = session.execute(
        select(StatusEvent.status, func.count()).where(*_undecided(own)).group_by(StatusEvent.status)
    )
    found = {row[0]: row[1] for row in told}
    visits = session.scalar(select(func.count()).select_from(Visit).where(*_uncounted(own)))
    return Waiting({status: found[status] for status in Status if status in found}, visits or 0)


def _undecided(own: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        visible(own, StatusEvent.village_code, StatusEvent.resident_id),
        StatusEvent.approved_at.is_(None),
        StatusEvent.withdrawn_at.is_(None),
    )


def _uncounted(own: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        visible(own, Visit.village_code, Visit.resident_id),
        Visit.approval == Approval.PENDING,
        Visit.voided_at.is_(None),
    )


def waiting_reports(session: Session, own: Scope) -> list[Report]:
    """Events of the scope that nobody has approved or refused, the oldest report first."""
    rows = session.execute(
        select(StatusEvent, Resident, func.coalesce(Staff.name, ""))
        .join(Resident, Resident.id == StatusEvent.resident_id)
        .outerjoin(Staff, Staff.id == StatusEvent.staff_id)
        .where(*_undecided(own))
        .order_by(StatusEvent.recorded_at, StatusEvent.id)
        .limit(SHOWN)
    )
    return [(event, resident, name) for event, resident, name in rows]


def waiting_visits(session: Session, own: Scope) -> list[LateVisit]:
    """Late entries of the scope that do not count yet, the oldest first."""
    rows = session.execute(
        select(Visit, Resident, func.coalesce(Staff.name, ""))
        .join(Resident, Resident.id == Visit.resident_id)
        .outerjoin(Staff, Staff.id == Visit.visited_by)
        .where(*_uncounted(own))
        .order_by(Visit.received_at, Visit.id)
        .limit(SHOWN)
    )
    return [(visit, resident, name) for visit, resident, name in rows]
