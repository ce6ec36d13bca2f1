"""Messages of the nightly jobs: raised once by their key, resolved when the cause is gone, read in scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from tracker.domain.masking import mask_name
from tracker.domain.roles import OVERSIGHT, Role
from tracker.domain.terms import Disease
from tracker.models import Alert, AlertKind, Base, Contract, Episode, Level, Region, Resident, Team
from tracker.models.base import Json
from tracker.services.workforce.region import LENGTHS
from tracker.services.workforce.scope import Scope, in_places

RISING = (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD, Role.TOWNSHIP_ADMIN, Role.COMMISSION)
"""Who is told, one after the other; each reads what those before were told as well."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One message with the names that stand behind its keys."""

    id: UUID
    kind: AlertKind
    code: str
    role: Role
    region_code: str
    region: str | None
    team: str | None
    resident_id: UUID | None
    name: str | None
    subject_id: UUID | None
    disease: Disease | None
    due: date | None
    params: Json
    raised_on: date


def insert_new(session: Session, table: type[Base]) -> Any:
    """An INSERT of the session's database that can say ON CONFLICT."""
    return insert_into(session.get_bind().dialect.name, table)


def insert_into(dialect: str, table: type[Base]) -> Any:
    """The same for a statement that is built once; it is run by the session's connection."""
    own: Any = table.__table__
    return sqlite.insert(own) if dialect == "sqlite" else postgresql.insert(own)


def raise_each(session: Session, rows: Sequence[Json]) -> int:
    """Add the alerts whose key is not there yet; the number added."""
    if not rows:
        return 0
    values = [{"id": uuid4(), "params": {}, **row} for row in rows]
    added: Any = session.execute(_once(insert_new(session, Alert).values(values)))
    return int(added.rowcount)


def raising(
    dialect: str, source: Select[Any], kind: AlertKind, code: str, on: ColumnElement[Any],
    at: ColumnElement[Any],
) -> Any:  # fmt: skip
    """The statement that adds an alert for each row of `source` whose key is not there yet.

    The source has key, role, region_code, team_id, resident_id, subject_id and params.
    """
    rows = source.subquery()
    given = ("key", "role", "region_code", "team_id", "resident_id", "subject_id", "params")
    filled = select(
        _new_id(dialect),
        literal(kind, Alert.kind.type),
        literal(code),
        on,
        at,
        *(rows.c[name] for name in given),
    ).where(rows.c.key.is_not(None))  # SQLite needs a WHERE to tell ON CONFLICT from a join
    columns = ["id", "kind", "code", "raised_on", "raised_at", *given]
    return _once(insert_into(dialect, Alert).from_select(columns, filled))


def _once(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["key"]).execution_options(preserve_rowcount=True)


def _new_id(dialect: str) -> ColumnElement[Any]:
    if dialect == "sqlite":
        return func.lower(func.hex(func.randomblob(16)))
    return func.gen_random_uuid()


def listing(
    session: Session,
    scope: Scope,
    *,
    kind: AlertKind | None = None,
    mine: bool = False,
    once: bool = False,
    limit: int,
    offset: int = 0,
) -> tuple[list[AlertRow], int]:
    """Unresolved messages of the scope, newest first, and how many.

    `mine`: those to the own role only. `once`: of one matter only what the highest of the roles was told.
    """
    criteria = [Alert.resolved_at.is_(None), _readable(scope, mine=mine)]
    if once:
        criteria.append(~_told_higher(scope))
    if kind is not None:
        criteria.append(Alert.kind == kind)
    total = session.scalar(select(func.count()).select_from(Alert).where(*criteria)) or 0
    found = session.execute(
        select(Alert, Resident.name, Region.name.label("region"), Team.name.label("team"),
               Episode.disease, Episode.due_on, Contract.end_on)
        .outerjoin(Resident, Resident.id == Alert.resident_id)
        .outerjoin(Region, Region.code == Alert.region_code)
        .outerjoin(Team, Team.id == Alert.team_id)
        .outerjoin(Episode, Episode.task_id == Alert.subject_id)
        .outerjoin(Contract, Contract.id == Alert.subject_id)
        .where(*criteria)
        .order_by(Alert.raised_on.desc(), Alert.region_code, Alert.key)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [_row(scope, row) for row in found], total


def reads_others(scope: Scope) -> bool:
    """Whether the role reads messages to those before it."""
    return scope.role not in RISING[:1]


def _roles(scope: Scope) -> tuple[Role, ...]:
    """Whose messages a role reads, its own last."""
    role = Role.COMMISSION if scope.role is Role.AUDITOR else scope.role
    return RISING[: RISING.index(role) + 1] if role in RISING else ()


def _told_higher(scope: Scope) -> ColumnElement[bool]:
    """The criterion that somebody higher, whose messages are read too, was told of the same matter."""
    higher, roles = aliased(Alert), _roles(scope)
    above = [and_(Alert.role == low, higher.role.in_(roles[n:])) for n, low in enumerate(roles[:-1], 1)]
    same = and_(
        higher.resident_id == Alert.resident_id,
        higher.subject_id == Alert.subject_id,
        higher.kind == Alert.kind,
        higher.resolved_at.is_(None),
    )
    return select(higher.id).where(same, or_(false(), *above)).exists()


def _readable(scope: Scope, *, mine: bool) -> ColumnElement[bool]:
    roles = _roles(scope)
    places = in_places(scope, Alert.region_code)
    if scope.teams:
        places = or_(places, Alert.team_id.in_(scope.teams))
    told: ColumnElement[bool] = Alert.role.in_(roles[-1:] if mine else roles)
    if mine and scope.role in OVERSIGHT:
        told = or_(told, _of_a_township())
    return places & told


def _of_a_township() -> ColumnElement[bool]:
    """Targets that a township is behind: told to it, and to who set them."""
    return and_(Alert.kind == AlertKind.TARGET, func.length(Alert.region_code) <= LENGTHS[Level.TOWNSHIP])


def _row(scope: Scope, row: Any) -> AlertRow:
    alert: Alert = row.Alert
    name: str | None = row.name
    return AlertRow(
        id=alert.id,
        kind=alert.kind,
        code=alert.code,
        role=alert.role,
        region_code=alert.region_code,
        region=row.region,
        team=row.team,
        resident_id=alert.resident_id,
        name=name if name is None or scope.sees_full else mask_name(name),
        subject_id=alert.subject_id,
        disease=row.disease,
        due=row.due_on or row.end_on,
        params=alert.params,
        raised_on=alert.raised_on,
    )
