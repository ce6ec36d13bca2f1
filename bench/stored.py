"""The rows that some visits added to the product's tables, taken out and put in again one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.plain import Plain, Row, one_of
from bench.work import Rows

TABLES = {
    "visit": "id",
    "visit_version": "visit_id",
    "judgement": "visit_id",
    "submission": "visit_id",
    "task": "opened_by",
}
"""Which column says that a row belongs to a visit; what others point at comes first."""
NUMBERED = ("change", "audit")
"""Tables that only grow: what has a number above the highest before is new."""


class Stored:
    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self._criteria: dict[str, tuple[str, dict[str, object]]] = {}

    def watch(self, visits: Sequence[str]) -> None:
        """From now on these visits are meant, which are about to be sent."""
        listed, values = one_of("visit", [key.replace("-", "") for key in visits])
        self._criteria = {table: (f"{column} IN {listed}", values) for table, column in TABLES.items()}
        for table in NUMBERED:
            last = self.plain.all(f"SELECT coalesce(max(seq), 0) FROM {table}")[0][0]
            self._criteria[table] = ("seq > :last", {"last": last})

    def count(self) -> Rows:
        """Rows by table."""
        found = {}
        for table, (criterion, values) in self._criteria.items():
            found[table] = self.plain.all(f"SELECT count(*) FROM {table} WHERE {criterion}", **values)[0][0]
        return found

    def again(self) -> Callable[[], None]:
        """Take the rows out; the run puts them in by single INSERTs and commits once."""
        work: list[tuple[str, Row]] = []
        for table, (criterion, values) in self._criteria.items():
            rows = self.plain.all(f"SELECT * FROM {table} WHERE {criterion}", **values)
            work += [(table, row) for row in rows]
        self._delete()
        statements = {table: _insert(table, row) for table, row in work}
        ready = [(statements[table], {f"c{n}": value for n, value in enumerate(row)}) for table, row in work]
        return lambda: self._put(ready)

    def _delete(self) -> None:
        self.plain.begin()
        for table, (criterion, values) in reversed(self._criteria.items()):
            self.plain.run(f"DELETE FROM {table} WHERE {criterion}", **values)
        self.plain.commit()

    def _put(self, ready: list[tuple[str, dict[str, object]]]) -> None:
        self.plain.begin()
        for statement, values in ready:
            self.plain.run(statement, **values)
        self.plain.commit()


def _insert(table: str, row: Row) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join(f':c{n}' for n in range(len(row)))})"
