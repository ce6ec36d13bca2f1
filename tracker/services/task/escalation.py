"""The statements of the nightly scan, each built once: what is overdue and since when, who is told of it.

A task's level is the highest step that it has reached: 1, 7, 30 or 90 days. Its episode keeps the level of
which people have been told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)  # fmt: skip

from tracker.domain.roles import Role
from tracker.models import (
    Alert,
    AlertKind,
    Contract,
    Episode,
    Level,
    Region,
    StatusEvent,
    StatusPeriod,
    Task,
    TeamVillage,
)
from tracker.services import alert
from tracker.services.task.task import absent_on, apart, open_on, overdue, reported_dead
from tracker.services.workforce.responsibility import valid
from tracker.services.workforce.scope import in_force

STEPS = (1, 7, 30, 90)
TOLD: dict[Role, tuple[int, ...]] = {
    Role.VILLAGE_DOCTOR: (1, 7),
    Role.TEAM_LEAD: (7, 30),
    Role.TOWNSHIP_ADMIN: (30,),
}
MONTHLY = 90
TOWNSHIP = 9
"""Digits of a township's code."""
EPISODE: Any = Episode.__table__
DAY = bindparam("asked_day", type_=Date)
AT = bindparam("asked_at", type_=Alert.raised_at.type)


@dataclass(frozen=True, slots=True)
class Form:
    """What decides how the statements read: the database, and whether the day asked for is over."""

    dialect: str
    past: bool


def asked(day: date, at: datetime) -> Mapping[str, Any]:
    """The values that every statement of a scan is run with."""
    since = {f"asked_since_{step}": day - timedelta(days=step) for step in STEPS}
    return {"asked_day": day, "asked_at": at, "asked_month": f"{day:%Y-%m}", **since}


def monthly_key(township: str, day: date) -> str:
    return f"overdue:{MONTHLY}:{township}:{day:%Y-%m}"


def _since(step: int) -> ColumnElement[bool]:
    return Task.due_on <= bindparam(f"asked_since_{step}", type_=Date)


def _reached() -> ColumnElement[int]:
    """The highest step that a task has reached."""
    return case(*((_since(step), step) for step in reversed(STEPS)), else_=0)


def found(form: Form) -> ColumnElement[bool]:
    return and_(open_on(DAY, past=form.past), overdue(DAY))


def absent() -> ColumnElement[bool]:
    """As `task.apart`, for the whole county: the few who are away are read once, not asked for each task."""
    persons = select(StatusPeriod.resident_id).where(StatusPeriod.condition_id.is_(None), absent_on(DAY))
    registers = select(StatusPeriod.condition_id).where(
        StatusPeriod.condition_id.is_not(None), absent_on(DAY)
    )
    dead = select(StatusEvent.resident_id).where(reported_dead(DAY))
    return or_(Task.resident_id.in_(persons), Task.condition_id.in_(registers), Task.resident_id.in_(dead))


def rising() -> ColumnElement[bool]:
    """A step was reached of which nobody was told yet, and the person can be reached."""
    return and_(func.coalesce(Episode.level, 0) < _reached(), not_(absent()))


def _climbing() -> ColumnElement[bool]:
    """The same of what was recorded before: most is settled by the level alone, few are looked up."""
    following = dict(zip((0, *STEPS[:-1]), STEPS, strict=True))
    due = case(
        {level: bindparam(f"asked_since_{step}", type_=Date) for level, step in following.items()},
        value=Episode.level,
    )
    return and_(Task.due_on <= due, not_(apart(DAY)))


@cache
def look(form: Form) -> Select[*tuple[Any, ...]]:
    """What there is and what is to be done: everything else of a scan runs only where this says so.

    `kept`: episodes not done with, whatever became of their tasks.
    """
    kept = select(func.count()).select_from(Episode).where(Episode.resolved_at.is_(None)).scalar_subquery()
    return (
        select(
            func.count().label("found"),
            func.count(Episode.task_id).label("recorded"),
            func.count(Episode.resolved_at).label("resolved"),
            func.count(case((_climbing(), 1))).label("climbing"),
            kept.label("kept"),
        )
        .select_from(Task)
        .outerjoin(Episode, Episode.task_id == Task.id)
        .where(found(form))
    )


