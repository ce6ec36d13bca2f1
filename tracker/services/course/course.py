"""The one writer of judgements, tasks and periods: replays people's histories and stores the difference.

Whatever changes a history (a visit, a correction, a status, an outcome, an attempt, an enrolment) ends
here, so that any order of the same events ends in the same rows.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.policy import Policy, load
from tracker.models import Change, Condition, Resident
from tracker.models.base import Base
from tracker.services.course.change import change_row, collect
from tracker.services.course.known import COLUMNS, KEYS, Key, Known, read
from tracker.services.course.rows import Replayed, Row, outcome, replayed
from tracker.services.store.bulk import insert_into, run, table_of

DERIVED: frozenset[type] = frozenset({Condition, *KEYS})


def rewrite(
    session: Session, residents: Sequence[Resident], at: datetime, policy: Policy | None = None
) -> None:
    """Replay these people and store what differs. Call it holding the lock of `lock_residents`."""
    session.flush()
    policy, zone = policy or load(), clock.zone()
    people = read(session, residents, policy)
    store(session, people, {key: replayed(known.history, policy, zone) for key, known in people.items()}, at)


def lock_residents(session: Session, ids: Iterable[UUID]) -> dict[UUID, Resident]:
    """Load people and hold their rows until the transaction ends, in one order so that nobody deadlocks."""
    wanted = sorted(set(ids))
    found = session.scalars(
        select(Resident).where(Resident.id.in_(wanted)).order_by(Resident.id).with_for_update()
    )
    return {resident.id: resident for resident in found}


def store(
    session: Session,
    people: Mapping[UUID, Known],
    replays: Mapping[UUID, Replayed],
    at: datetime,
    since: date = date.min,
) -> None:
    """Write what differs from what was read as stored: at most a dozen statements, however many people.

    What ended before `since` was not read and stands as it is.
    """
    connection, whole = session.connection(), Replayed()
    for replay in replays.values():
        whole.add(replay)
    changed: dict[UUID, Row] = {}
    for table, wanted in whole.by_table():
        stored: dict[Key, Key] = {}
        for key in replays:
            stored |= people[key].stored[table]
        looked_at = [row for row in wanted if _lasts(row, since) or (row["id"],) in stored]
        _write(connection, table, stored, looked_at, changed)
    changes, moved = [], []
    for condition, course in whole.courses:
        now = outcome(course)
        if condition.id in changed:
            changes.append(change_row(condition, course, changed[condition.id], at))
        if any(getattr(condition, name) != value for name, value in now.items()):
            moved.append({"key_id": condition.id, **now})
    run(connection, _update(Condition, ("id",)), moved)
    run(connection, insert_into(Change), changes)
    _forget(session, replays)


def _write(
    connection: Connection,
    table: type[Base],
    stored: dict[Key, Key],
    wanted: list[Row],
    changed: dict[UUID, Row],
) -> None:
    """Bring one table to what is wanted; `stored` is used up."""
    keys, columns = KEYS[table], COLUMNS[table]
    values, key_of = itemgetter(*columns), itemgetter(*keys)
    new, old, moved = [], [], []
    for row in wanted:
        before = stored.pop(key if isinstance(key := key_of(row), tuple) else (key,), None)
        if before is None:
            new.append(row)
        elif before != values(row):
            old.append(dict(zip(columns, before, strict=True)))
            moved.append(row)
    gone = [dict(zip(columns, row, strict=True)) for row in stored.values()]
    run(connection, _delete(table, keys), [{f"key_{k}": row[k] for k in keys} for row in gone])
    # Only one task of a chain may be open at any moment: whoever leaves that place goes first.
    leaving_first = sorted(moved, key=lambda row: bool(row.get("chain")) and row["ended_on"] is None)
    run(connection, _update(table, keys), [_set(row, keys) for row in leaving_first])
    run(connection, insert_into(table), new)
    collect(changed, table, gone, old, moved, new)


def _lasts(row: Row, since: date) -> bool:
    ended_on = row.get("ended_on")
    return ended_on is None or ended_on >= since


def _set(row: Row, keys: Sequence[str]) -> Row:
    return {f"key_{name}" if name in keys else name: value for name, value in row.items()}


@cache
def _update(table: type[Base], keys: tuple[str, ...]) -> Any:
    """Sets whatever columns its parameters name."""
    return update(table_of(table)).where(*_same(table, keys))


@cache
def _delete(table: type[Base], keys: tuple[str, ...]) -> Any:
    return delete(table_of(table)).where(*_same(table, keys))


def _same(table: type[Base], keys: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [table_of(table).c[k] == bindparam(f"key_{k}") for k in keys]


def _forget(session: Session, residents: Container[UUID]) -> None:
    """What the session holds of the derived rows is no longer what is stored."""
    for thing in session.identity_map.values():
        # One that has no value any more is read anew by itself.
        if type(thing) in DERIVED and thing.__dict__.get("resident_id") in residents:
            session.expire(thing)
