"""A day some days after a column, in the words of each database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_after(FunctionElement[Any]):  # noqa: N801 - used like a function of SQL
    """`days_after(column, 30)`: thirty days later."""

    type = Date()
    inherit_cache = True
    name = "days_after"


@compiles(days_after)
def _postgresql(element: days_after, compiler: Any, **given: Any) -> str:
    day, days = element.clauses
    return f"({compiler.process(day, **given)} + CAST({compiler.process(days, **given)} AS INTEGER))"


@compiles(days_after, "sqlite")
def _sqlite(element: days_after, compiler: Any, **given: Any) -> str:
    day, days = element.clauses
    return f"date({compiler.process(day, **given)}, '+' || {compiler.process(days, **given)} || ' days')"
