"""Many new rows in few statements, table after table, so that what others point at comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import manager_of_class

from tracker.models.base import Base
from tracker.services.store.columns import store
from tracker.services.store.trip import send

Row = dict[str, Any]
Model = TypeVar("Model", bound=Base)


class Bulk:
    """Rows by table; objects are taken apart, and must not be part of a session."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, objects: Iterable[Base]) -> None:
        for thing in objects:
            self._rows[thing.__tablename__].append(row_of(type(thing), thing.__dict__))

    def put(self, model: type[Base], **columns: object) -> None:
        """A row that nothing else looks at: a mapped object would cost several times as much."""
        self._rows[model.__tablename__].append(
            {
                column: columns[name] if name in columns else default()
                for column, name, default in _columns(model)
            }
        )

    def add_rows(self, tables: Mapping[type[Base], list[Row]]) -> None:
        for model, rows in tables.items():
            self._rows[model.__tablename__] += rows

    def store(self, session: Session) -> None:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            rows = self._rows.get(table.name)
            if rows:
                store(connection, table, rows)


def run(connection: Connection, statement: Any, rows: Sequence[Row]) -> None:
    """The statement for each of the rows, in one go; nothing where there are none."""
    if rows:
        send(connection, statement, rows)


@cache
def insert_into(model: type[Base]) -> Any:
    """Takes rows that name every column without a default of the database's own."""
    return insert(table_of(model)).inline()


def table_of(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  a mapped class of this product has one table
    return table


def apart(model: type[Model], **columns: object) -> Model:
    """An object that will never be part of a session, several times faster than by its constructor."""
    thing: Model = manager_of_class(model).new_instance()
    thing.__dict__.update(columns)
    return thing


def thing_of(model: type[Model], row: Sequence[object]) -> Model:
    """The same of a row with every column of its table."""
    names = (name for _column, name, _default in _columns(model))
    return apart(model, **dict(zip(names, row, strict=True)))


def row_of(model: type[Base], known: Mapping[str, object]) -> Row:
    """Every column by its name, with the default where nothing is known of it."""
    return {column: known[name] if name in known else default() for column, name, default in _columns(model)}


@cache
def _columns(model: type[Base]) -> list[tuple[str, str, Callable[[], object]]]:
    table = table_of(model)
    by_column = {p.columns[0].name: p.key for p in model.__mapper__.column_attrs}
    return [(column.name, by_column[column.name], _default(column.default)) for column in table.columns]


def _default(default: Any) -> Callable[[], object]:
    if default is None:
        return lambda: None
    if default.is_callable:
        # SQLAlchemy wraps a plain function so that it takes a context.
        return lambda: default.arg(None)
    return lambda: default.arg
