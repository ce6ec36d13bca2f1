"""The rows that a roster's import brought into the product's tables, taken out and put in again in bulk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.plain import Plain, Row
from bench.work import Rows
from tracker.models import Base

PEOPLE = "SELECT id FROM resident WHERE source = 'import'"
THROUGH = {"contract_package": ("contract_id", "contract"), "visit_version": ("visit_id", "visit")}
"""Tables that name no resident, and what leads there."""
Put = Callable[[str, Sequence[Row]], None]
BY_TRIGGER = ("resident_change",)
"""What the database notes by itself of every row that comes or goes."""


class Brought:
    """Everything that hangs on people who came by a roster; others stay untouched."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self._criteria = {"resident": "source = 'import'"}
        for table in Base.metadata.sorted_tables:  # what others point at comes first
            if table.name in THROUGH:
                column, other = THROUGH[table.name]
                own = f"SELECT id FROM {other} WHERE resident_id IN ({PEOPLE})"
                self._criteria[table.name] = f"{column} IN ({own})"
            elif "resident_id" in table.columns and table.name not in BY_TRIGGER:
                self._criteria[table.name] = f"resident_id IN ({PEOPLE})"

    def count(self) -> Rows:
        """Rows by table."""
        found = {
            table: self.plain.all(f"SELECT count(*) FROM {table} WHERE {criterion}")[0][0]
            for table, criterion in self._criteria.items()
        }
        return {table: number for table, number in found.items() if number}

    def remove(self) -> None:
        """All of it goes, so that nothing has to be looked for that points at what is gone."""
        self.plain.trust(True)
        self.plain.begin()
        for table, criterion in reversed(self._criteria.items()):
            self.plain.run(f"DELETE FROM {table} WHERE {criterion}")
        self.plain.commit()
        self.plain.trust(False)

    def again(self, put: Put) -> Callable[[], None]:
        """Take the rows out; the run puts each table's in again, and commits once."""
        taken = {
            table: self.plain.all(f"SELECT * FROM {table} WHERE {criterion}")
            for table, criterion in self._criteria.items()
        }
        self.remove()
        ready = [(table, rows) for table, rows in taken.items() if rows]

        def run() -> None:
            self.plain.begin()
            for table, rows in ready:
                put(table, rows)
            self.plain.commit()

        return run
