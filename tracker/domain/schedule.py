"""When jobs run: slots in the county's time, counted backwards so that missed ones can be found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

MISSED_AT_MOST = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned run; its name is what claims it."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of the wall clock; a missed day is made up for, seven at most."""

    hour: int
    minute: int

    def latest(self, now: datetime) -> Iterator[Slot]:
        """The slots that should have run by now, newest first."""
        first = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if first > now:
            first -= timedelta(days=1)
        for back in range(MISSED_AT_MOST):
            at = first - timedelta(days=back)
            yield Slot(f"{at:%Y-%m-%d}", at)

    def next(self, now: datetime) -> datetime:
        return next(self.latest(now)).at + timedelta(days=1)

    @property
    def words(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes of the hour; only the latest missed run is made up for."""

    minutes: int

    def latest(self, now: datetime) -> Iterator[Slot]:
        """The slot that should have run last."""
        at = now.replace(minute=now.minute - now.minute % self.minutes, second=0, microsecond=0)
        yield Slot(f"{at:%Y-%m-%dT%H:%M}", at)

    def next(self, now: datetime) -> datetime:
        return next(self.latest(now)).at + timedelta(minutes=self.minutes)

    @property
    def words(self) -> str:
        return f"*/{self.minutes}"


Rhythm = Daily | Every
