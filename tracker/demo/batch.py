"""Rows on their way into the database: many per statement, at most two thousand per transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


class Made:
    """A row that nothing else looks at: a mapped object would cost several times as much to make."""

    __slots__ = ("columns", "model")

    def __init__(self, model: type[Base], **columns: object) -> None:
        self.model, self.columns = model, columns


class Batch:
    """Rows by table, and how far the villages are that they belong to."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[Row]] = {model: [] for model in ORDER}
        self.size = self.people = 0
        self.serials: dict[str, int] = {}

    def add(self, things: Iterable[Base | Made]) -> None:
        for thing in things:
            if isinstance(thing, Made):
                self._rows[thing.model].append(_row(thing.model, thing.columns))
            else:
                self._rows[type(thing)].append(row_of(thing))
            self.size += 1

    def count(self, village_code: str, serial: int) -> None:
        """One more person; `serial` is the last of the village now."""
        self.serials[village_code] = serial
        self.people += 1

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
    return _row(type(thing), thing.__dict__)


def _row(model: type[Base], known: Mapping[str, Any]) -> Row:
    return {column: known[name] if name in known else default() for column, name, default in _columns(model)}


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
