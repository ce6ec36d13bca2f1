"""Statements as the driver takes them, made ready once; on PostgreSQL several travel in one trip.

What SQLAlchemy does anew at every execution costs more than the database's answer to so small a question,
and every trip between the two costs as much again. SQLite is asked when its answer is wanted.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Float
from sqlalchemy.exc import DBAPIError

Parameters = Mapping[str, Any]
Row = dict[str, Any]
Question = tuple[Any, Parameters]
"""A statement that returns rows, and what it is asked with; statements are kept, so they are built once."""
Change = Callable[[Any], Any]
Read = Callable[[Sequence[Any]], Any]
LIST = (list, tuple)


class Answers(Mapping[str, Sequence[Any]]):
    """The rows by the name of their question; on PostgreSQL each sees what those before it locked."""

    def __init__(self, connection: Connection, questions: Mapping[str, Question]) -> None:
        self._connection, self._questions = connection, questions
        self._rows = _together(connection, questions) if travels(connection) else {}

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self._rows:
            self._rows[name] = rows_of(self._connection, self._questions[name])
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)


def rows_of(connection: Connection, question: Question) -> list[Any]:
    """The answer to one question."""
    with _errors(connection):
        cursor, read = _asked(connection, *question)
        return [read(row) for row in cursor.fetchall()]


def travels(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@contextlib.contextmanager
def unawaited(connection: Connection) -> Iterator[None]:
    """PostgreSQL is sent the statements one after the other without waiting for each; read nothing here."""
    if not travels(connection):
        yield
        return
    with _errors(connection):
        driver: Any = connection.connection.driver_connection
        with driver.pipeline():
            yield


def send(connection: Connection, statement: Any, rows: Sequence[Row]) -> None:
    """Run a statement that returns nothing for each of the rows, which name the same columns."""
    ready = _writing(statement, tuple(rows[0]), connection.dialect)
    if ready is None:
        connection.execute(statement, rows)
        return
    with _errors(connection):
        cursor = _cursor(connection, ready, many=len(rows) > 1)
        sent = [ready.fill(row) for row in rows]
        if len(sent) == 1:
            _run(cursor, ready.text, sent[0])
        else:
            cursor.executemany(ready.text, sent)


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement's text and its own values; how others change on their way in, and rows on their way out."""

    text: str
    own: Row
    sent: Sequence[tuple[str, Change]]
    read: Read = tuple
    spread: frozenset[str] = frozenset()
    """The lists whose values have parameters of their own; others are sent as arrays."""

    def fill(self, values: Parameters) -> Row:
        filled = {**self.own, **values}
        for name, change in self.sent:
            filled[name] = change(filled[name])
        return filled


def _together(connection: Connection, questions: Mapping[str, Question]) -> dict[str, Sequence[Any]]:
    with _errors(connection):
        driver: Any = connection.connection.driver_connection
        with driver.pipeline():
            cursors = {name: _asked(connection, *question) for name, question in questions.items()}
        return {name: [read(row) for row in cursor.fetchall()] for name, (cursor, read) in cursors.items()}


def _asked(connection: Connection, statement: Any, asked: Parameters) -> tuple[Any, Read]:
    """The cursor that will have the rows, and how each is read."""
    asked = {name: _padded(value) if isinstance(value, LIST) else value for name, value in asked.items()}
    lists = tuple((key, len(value)) for key, value in asked.items() if isinstance(value, LIST))
    ready = _reading(statement, lists, connection.dialect)
    cursor = _cursor(connection, ready)
    _run(cursor, ready.text, ready.fill(_flat(asked, ready.spread)))
    return cursor, ready.read


def _padded(values: Sequence[Any]) -> Sequence[Any]:
    """A list is only looked for values in, where one may stand twice: so few lengths are to be made ready."""
    length = len(values)
    missing = (1 << (length - 1).bit_length()) - length if length > 1 else 0
    return [*values, *[values[-1]] * missing] if missing else values


