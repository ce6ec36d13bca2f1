"""管理率, 规范管理率 and 控制率: over the places on a register that are held on the last day.

Who is lost stays in the denominator. Standard: a face-to-face visit with a reading in each quarter asked for,
and at the end of December a check-up of the year for who was managed all the year.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, not_, or_, select, true

from tracker.domain.calendar import add_years
from tracker.domain.indicator import (
    ADULT_FROM,
    VISITS_A_YEAR,
    Period,
    checkup_asked,
    enrolled_by,
    quarters,
)
from tracker.domain.policy import load
from tracker.domain.terms import Status
from tracker.models import Checkup, Condition, Judgement, Residence, Resident, StatusPeriod, Visit
from tracker.services.indicator.area import EVERYWHERE, Area
from tracker.services.indicator.case import Cases, flag, lives_here
from tracker.services.resident.group import on_register

CALENDAR_QUARTERS = 4
OFF_TARGET, ON_TARGET = 1, 2


def managed(period: Period, area: Area = EVERYWHERE) -> Cases:
    """All cases; each hits, for the estimated number of patients is the denominator."""
    return _base(period, area, literal(1))


def standard(period: Period, area: Area = EVERYWHERE) -> Cases:
    """Hits where the quarters asked for were met and the check-up is there; the rest tells what is not."""
    visits = _quarters(period, area).subquery()
    required = _required(period)
    met = func.coalesce(visits.c.counted, 0) >= required
    checked = _checked(period)
    return _base(
        period,
        area,
        flag(and_(met, checked)),
        flag(met).label("met"),
        flag(checked).label("checked"),
        flag(func.coalesce(visits.c.measured, 0) >= required).label("measured"),
        flag(func.coalesce(visits.c.seen, 0) >= required).label("seen"),
    ).outerjoin(visits, visits.c.condition_id == Condition.id)


def control(period: Period, area: Area = EVERYWHERE) -> Cases:
    """Hits where the latest counted visit is on target and the person is not lost."""
    latest, lost = _latest(period), _lost(period)
    return _base(
        period,
        area,
        flag(and_(latest == ON_TARGET, not_(lost))),
        flag(lost).label("lost"),
        flag(latest.is_not(None)).label("measured"),
    )


def _base(period: Period, area: Area, hit: Any, *more: Any) -> Any:
    day = period.seen
    return (
        select(
            Condition.resident_id,
            func.coalesce(Residence.village_code, Condition.village_code).label("village"),
            cast(Condition.disease, String).label("grp"),
            hit.label("hit"),
            flag(Resident.birth_date <= add_years(period.end, -ADULT_FROM)).label("adult"),
            *more,
        )
        .select_from(Condition)
        .join(Resident, Resident.id == Condition.resident_id)
        .outerjoin(Residence, lives_here(Condition.resident_id, day))
        .where(area.rows(Condition.village_code, Condition.resident_id), on_register(day))
    )


def _required(period: Period) -> Any:
    """One quarter, and one more for each 90 days of management from the second on, at most four."""
    asked: Any = literal(1)
    for visits in range(2, VISITS_A_YEAR + 1):
        by = enrolled_by(period, visits)
        if by is not None:
            asked = asked + flag(Condition.enrolled_on <= by)
    return asked


def _quarters(period: Period, area: Area) -> Any:
    """By register: quarters with a visit that counts, with a reading at all, with a meeting at all."""
    met = Judgement.face_to_face.is_(True)
    kinds = {
        "counted": Judgement.counted.is_(True),
        "measured": and_(met, Judgement.evaluated.is_(True)),
        "seen": met,
    }
    columns = [_distinct_quarters(period, criterion).label(name) for name, criterion in kinds.items()]
    return (
        select(Judgement.condition_id, *columns)
        .where(*_judged_in(period, area), met)
        .group_by(Judgement.condition_id)
    )


def _distinct_quarters(period: Period, criterion: Any) -> Any:
    found: Any = literal(0)
    for first, last in quarters(period):
        found = found + func.max(flag(and_(criterion, Judgement.visit_date.between(first, last))))
    return found


def _judged_in(period: Period, area: Area) -> tuple[Any, ...]:
    return (
        area.rows(Judgement.village_code, Judgement.resident_id),
        Judgement.policy_id == load().id,
        Judgement.visit_date.between(period.start, period.seen),
    )


def _checked(period: Period) -> Any:
    if not checkup_asked(period):
        return true()
    done = select(Checkup.id).where(
        Checkup.resident_id == Condition.resident_id,
        Checkup.checked_on.between(period.start, period.seen),
    )
    return or_(Condition.enrolled_on > period.start, done.exists())


def _latest(period: Period) -> Any:
    """What the latest counted judgement of a register says; nothing where there is none.

    For each register by itself: the index leads to its last day, and the visits of other days are not read.
    """
    return (
        select(case((Judgement.on_target.is_(True), ON_TARGET), else_=OFF_TARGET))
        .join(Visit, Visit.id == Judgement.visit_id)
        .where(
            Judgement.condition_id == Condition.id,
            Judgement.policy_id == load().id,
            Judgement.visit_date.between(period.start, period.seen),
            Judgement.counted.is_(True),
        )
        .order_by(Judgement.visit_date.desc(), Visit.recorded_at.desc(), Visit.id.desc())
        .limit(1)
        .correlate(Condition)
        .scalar_subquery()
    )


def _lost(period: Period) -> Any:
    return (
        select(StatusPeriod.id)
        .where(
            StatusPeriod.condition_id == Condition.id,
            StatusPeriod.status == Status.LOST,
            StatusPeriod.from_on <= period.seen,
            or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > period.seen),
        )
        .exists()
    )
