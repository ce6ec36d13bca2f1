"""Which people of a scope changed since a mark, and the mark of now.

On PostgreSQL a change bears the number of its transaction, and the mark of now is the oldest transaction that
still runs: whatever commits late is at or after it, and is told twice rather than never. The mark is to be
read before anything else.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
    union,
    update,
)  # fmt: skip
from sqlalchemy.orm import Session

from tracker.domain.calendar import add_years
from tracker.domain.person import CHILD_BELOW, ELDERLY_FROM
from tracker.models import (
    Contract,
    Resident,
    ResidentChange,
    ResidentGroup,
    Responsibility,
    StatusEvent,
    StatusPeriod,
    SyncState,
)  # fmt: skip
from tracker.services.sync.cursor import Mark
from tracker.services.workforce.scope import Form, Scope, in_places, visible

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """The database as it stands: changes below `below` may be seen already."""

    epoch: str
    staffing: int
    naming: int
    number: int
    below: int


def now(session: Session) -> Now:
    row = session.execute(_now(session.get_bind().dialect.name)).one()
    return Now(row.epoch, row.staffing, row.naming, row.number, row.below)


@cache
def _now(dialect: str) -> Any:
    if dialect == "sqlite":
        number = below = SyncState.number + 1
    else:
        snapshot = func.pg_current_snapshot()
        number = cast(cast(func.pg_snapshot_xmin(snapshot), Text), BigInteger)
        below = cast(cast(func.pg_snapshot_xmax(snapshot), Text), BigInteger)
    return select(
        SyncState.epoch, SyncState.staffing, SyncState.naming, number.label("number"), below.label("below")
    )


def begin_anew(session: Session) -> str:
    """A new epoch, for a database that has gone back in time: every phone fetches the whole list again."""
    epoch = secrets.token_hex(16)
    session.execute(update(SyncState).values(epoch=epoch))
    # The numbers may be another server's; only who had a contract with a team is still needed.
    session.execute(delete(ResidentChange).where(func.length(ResidentChange.place) < _TEAM))
    session.execute(update(ResidentChange).values(number=0))
    return epoch


_TEAM = 32


def changed(
    session: Session, scope: Scope, since: Mark, today: date, below: int, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """The people who changed, in the order of their ids; some may have left the scope."""
    first, last = sorted((since.day, today))
    statement = _changed(scope.form, first != last)
    return session.scalars(
        statement,
        {
            **scope.values, **_calendar(first, last), "since": since.number, "below": below,
            "after": after or UUID(int=0), "limit": limit,
            "team_places": [team.hex for team in scope.teams],
        },
    ).all()  # fmt: skip


def _calendar(first: date, last: date) -> dict[str, date]:
    return {
        "first": first, "last": last,
        "elder_first": add_years(first, -ELDERLY_FROM), "elder_last": add_years(last, -ELDERLY_FROM),
        "child_first": add_years(first, -CHILD_BELOW), "child_last": add_years(last, -CHILD_BELOW),
    }  # fmt: skip


@lru_cache(maxsize=64)
def _changed(form: Form, turned: bool) -> Any:
    """`turned`: the day is another one, so that periods have begun or ended without a change of any row."""
    change = ResidentChange
    noted = select(change.resident_id.label("id")).where(
        change.number >= bindparam("since", type_=BigInteger()),
        change.number < bindparam("below", type_=BigInteger()),
        or_(_once_known(form, change.place, change.resident_id), _of_teams(form, change.place)),
    )
    found = union(noted, *_turned(form)).subquery() if turned else noted.subquery()
    return (
        select(found.c.id)
        .where(found.c.id > bindparam("after", type_=Uuid()))
        .distinct()
        .order_by(found.c.id)
        .limit(bindparam("limit"))
    )


def _of_teams(form: Form, place: Any) -> ColumnElement[bool]:
    return place.in_(bindparam("team_places", expanding=True, type_=String())) if form.teams else false()


def _once_known(form: Form, place: Any, resident_id: Any) -> ColumnElement[bool]:
    """Whose row a phone of this scope may hold: of its places, or elsewhere and once under its contract.

    Nobody else is named, not even as removed.
    """
    own = in_places(form, place)
    if not form.outlying:
        return own
    signed = ResidentChange.__table__.alias("signed")
    teams = select(signed.c.resident_id).where(_of_teams(form, signed.c.place))
    elsewhere = place.in_(bindparam("scope_outlying", expanding=True))
    return or_(own, and_(elsewhere, resident_id.in_(teams)))


def _turned(form: Form) -> list[Select[UUID]]:
    """A first day in (first, last], or a last day in [first, last)."""
    first: BindParameter[Any] = bindparam("first", type_=Date())
    last: BindParameter[Any] = bindparam("last", type_=Date())

    def begun(day: Any) -> ColumnElement[bool]:
        return and_(day > first, day <= last)

    def over(day: Any) -> ColumnElement[bool]:
        return and_(day >= first, day < last)

    def born(group: str) -> ColumnElement[bool]:
        day = Resident.birth_date
        return and_(day > bindparam(f"{group}_first"), day <= bindparam(f"{group}_last"))

    lactating = ResidentGroup.details["lactating_until"].as_string()
    cases: list[tuple[Any, ColumnElement[bool]]] = [
        (Contract, or_(begun(Contract.start_on), over(Contract.end_on), begun(Contract.terminated_on))),
        (StatusPeriod, or_(begun(StatusPeriod.from_on), begun(StatusPeriod.to_on))),
        (StatusEvent, begun(StatusEvent.on)),
        (
            ResidentGroup,
            or_(begun(ResidentGroup.from_on), over(ResidentGroup.to_on), lactating >= literal_column("'0'")),
        ),
        (Responsibility, or_(begun(Responsibility.from_on), over(Responsibility.to_on))),
    ]
    return [
        select(model.resident_id.label("id")).where(
            _once_known(form, model.village_code, model.resident_id), case
        )
        for model, case in cases
    ] + [
        select(Resident.id).where(
            _once_known(form, Resident.village_code, Resident.id), or_(born("elder"), born("child"))
        )
    ]


def everybody(session: Session, scope: Scope, after: UUID | None, limit: int) -> Sequence[UUID]:
    """The people of the scope in the order of their ids."""
    asked = {**scope.values, "after": after or UUID(int=0), "limit": limit}
    return session.scalars(_everybody(scope.form), asked).all()


@lru_cache(maxsize=64)
def _everybody(form: Form) -> Any:
    return (
        select(Resident.id)
        .where(
            visible(form, Resident.village_code, Resident.id), Resident.id > bindparam("after", type_=Uuid())
        )
        .order_by(Resident.id)
        .limit(bindparam("limit"))
    )