@cache
def record(form: Form) -> Any:
    """An episode for each task that is found for the first time, with the level it has reached."""
    source = (
        select(
            Task.id, Task.resident_id, Task.village_code, Task.disease, Task.due_on, DAY, AT,
            case((absent(), 0), else_=_reached()),
        )
        .outerjoin(Episode, Episode.task_id == Task.id)
        .where(found(form), Episode.task_id.is_(None))
        .order_by(Task.id)  # all are found first: a plan must not look through the table that it fills
    )  # fmt: skip
    columns = [
        "task_id", "resident_id", "village_code", "disease", "due_on", "found_on", "found_at", "level",
    ]  # fmt: skip
    statement = alert.insert_into(form.dialect, Episode).from_select(columns, source)
    return statement.on_conflict_do_nothing(index_elements=["task_id"]).execution_options(
        preserve_rowcount=True
    )


@cache
def tell(form: Form) -> Any:
    """The messages to those who reach a step of their role; one that reaches two at once gets the higher."""
    late = (
        select(
            Task.id.label("task_id"),
            Task.village_code,
            Task.resident_id,
            func.coalesce(Episode.level, 0).label("level"),
            _reached().label("reached"),
        )
        .outerjoin(Episode, Episode.task_id == Task.id)
        .where(found(form), rising())
        .order_by(Task.resident_id)  # so do contracts and messages lie in their indexes
        .cte("climbing")
        .prefix_with("MATERIALIZED")
    )
    late = select(late, _team(late).label("team_id")).cte("late").prefix_with("MATERIALIZED")
    readers = union_all(*(_reader(role, steps) for role, steps in TOLD.items())).subquery("reader")
    step = case(
        (late.c.reached >= readers.c.high, readers.c.high),
        (late.c.reached >= readers.c.low, readers.c.low),
        else_=0,
    )
    told: Select[Any] = select(
        (
            literal("overdue:") + cast(step, String(4)) + ":" + readers.c.role + ":"
            + cast(late.c.task_id, String(36))
        ).label("key"),
        readers.c.role,
        late.c.village_code.label("region_code"),
        late.c.team_id,
        late.c.resident_id,
        late.c.task_id.label("subject_id"),
        case(*((step == days, literal({"days": days}, JSON)) for days in STEPS)).label("params"),
    ).join(readers, step > late.c.level)  # fmt: skip
    return alert.raising(form.dialect, told, AlertKind.OVERDUE, "overdue", DAY, AT)


def _reader(role: Role, steps: tuple[int, ...]) -> Select[str, int, int]:
    return select(
        cast(literal(str(role)), String(24)).label("role"),
        cast(literal(steps[0]), Integer).label("low"),
        cast(literal(steps[-1]), Integer).label("high"),
    )


def _team(task: Any) -> ColumnElement[Any]:
    """The team of the contract in force, else the village's of longest standing."""
    signed = (
        select(Contract.team_id)
        .where(Contract.resident_id == task.c.resident_id, in_force(DAY))
        .limit(1)
        .scalar_subquery()
    )
    covering = (
        select(TeamVillage.team_id)
        .where(TeamVillage.village_code == task.c.village_code, valid(TeamVillage, DAY))
        .order_by(TeamVillage.from_on, TeamVillage.team_id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(signed, covering, type_=Alert.team_id.type)


@cache
def climb(form: Form) -> Any:
    """The level of which people have now been told. What was done with and is overdue again counts again."""
    return (
        update(EPISODE)
        .where(Episode.task_id == Task.id, found(form), rising())
        .values(level=_reached(), resolved_at=None)
    )


@cache
def untold() -> Select[str]:
    """Townships of which the commission was not told this month."""
    key = literal(f"overdue:{MONTHLY}:") + Region.code + ":" + bindparam("asked_month", type_=String)
    told = select(Alert.id).where(Alert.key == key).exists()
    return select(Region.code).where(Region.level == Level.TOWNSHIP, not_(told))


@cache
def monthly(form: Form) -> Select[str, int]:
    """Pressing tasks over 90 days by township."""
    township = func.substr(Task.village_code, 1, TOWNSHIP).label("township")
    return (
        select(township, func.count())
        .where(found(form), _since(MONTHLY), not_(absent()))
        .group_by("township")
    )
