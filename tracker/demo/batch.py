"""Rows on their way into the database: many per statement, at most two thousand per transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
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
from tracker.services.store.bulk import row_of

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
                self._rows[thing.model].append(row_of(thing.model, thing.columns))
            else:
                self._rows[type(thing)].append(row_of(type(thing), thing.__dict__))
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
