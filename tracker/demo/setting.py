"""What stands before the first person does: the plan, regions, packages, staff, population and targets.

Rows that are there already stay as they are, so that a broken run goes on and a real region tree is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.demo import figures
from tracker.demo.batch import ROWS_AT_MOST, Row
from tracker.demo.contract import PACKAGES
from tracker.demo.crew import Crew, ordered
from tracker.demo.person import SOURCE
from tracker.demo.places import Plan, Unusable, Village
from tracker.models import Audit, Package, Population, Resident, Staff, Target, Team
from tracker.models.base import Base
from tracker.services import audit
from tracker.services.audit import SYSTEM
from tracker.services.store.bulk import row_of
from tracker.services.workforce import region

Sessions = Callable[[], Session]
Thing = TypeVar("Thing")
STARTED, FINISHED = "start demo", "finish demo"
NAMES = {"KEY_HTN": "高血压患者包", "KEY_T2D": "2型糖尿病患者包", "KEY_ELD": "老年人包"}
KEYS: dict[type[Base], tuple[str, ...]] = {
    Population: ("region_code", "year"),
    Target: ("region_code", "year", "indicator", "group_code"),
}
"""What tells that a row is there already, where it is not the id."""


def start(sessions: Sessions, plan: Plan) -> Plan:
    """Write down what was asked for; the plan of the first run where this one continues it.

    Unusable where the database holds real people or another demo.
    """
    with sessions() as session:
        database.begin_write(session)
        if session.scalar(select(Resident.id).where(Resident.source != SOURCE).limit(1)) is not None:
            raise Unusable("库里有不是演示数据的居民，不能再装演示数据")
        earlier = _noted(session, STARTED)
        if earlier is None:
            wanted = {**_asked(plan), "today": plan.today.isoformat()}
            audit.record(session, SYSTEM, midnight(plan.today), STARTED, "demo", "demo", details=wanted)
            session.commit()
            return plan
        if {name: earlier.details.get(name) for name in _asked(plan)} != _asked(plan):
            raise Unusable("库里已有另一份演示数据；请换一个空库，或用同样的参数")
        return Plan(plan.county, plan.residents, plan.seed, date.fromisoformat(earlier.details["today"]))


def finished(session: Session) -> bool:
    return _noted(session, FINISHED) is not None


def finish(session: Session, plan: Plan) -> None:
    audit.record(session, SYSTEM, midnight(plan.today), FINISHED, "demo", "demo", details=_asked(plan))


def midnight(today: date) -> datetime:
    """The moment at which the made-up county was entered: nothing in it is later."""
    return datetime.combine(today, time(), clock.zone())


def furnish(sessions: Sessions, plan: Plan, file: Path, crew: Crew, villages: list[Village]) -> None:
    """Store everything that people will point at, as far as it is missing."""
    _refuse_taken(sessions, crew)
    with sessions() as session:
        database.begin_write(session)
        region.import_csv(session, region.decode(file.read_bytes()))
        session.commit()
    for model, things in ordered(crew.rows):
        _store(sessions, model, [row_of(type(thing), thing.__dict__) for thing in things])
    numbers = list(figures.figures(plan, villages))
    for model in (Population, Target):
        _store(
            sessions,
            model,
            [row_of(model, thing.__dict__) for thing in numbers if type(thing) is model],
        )


def packages(sessions: Sessions, plan: Plan) -> dict[str, UUID]:
    """The newest version of each package by its code; those for key groups are added."""
    with sessions() as session:
        database.begin_write(session)
        known = set(session.scalars(select(Package.code)))
        session.add_all(
            Package(id=plan.id("package", code), code=code, version=1, name=NAMES[code], items=[])
            for code in PACKAGES.values()
            if code not in known
        )
        session.commit()
        newest = session.execute(select(Package.code, Package.id).order_by(Package.version))
        return dict(newest.all())


def _noted(session: Session, action: str) -> Audit | None:
    return session.scalars(
        select(Audit).where(Audit.object_id == "demo", Audit.action == action).order_by(Audit.seq.desc())
    ).first()


def _asked(plan: Plan) -> dict[str, Any]:
    return {"county": plan.county, "residents": plan.residents, "seed": plan.seed}


def _refuse_taken(sessions: Sessions, crew: Crew) -> None:
    """The demo's sign-ins and teams must not be somebody else's."""
    own = {staff.id for staff in crew.staff}
    teams = [row for row in crew.rows if isinstance(row, Team)]
    with sessions() as session:
        usernames = [staff.username for staff in crew.staff]
        for part in _chunks(usernames, 500):
            found = session.execute(select(Staff.id, Staff.username).where(Staff.username.in_(part)))
            taken = [username for staff_id, username in found if staff_id not in own]
            if taken:
                raise Unusable(f"用户名 {taken[0]} 已有人用，不能装演示数据")
        named = session.execute(select(Team.id, Team.name).where(Team.name.in_([t.name for t in teams])))
        for team_id, name in named:
            if team_id not in {team.id for team in teams}:
                raise Unusable(f"已有团队“{name}”，不能装演示数据")


def _store(sessions: Sessions, model: type[Base], rows: Sequence[Row]) -> None:
    key = KEYS.get(model, ("id",))
    columns = [model.__table__.c[name] for name in key]
    for part in _chunks(rows, ROWS_AT_MOST // 4):
        with sessions() as session:
            database.begin_write(session)
            wanted = [tuple(row[name] for name in key) for row in part]
            found = session.execute(select(*columns).where(tuple_(*columns).in_(wanted)))
            known = {tuple(row) for row in found}
            new = [row for row, name in zip(part, wanted, strict=True) if name not in known]
            if new:
                session.connection().execute(insert(model.__table__), new)  # type: ignore[arg-type]
            session.commit()


def _chunks(things: Iterable[Thing], size: int) -> Iterable[list[Thing]]:
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part
