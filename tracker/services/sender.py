"""Who does something, and when the server heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tracker import clock
from tracker.models import Staff
from tracker.services.audit import Actor


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and when the server got it; `device_id` where a phone has signed it.

    `ended_at` is set where the phone or its owner's account no longer works: what was recorded before is
    taken all the same, by the places and teams of that day, and a lead has to agree.
    """

    staff: Staff
    actor: Actor
    at: datetime
    device_id: UUID | None = None
    ended_at: datetime | None = None
    clock_offset: int | None = None
    """Seconds by which the sender's clock is ahead."""

    @property
    def today(self) -> date:
        return self.at.astimezone(clock.zone()).date()

    @property
    def left_on(self) -> date | None:
        """The last day of an account that is disabled: nothing of its owner's was done after it."""
        left = None if self.staff.active else self.staff.disabled_at
        return None if left is None else left.astimezone(clock.zone()).date()

    @property
    def entitled_on(self) -> date:
        """The day whose places and teams count for what has no day of its own."""
        return (self.ended_at or self.at).astimezone(clock.zone()).date()
