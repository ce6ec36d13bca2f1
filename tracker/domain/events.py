"""What happened to one person on one disease register: the events that the replay reads, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tracker.domain.terms import Classification, Disease, Mode, ReferralResult, Status


@dataclass(frozen=True, slots=True)
class Register:
    """A person's place on a disease register; `enrolled_on` is the first day that counts."""

    condition_id: UUID
    disease: Disease
    enrolled_on: date
    birth_date: date


@dataclass(frozen=True, slots=True)
class OutcomeEvent:
    """What became of a referral, dated by the outcome itself."""

    id: UUID
    on: date
    recorded_at: datetime
    outcome: ReferralResult
    treatment_changed: bool = False
    plan: bool = False


@dataclass(frozen=True, slots=True)
class VisitEvent:
    """One visit with its facts for this disease; without a mode it is the baseline of a roster."""

    id: UUID
    on: date
    recorded_at: datetime
    mode: Mode | None
    facts: Mapping[str, object]
    approved: bool = True
    raised: Classification | None = None
    raised_reason: str = ""
    outcome: OutcomeEvent | None = None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """A status from a day on; `until` is the last day of an absence."""

    id: UUID
    on: date
    recorded_at: datetime
    status: Status
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AttemptEvent:
    """An attempt to reach the person."""

    id: UUID
    on: date
    recorded_at: datetime


Event = VisitEvent | OutcomeEvent | StatusEvent | AttemptEvent
