"""随访及时率: tasks due in the period that were closed in time. Open and late ones both fail."""

from __future__ import annotations

from sqlalchemy import String, and_, cast, func, not_, or_, select

from tracker.domain.calendar import add_years
from tracker.domain.indicator import ADULT_FROM, Period
from tracker.domain.terms import TaskKind
from tracker.models import Residence, Resident, Task
from tracker.services.indicator.area import EVERYWHERE, Area
from tracker.services.indicator.case import Cases, flag, lives_here


def cases(period: Period, area: Area = EVERYWHERE) -> Cases:
    """One case for each task; those cancelled by their due date are out."""
    closed = and_(Task.closed_on.is_not(None), Task.closed_on <= period.known)
    cancelled = and_(
        Task.cancelled_on.is_not(None), Task.cancelled_on <= period.known, Task.cancelled_on <= Task.due_on
    )
    in_time = and_(closed, Task.closed_on <= Task.due_on)
    return (
        select(
            Task.resident_id,
            func.coalesce(Residence.village_code, Task.village_code).label("village"),
            cast(Task.disease, String).label("grp"),
            flag(and_(in_time, Task.timely.is_(True))).label("hit"),
            flag(Resident.birth_date <= add_years(period.end, -ADULT_FROM)).label("adult"),
            cast(Task.kind, String).label("kind"),
            Task.due_on.label("day"),
            flag(closed).label("closed"),
            flag(in_time).label("in_time"),
        )
        .select_from(Task)
        .join(Resident, Resident.id == Task.resident_id)
        .outerjoin(Residence, lives_here(Task.resident_id, period.end))
        .where(
            area.rows(Task.village_code, Task.resident_id),
            Task.due_on.between(period.start, period.end),
            Task.opened_on <= period.seen,
            Task.counts.is_(True),
            Task.kind != TaskKind.RECONTACT,
            or_(Task.cancelled_on.is_(None), not_(cancelled)),
        )
    )
