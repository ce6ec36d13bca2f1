"""The nightly scan: each overdue task is recorded once, and the longer it lasts the more people are told.

The doctor after 1 day, the team's lead after 7, the township after 30; the commission gets one line a month
per township with tasks over 90 days. Who is away, in hospital or reported dead is recorded but not pressed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Alert, AlertKind, Contract, Episode, Task, TeamVillage
from tracker.models.base import Json
from tracker.services import alert
from tracker.services.responsibility import valid
from tracker.services.scope import in_force
from tracker.services.task import apart, found_on, open_on, overdue

STEPS = (1, 7, 30, 90)
TOLD: dict[Role, tuple[int, ...]] = {
    Role.VILLAGE_DOCTOR: (1, 7),
    Role.TEAM_LEAD: (7, 30),
    Role.TOWNSHIP_ADMIN: (30,),
}
MONTHLY = 90
TOWNSHIP = 9
"""Digits of a township's code."""
JOB = "overdue-scan"


def scan(session: Session, day: date, at: datetime) -> Json:
    """Record, escalate and tell; a second run for the same day writes nothing."""
    today = at.astimezone(clock.zone()).date()
    new = _record(session, day, today, at)
    for role, steps in TOLD.items():
        for step in steps:
            _tell(session, role, step, day, today, at)
    _tell_commission(session, day, today, at)
    for step in STEPS:
        _reach(session, step, day, today)
    _resolve(session, at)
    return {"job": JOB, "as_of": day.isoformat(), "found": found_on(session, day, today), "new": new}


def _record(session: Session, day: date, today: date, at: datetime) -> int:
    source = select(
        Task.id,
        Task.resident_id,
        Task.village_code,
        Task.disease,
        Task.due_on,
        literal(day),
        literal(at, Episode.found_at.type),
        literal(0),
    ).where(open_on(day, past=day < today), overdue(day))
    columns = [
        "task_id", "resident_id", "village_code", "disease", "due_on", "found_on", "found_at", "level",
    ]  # fmt: skip
    statement = alert.insert_new(session, Episode).from_select(columns, source)
    added = statement.on_conflict_do_nothing(index_elements=["task_id"]).returning(Episode.task_id)
    return len(session.execute(added).all())


def _pressing(step: int, day: date, today: date) -> ColumnElement[bool]:
    """Overdue by so many days or more, of somebody who can be reached."""
    return and_(open_on(day, past=day < today), Task.due_on <= day - timedelta(days=step), ~apart(day))


def _tell(session: Session, role: Role, step: int, day: date, today: date, at: datetime) -> None:
    """Raise the alerts of those who reach a step of a role; one that reaches two at once gets the higher."""
    source = (
        select(
            (literal(f"overdue:{step}:{role}:") + cast(Task.id, String(36))).label("key"),
            Task.village_code.label("region_code"),
            _team(day).label("team_id"),
            Task.resident_id.label("resident_id"),
            Task.id.label("subject_id"),
        )
        .join(Episode, Episode.task_id == Task.id)
        .where(Episode.level < step, _pressing(step, day, today))
    )
    higher = [other for other in TOLD[role] if other > step]
    if higher:
        source = source.where(Task.due_on > day - timedelta(days=higher[0]))
    alert.raise_from(
        session,
        source,
        kind=AlertKind.OVERDUE,
        role=role,
        code="overdue",
        params={"days": step},
        on=day,
        at=at,
    )


def _team(day: date) -> ColumnElement[Any]:
    """The team of the contract in force, else the village's of longest standing."""
    signed = (
        select(Contract.team_id)
        .where(Contract.resident_id == Task.resident_id, in_force(day))
        .limit(1)
        .scalar_subquery()
    )
    covering = (
        select(TeamVillage.team_id)
        .where(TeamVillage.village_code == Task.village_code, valid(TeamVillage, day))
        .order_by(TeamVillage.from_on, TeamVillage.team_id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(signed, covering, type_=Alert.team_id.type)


def _tell_commission(session: Session, day: date, today: date, at: datetime) -> None:
    township = func.substr(Task.village_code, 1, TOWNSHIP)
    found = session.execute(
        select(township, func.count())
        .select_from(Task)
        .where(_pressing(MONTHLY, day, today))
        .group_by(township)
    )
    rows = [
        {
            "kind": AlertKind.OVERDUE,
            "key": f"overdue:{MONTHLY}:{code}:{day:%Y-%m}",
            "role": Role.COMMISSION,
            "region_code": code,
            "code": "overdue_summary",
            "params": {"days": MONTHLY, "count": number},
            "raised_on": day,
            "raised_at": at,
        }
        for code, number in found
    ]
    alert.raise_each(session, rows)


def _reach(session: Session, step: int, day: date, today: date) -> None:
    pressing: Select[Any] = select(Task.id).where(_pressing(step, day, today))
    session.execute(
        update(Episode)
        .where(Episode.level < step, Episode.task_id.in_(pressing))
        .values(level=step)
        .execution_options(synchronize_session=False)
    )


def _resolve(session: Session, at: datetime) -> None:
    """Done with: the task has ended, the same reader got a later alert of it, or the month is over."""
    later = aliased(Alert)
    superseded = (
        select(later.id)
        .where(
            later.resident_id == Alert.resident_id,
            later.subject_id == Alert.subject_id,
            later.role == Alert.role,
            later.raised_on > Alert.raised_on,
        )
        .exists()
    )
    newer_month = (
        select(later.id)
        .where(
            later.role == Role.COMMISSION,
            later.code == "overdue_summary",
            later.region_code == Alert.region_code,
            later.raised_on > Alert.raised_on,
        )
        .exists()
    )
    still_open = select(Task.id).where(Task.id == Alert.subject_id, Task.ended_on.is_(None)).exists()
    session.execute(
        update(Alert)
        .where(
            Alert.kind == AlertKind.OVERDUE,
            Alert.resolved_at.is_(None),
            or_(
                and_(Alert.subject_id.is_not(None), or_(~still_open, superseded)),
                and_(Alert.subject_id.is_(None), newer_month),
            ),
        )
        .values(resolved_at=at)
        .execution_options(synchronize_session=False)
    )
