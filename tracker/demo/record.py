"""One made-up person's record while it is being made, and the moments at which its doctor wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

from tracker import clock
from tracker.demo.batch import Made
from tracker.demo.crew import Practice
from tracker.demo.household import Person
from tracker.demo.places import Plan
from tracker.domain.terms import Disease
from tracker.models import Condition, Resident
from tracker.models.base import Base
from tracker.services.course.history import History

DAY = timedelta(days=1)


@dataclass(slots=True)
class Record:
    """`rows` is everything to be stored but what follows from the `history`."""

    plan: Plan
    practice: Practice
    person: Person
    random: Random
    resident: Resident
    history: History
    rows: list[Base | Made] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)

    @property
    def yesterday(self) -> date:
        """The last day on which anything happened; today is left to whoever looks at the county."""
        return self.plan.today - DAY

    @property
    def conditions(self) -> dict[Disease, Condition]:
        return {condition.disease: condition for condition in self.history.conditions}

    def id(self, *what: object) -> UUID:
        return uuid5(self.resident.id, "/".join(map(str, what)))

    def keep(self, rows: Iterable[Base | Made]) -> None:
        self.rows += rows

    def day_between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def written_at(self, on: date, lag_days: int = 0) -> datetime:
        """A moment of a working day, never after yesterday."""
        day = min(on + timedelta(days=lag_days), self.yesterday)
        minutes = self.random.randrange(8 * 60, 17 * 60 + 40)
        moment = time(minutes // 60, minutes % 60, self.random.randrange(60))
        return datetime.combine(max(day, on), moment, clock.zone())
