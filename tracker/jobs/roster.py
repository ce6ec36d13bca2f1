"""Works a roster file off: reads it, plans or applies it part by part, and hands on what there is to say."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from tracker import database, journal
from tracker.domain.finding import Finding, Result
from tracker.domain.headers import Column
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow
from tracker.domain.roster_merge import Persons
from tracker.jobs.priority import let_others_write
from tracker.services.audit import Actor
from tracker.services.resident.archive import VillageFull
from tracker.services.roster import roster
from tracker.services.roster.draft import Setting
from tracker.services.roster.reader import read_rows
from tracker.services.roster.roster import PEOPLE_AT_ONCE, Part

RARELY = (50_000, 20, 100)
Progress = Callable[[int, int | None], None]
"""Called with how many people are done, and of how many once that is known."""
Sessions = Callable[[], Session]


@dataclass
class Counts:
    """What a file came to; `rows` are those with a person in them, `refused` counts rows, not cells."""

    rows: int = 0
    accepted: int = 0
    created: int = 0
    changed: int = 0
    refused: int = 0
    left_empty: int = 0
    notes: int = 0
    _refused: set[tuple[str, int]] = field(default_factory=set)
    _merged: int = 0

    def see(self, found: Finding) -> None:
        if found.result is Result.REFUSED:
            self._refused.add((found.sheet, found.row))
            self.refused = len(self._refused)
        self.left_empty += found.result is Result.LEFT_EMPTY
        self.notes += found.result is Result.NOTE
        # Both rows of a merged pair are told; who may be the same person is told once.
        self._merged += {Reason.MERGED_WITH: 1, Reason.SAME_PERSON: 2}.get(found.reason, 0)

    def end_reading(self, people: int) -> None:
        self.rows = people + self.refused + self._merged // 2

    def add(self, part: Part) -> None:
        self.accepted += part.accepted
        self.created += part.created
        self.changed += part.changed

    def summary(self) -> dict[str, int]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


@dataclass
class Run:
    """One pass over a file. Without an actor nothing is written; `counts` grow while findings come."""

    sessions: Sessions
    path: Path
    setting: Setting
    actor: Actor | None = None
    progress: Progress = lambda _done, _total: None
    counts: Counts = field(default_factory=Counts)

    def findings(self) -> Iterator[Finding]:
        """Every finding once; raises WorkbookRefused before anything is written."""
        with _rare_collections():
            yield from self._findings()

    def _findings(self) -> Iterator[Finding]:
        persons = Persons()
        for found in read_rows(self.path, self.setting.county.index, self.setting.today, persons):
            self.counts.see(found)
            self.progress(0, None)
            yield found
        self.counts.end_reading(len(persons))
        people, done = persons.all(), 0  # a village's together: its archive counter is asked once a part
        while rows := list(islice(people, PEOPLE_AT_ONCE)):
            part = self._part(rows)
            self.counts.add(part)
            for found in part.findings:
                self.counts.see(found)
                yield found
            done += len(rows)
            self.progress(done, len(persons))

    def _part(self, rows: Sequence[RosterRow]) -> Part:
        """All rows at once; one by one where the database does not take them, so that one stops no other."""
        try:
            return self._once(rows)
        except OperationalError:
            raise
        except (DBAPIError, ValidationError, VillageFull) as failed:
            if len(rows) == 1:
                journal.warning("roster row failed", row=rows[0].row, error=type(failed).__name__)
                found = rows[0].found(Column.NAME, rows[0].name, Result.REFUSED, Reason.ROW_FAILED)
                return Part([found])
        parts = [self._part([row]) for row in rows]
        return Part(
            [found for part in parts for found in part.findings],
            sum(part.accepted for part in parts),
            sum(part.created for part in parts),
            sum(part.changed for part in parts),
        )

    def _once(self, rows: Sequence[RosterRow]) -> Part:
        with self.sessions() as session:
            if self.actor is None:
                with session.no_autoflush:
                    return roster.plan(session, rows, self.setting)
            database.begin_write(session)
            part = roster.apply(session, rows, self.setting, self.actor)
            session.commit()
        let_others_write()
        return part


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Hardly anything here is a cycle, and looking for them all the time takes a quarter of the work."""
    usual = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
