"""Many rows of one table in one statement, column by column: types are asked once, not for every value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Dialect, Enum, Table, TypeDecorator, Uuid

REPEATED = (Date, DateTime, Enum)
"""Types whose few values come again and again."""
Row = dict[str, Any]
Sent = Callable[[Any], Any]
HEX: Sent = attrgetter("hex")
"""A UUID where the database has no such type, and in most columns."""


def store(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that name the same columns; the database has no defaults of its own for the others."""
    names = tuple(rows[0])
    statement, sent = _prepared(table, names, connection.dialect)
    columns = zip(*map(itemgetter(*names), rows), strict=True)
    ready = [_ready(into, column) for into, column in zip(sent, columns, strict=True)]
    connection.exec_driver_sql(statement, list(zip(*ready, strict=True)))


def _ready(into: Sent | None, column: Sequence[Any]) -> Sequence[Any]:
    nothing = column[0] is None and column.count(None) == len(column)
    if into is None or nothing:
        return column
    return [value and value.hex for value in column] if into is HEX else list(map(into, column))


@cache
def _prepared(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, list[Sent | None]]:
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    columns = ", ".join(map(quote, names))
    statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({', '.join(mark for _ in names)})"  # noqa: S608
    return statement, [_sent(table.columns[name].type, dialect) for name in names]


def _sent(kind: Any, dialect: Dialect) -> Sent | None:
    """How a value of this type is handed to the driver, as SQLAlchemy itself would."""
    if isinstance(kind, Uuid) and not dialect.supports_native_uuid:
        return HEX
    into: Sent | None = kind.dialect_impl(dialect).bind_processor(dialect)
    plain = kind.impl if isinstance(kind, TypeDecorator) else kind
    return lru_cache(maxsize=20_000)(into) if into and isinstance(plain, REPEATED) else into
