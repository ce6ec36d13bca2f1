"""Whether the database is as the program needs it: its version, and every table and index of the models."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Index, Table, UniqueConstraint, inspect, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DDLElement, DropConstraint, DropIndex

from tracker import migrations
from tracker.cli.doctor.finding import Finding, fine, mend
from tracker.cli.words import _
from tracker.models import Base

INVALID = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"

Shape = tuple[tuple[str, ...], bool, str]
"""Its columns in their order, whether no two rows may have the same, and of which rows; empty for all."""
Shapes = dict[str, Shape]
"""By the name of the index."""


def look(connection: Connection) -> Iterator[Finding]:
    current, head = migrations.current(connection), migrations.head()
    if current != head:
        words = _("数据库结构 %(current)s，程序要 %(head)s", current=current or "–", head=head)
        yield mend("migrations", words, "tracker db upgrade")
        return  # what else is missing may come with it
    yield fine("migrations", _("数据库结构 %(head)s 是最新的", head=head))
    broken = [*_missing(connection), *_invalid(connection)]
    yield from broken or [fine("indexes", _("索引齐全"))]


def _missing(connection: Connection) -> Iterator[Finding]:
    there = _shapes(connection)
    for table in Base.metadata.sorted_tables:
        if table.name not in there:
            yield mend("indexes", _("没有表 %(table)s", table=table.name), _("从备份恢复"))
            continue
        yield from _wrong(connection, table, there[table.name])


def _wrong(connection: Connection, table: Table, there: Shapes) -> Iterator[Finding]:
    """What is missing, and what has the name but is of other columns or rows, or lets through too much."""
    rules: list[Index | UniqueConstraint] = [
        rule for rule in table.constraints if isinstance(rule, UniqueConstraint)
    ]
    for needed in sorted([*table.indexes, *rules], key=lambda each: str(each.name)):
        if (shape := there.get(str(needed.name))) is None:
            words = _("没有索引 %(index)s：会慢，或不再唯一", index=needed.name)
            yield mend("indexes", words, _remedy(connection, needed))
        elif shape != _shape(needed, connection.dialect.name):
            words = _("索引 %(index)s 不是程序要的样子：会慢，或不再唯一", index=needed.name)
            yield mend("indexes", words, _again(connection, needed))


def _shape(needed: Index | UniqueConstraint, database: str) -> Shape:
    columns = tuple(column.name for column in needed.columns)
    if isinstance(needed, UniqueConstraint):
        return columns, True, ""
    return columns, bool(needed.unique), _plain(needed.dialect_options[database]["where"])


def _plain(where: object) -> str:
    """A criterion without the brackets that PostgreSQL puts around every part of it."""
    return "" if where is None else " ".join(str(where).replace("(", " ").replace(")", " ").split()).lower()


def _shapes(connection: Connection) -> dict[str, Shapes]:
    """The indexes and unique constraints of every table there is."""
    looked, where = inspect(connection), f"{connection.dialect.name}_where"
    found: dict[str, Shapes] = {}
    for (_schema, table), indexes in looked.get_multi_indexes().items():
        for each in indexes:
            rows = _plain(each.get("dialect_options", {}).get(where))
            shape = tuple(map(str, each["column_names"])), bool(each["unique"]), rows
            found.setdefault(table, {})[str(each["name"])] = shape
    for (_schema, table), rules in looked.get_multi_unique_constraints().items():
        found.setdefault(table, {}).update(
            {str(rule["name"]): (tuple(rule["column_names"]), True, "") for rule in rules}
        )
    return found


def _remedy(connection: Connection, needed: Index | UniqueConstraint) -> str:
    """The statement that makes it; SQLite adds no constraint to a table that is there."""
    if isinstance(needed, Index):
        return _written(connection, CreateIndex(needed))
    return (
        _("从备份恢复")
        if connection.dialect.name == "sqlite"
        else _written(connection, AddConstraint(needed))
    )


def _again(connection: Connection, needed: Index | UniqueConstraint) -> str:
    """The statements that put the right one in its place."""
    if isinstance(needed, Index):
        return _written(connection, DropIndex(needed)) + " " + _remedy(connection, needed)
    if connection.dialect.name == "sqlite":
        return _remedy(connection, needed)
    return _written(connection, DropConstraint(needed)) + " " + _remedy(connection, needed)


def _written(connection: Connection, element: DDLElement) -> str:
    return " ".join(str(element.compile(dialect=connection.dialect)).split()) + ";"


def _invalid(connection: Connection) -> Iterator[Finding]:
    """An index whose making was broken off is kept up but never used."""
    if connection.dialect.name == "postgresql":
        for name in connection.scalars(text(INVALID)):
            yield mend("indexes", _("索引 %(index)s 不能用", index=name), f'REINDEX INDEX "{name}";')
