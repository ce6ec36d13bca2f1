"""A try to reach a person, as it comes in."""

from __future__ import annotations

from uuid import UUID

from tracker.models.attempt import AttemptOutcome
from tracker.schemas.types import Day, Long, Moment, Strict


class AttemptIn(Strict):
    id: UUID | None = None
    attempted_at: Moment
    outcome: AttemptOutcome
    until: Day | None = None
    note: Long = ""
