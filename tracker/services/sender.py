"""Who does something, and when the server heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker import clock
from tracker.models import Staff
from tracker.services.audit import Actor


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and when the server got it."""

    staff: Staff
    actor: Actor
    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(clock.zone()).date()
