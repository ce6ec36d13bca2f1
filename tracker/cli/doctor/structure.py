"""Whether the database is as the program needs it: its version, and every table and index of the models."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Index, UniqueConstraint, inspect, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DDLElement

from tracker import migrations
from tracker.cli.doctor.finding import Finding, fine, mend
from tracker.cli.words import _
from tracker.models import Base

INVALID = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"


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
    there = _names(connection)
    for table in Base.metadata.sorted_tables:
        if table.name not in there:
            yield mend("indexes", _("没有表 %(table)s", table=table.name), _("从备份恢复"))
            continue
        rules: list[Index | UniqueConstraint] = [
            rule for rule in table.constraints if isinstance(rule, UniqueConstraint)
        ]
        for needed in sorted([*table.indexes, *rules], key=lambda each: str(each.name)):
            if needed.name not in there[table.name]:
                words = _("没有索引 %(index)s：会慢，或不再唯一", index=needed.name)
                yield mend("indexes", words, _remedy(connection, needed))


def _names(connection: Connection) -> dict[str, set[str | None]]:
    """The indexes and unique constraints of every table there is."""
    looked = inspect(connection)
    found: dict[str, set[str | None]] = {}
    for (_schema, table), indexes in looked.get_multi_indexes().items():
        found.setdefault(table, set()).update(index["name"] for index in indexes)
    for (_schema, table), rules in looked.get_multi_unique_constraints().items():
        found.setdefault(table, set()).update(rule["name"] for rule in rules)
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


def _written(connection: Connection, element: DDLElement) -> str:
    return " ".join(str(element.compile(dialect=connection.dialect)).split()) + ";"


def _invalid(connection: Connection) -> Iterator[Finding]:
    """An index whose making was broken off is kept up but never used."""
    if connection.dialect.name == "postgresql":
        for name in connection.scalars(text(INVALID)):
            yield mend("indexes", _("索引 %(index)s 不能用", index=name), f'REINDEX INDEX "{name}";')
