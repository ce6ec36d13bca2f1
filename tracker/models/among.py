"""A column among many values: a list of parameters on SQLite, one array on PostgreSQL.

A statement with an array reads the same for one value and for fifty, so that PostgreSQL plans it once and its
driver has one value to hand over.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801  # reads as the criterion that it is
    """The criterion that a column has one of the values that the statement is run with under this name."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any] | Any, name: str) -> None:
        super().__init__(column, bindparam(name, expanding=True))

    def self_group(self, against: Any = None) -> among:  # noqa: ARG002
        return self  # SQLite would be asked whether it is 1


@compiles(among)
def _listed(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, wanted = element.clauses
    return compiler.process(column.in_(wanted), **given)


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, wanted = element.clauses
    values = bindparam(wanted.key, type_=ARRAY(column.type))
    return f"{compiler.process(column, **given)} = ANY ({compiler.process(values, **given)})"