def _run(cursor: Any, text: str, values: Row) -> None:
    if isinstance(cursor.connection, sqlite3.Connection):
        cursor.execute(text, values)  # which keeps what it has prepared by itself
    else:
        cursor.execute(text, values, prepare=True)


def _flat(asked: Parameters, spread: Container[str]) -> Row:
    """A list's values under names of their own, as `render_postcompile` calls them."""
    flat: Row = {}
    for name, value in asked.items():
        if name in spread and value is not None:
            flat |= {f"{name}_{number}": each for number, each in enumerate(value, 1)}
        else:
            flat[name] = value
    return flat


def _cursor(connection: Connection, ready: Ready, *, many: bool = False) -> Any:
    """Whoever listens to the engine hears of the statement, but cannot change it."""
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, ready.text, {}, None, many)
    return cursor


@lru_cache(maxsize=1000)
def _reading(statement: Any, lists: Sequence[tuple[str, int]], dialect: Dialect) -> Ready:
    dialect = _naming(dialect)
    compiled = statement.compile(dialect=dialect)
    some = {name: [None] * count for name, count in lists}
    text = compiled.construct_expanded_state({**compiled.params, **some})
    columns = statement.selected_columns
    changes = [_read_as(column.type.dialect_impl(dialect), dialect) for column in columns]
    shape = namedtuple("shape", map(str, columns.keys()), rename=True)  # type: ignore[misc]
    names = {key: text.parameter_expansion.get(key, [key]) for key in compiled.params}
    spread = frozenset(text.parameter_expansion)
    return Ready(
        text.statement, _flat(compiled.params, spread), _changes(compiled, dialect, names),
        _reader(shape._make, changes), spread,
    )  # fmt: skip


def _read_as(kind: Any, dialect: Dialect) -> Change | None:
    """PostgreSQL's numbers are looked at by the type that the server names: double precision or numeric."""
    change: Change | None = kind.result_processor(dialect, 701 if isinstance(kind, Float) else 1700)
    return change


def _reader(make: Callable[[Any], Any], changes: Sequence[Change | None]) -> Read:
    changed = [(number, change) for number, change in enumerate(changes) if change is not None]
    if not changed:
        return make

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for number, change in changed:
            values[number] = change(values[number])
        return make(values)

    return read


@lru_cache(maxsize=1000)
def _writing(statement: Any, names: Sequence[str], dialect: Dialect) -> Ready | None:
    """None where SQLAlchemy itself has to add values or read some back."""
    dialect = _naming(dialect)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if set(compiled.params) - set(names) or compiled.effective_returning:
        return None
    return Ready(compiled.string, {}, _changes(compiled, dialect, {name: [name] for name in names}))


@lru_cache(maxsize=8)
def _naming(dialect: Dialect) -> Dialect:
    """The dialect with parameters that have names, as PostgreSQL's has anyway."""
    if not dialect.positional:
        return dialect
    named = copy(dialect)
    named.paramstyle, named.positional = "named", False
    return named


def _changes(compiled: Any, dialect: Dialect, names: Mapping[str, Sequence[str]]) -> list[tuple[str, Change]]:
    """By the `names` that the text has for each parameter: a list's values have one each."""
    found: dict[str, Change] = {}
    for bind, key in compiled.bind_names.items():  # one that stands in two places is named twice
        change = bind.type.dialect_impl(dialect).bind_processor(dialect)
        found |= {name: change for name in names[key] if change is not None}
    return list(found.items())


@contextlib.contextmanager
def _errors(connection: Connection) -> Iterator[None]:
    """The driver's errors as SQLAlchemy would have raised them; a connection that is gone is not kept."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        gone = connection.dialect.is_disconnect(error, connection.connection.driver_connection, None)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, driver.Error, hide_parameters=True, connection_invalidated=gone,
            dialect=connection.dialect,
        ) from error  # fmt: skip
