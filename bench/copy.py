"""A county copied from SQLite to a PostgreSQL database of the same structure, table by table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Table

from bench.plain import address
from tracker.models import Base

CHUNK = 10_000
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
"""Those that no constraint needs: made anew in the end, which is quicker than keeping them up."""


def copy(source: Path, target: str, progress: Callable[[str, int, int], None]) -> None:
    """Triggers and foreign keys rest meanwhile: what was checked once is not checked again."""
    with closing(sqlite3.connect(source)) as reading, psycopg.connect(address(target)) as writing:
        writing.execute("SET session_replication_role = replica")
        writing.execute("SET TIME ZONE 'UTC'")  # SQLite's moments are in it and do not say so
        indexes = writing.execute(INDEXES).fetchall()
        for name, _ in indexes:
            writing.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in Base.metadata.sorted_tables)
        writing.execute(sql.SQL("TRUNCATE {}").format(names))  # the migrations have put some rows there
        copied, total = 0, _rows(reading)
        for table in Base.metadata.sorted_tables:
            for count in _copy(reading, writing, table):
                copied += count
                progress("rows copied", copied, total)
            _number(writing, table)
        for done, (_, definition) in enumerate(indexes, 1):
            writing.execute(definition)
            progress("indexes", done, len(indexes))
    with psycopg.connect(address(target), autocommit=True) as finishing:
        finishing.execute("VACUUM ANALYZE")


def _rows(reading: sqlite3.Connection) -> int:
    counts = (f'SELECT count(*) FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    return sum(reading.execute(count).fetchone()[0] for count in counts)


def _copy(reading: sqlite3.Connection, writing: psycopg.Connection, table: Table) -> Iterator[int]:
    """Tells from time to time how many more rows were copied."""
    columns = [column.name for column in table.columns]
    rows = reading.execute(f'SELECT {", ".join(columns)} FROM "{table.name}"')
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with writing.cursor().copy(into) as stream:
        while chunk := rows.fetchmany(CHUNK):
            for row in chunk:
                stream.write_row(
                    [value if isinstance(value, (bytes, type(None))) else str(value) for value in row]
                )
            yield len(chunk)


def _number(writing: psycopg.Connection, table: Table) -> None:
    """The next number after the highest copied, for a table that the database numbers."""
    column = table.autoincrement_column
    if column is not None:
        highest = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {}")
        writing.execute(
            highest.format(table.name, column.name, sql.Identifier(column.name), sql.Identifier(table.name))
        )
