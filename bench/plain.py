"""One open connection of the plain driver: what a work costs without this product."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import make_url

from tracker.database import EVERYWHERE, PRAGMAS

Row = tuple[Any, ...]
NAME = re.compile(r"(?<![:\w]):(\w+)")
"""`:name` stands for a value in every statement here; psycopg writes it otherwise."""


class Plain:
    """Statements as they stand, with the same settings as the product's connections."""

    def __init__(self, url: str) -> None:
        self.postgres = not url.startswith("sqlite")
        self._connection: Any = _postgres(url) if self.postgres else _sqlite(url)
        self._known: dict[str, str] = {}

    def all(self, statement: str, **values: Any) -> list[Row]:
        return list(self._connection.execute(self._written(statement), values).fetchall())

    def run(self, statement: str, **values: Any) -> None:
        self._connection.execute(self._written(statement), values)

    def many(self, table: str, rows: Sequence[Row]) -> None:
        """Whole rows of a table, as the driver puts in many."""
        marks = ", ".join("%s" if self.postgres else "?" for _ in rows[0])
        self._connection.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def copy(self, table: str, rows: Sequence[Row]) -> None:
        """The same as PostgreSQL takes in most."""
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)

    def trust(self, trusting: bool) -> None:
        """Whether foreign keys are taken to be right from now on."""
        if self.postgres:
            self.run(f"SET session_replication_role = {'replica' if trusting else 'origin'}")
        else:
            self.run(f"PRAGMA foreign_keys={'OFF' if trusting else 'ON'}")

    def tidy(self, *tables: str) -> None:
        """What earlier runs left dead goes, as it has by the next night."""
        if self.postgres:
            self.run(f"VACUUM ANALYZE {', '.join(tables)}")

    def begin(self) -> None:
        self.run("BEGIN" if self.postgres else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        """Ends what a work that failed had begun, if anything."""
        self._connection.rollback()

    def write(self, statement: str, **values: Any) -> list[Row]:
        """One statement in a transaction of its own, with what it returns."""
        self.begin()
        rows = self.all(statement, **values)
        self.commit()
        return rows

    def close(self) -> None:
        self._connection.close()

    def _written(self, statement: str) -> str:
        if not self.postgres:
            return statement
        if statement not in self._known:
            self._known[statement] = NAME.sub(r"%(\1)s", statement)
        return self._known[statement]


def one_of(name: str, values: Iterable[Any]) -> tuple[str, dict[str, Any]]:
    """`(:name0, :name1, …)` for an IN, with the values to hand over."""
    known = {f"{name}{number}": value for number, value in enumerate(values)}
    return f"({', '.join(':' + key for key in known)})", known


def _sqlite(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def address(url: str) -> str:
    """An address of the product's as psycopg itself writes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _postgres(url: str) -> psycopg.Connection[Any]:
    settings = " ".join(f"-c {name}={value}" for name, value in EVERYWHERE.items())
    connection = psycopg.connect(address(url), autocommit=True, options=settings)
    set_json_loads(lambda text: bytes(text).decode() if not isinstance(text, str) else text, connection)
    return connection
