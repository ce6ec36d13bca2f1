"""Rows on their way into the database: many per statement, at most two thousand per transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from tracker.models import (
    Change,
    Checkup,
    Condition,
    ContactAttempt,
    Contract,
    ContractPackage,
    Judgement,
    ReferralOutcome,
    Residence,
    Resident,
    ResidentGroup,
    ResidentInitials,
    ResidentPhone,
    StatusEvent,
    StatusPeriod,
    Task,
    Visit,
    VisitVersion,
)
from tracker.models.base import Base

ROWS_AT_MOST = 2000
ROOM = 1800
"""A batch this full is stored: the next person may bring up to two hundred rows."""
ORDER: tuple[type[Base], ...] = (
    Resident,
    Residence,
    ResidentInitials,
    ResidentPhone,
    ResidentGroup,
    Contract,
    ContractPackage,
    Condition,
    StatusEvent,
    ContactAttempt,
    ReferralOutcome,
    Checkup,
    Visit,
    VisitVersion,
    Judgement,
    Task,
    StatusPeriod,
    Change,
)
"""What others point at comes first."""
Row = dict[str, Any]


class Batch:
    """Rows by table; objects are taken apart, and were never part of a session."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[Row]] = {model: [] for model in ORDER}
        self.size = 0

    def add(self, objects: Iterable[Base]) -> None:
        for thing in objects:
            self._rows[type(thing)].append(row_of(thing))
            self.size += 1

    def add_rows(self, tables: dict[type[Base], list[Row]]) -> None:
        for model, rows in tables.items():
            self._rows[model] += rows
            self.size += len(rows)

    def store(self, session: Session) -> None:
        connection = session.connection()
        for model, rows in self._rows.items():
            if rows:
                connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


def row_of(thing: Base) -> Row:
    """Every column by its name, with the default where nothing was set."""
    known = thing.__dict__
    return {
        column: known[name] if name in known else default() for column, name, default in _columns(type(thing))
    }


@cache
def _columns(model: type[Base]) -> list[tuple[str, str, Callable[[], object]]]:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  a mapped class of this product has one table
    by_column = {p.columns[0].name: p.key for p in model.__mapper__.column_attrs}
    return [(column.name, by_column[column.name], _default(column.default)) for column in table.columns]


def _default(default: Any) -> Callable[[], object]:
    if default is None:
        return lambda: None
    if default.is_callable:
        # SQLAlchemy wraps a plain function so that it takes a context.
        return lambda: default.arg(None)
    return lambda: default.arg
