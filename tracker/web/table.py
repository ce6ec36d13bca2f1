"""What of a table's cells is the same in every row, put together once for each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

HEAD, DATA = Markup('<th scope="row" data-label="{}"{}'), Markup('<td data-label="{}"{}')
NUMBER, NONE = Markup(' class="num"'), Markup("")


class Cell(NamedTuple):
    """A column's key and bar, and how its cells begin and end; the first one heads the row."""

    key: str
    raw: str | None
    bar: Any
    target: Any
    begin: Markup
    end: Markup


def cells(columns: Iterable[Mapping[str, Any]]) -> list[Cell]:
    return [_cell(column, first=not number) for number, column in enumerate(columns)]


def _cell(column: Mapping[str, Any], *, first: bool) -> Cell:
    look = NUMBER if column.get("num") or column.get("bar") else NONE
    begin = (HEAD if first else DATA).format(column["label"], look)
    end = Markup("</th>") if first else Markup("</td>")
    return Cell(column["key"], column.get("raw"), column.get("bar"), column.get("target"), begin, end)
