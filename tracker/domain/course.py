"""What the replay answers: judgements, tasks and periods of one person on one disease register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tracker.domain.terms import Classification, NextStep, Referral, Status, TaskKind


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason by its code; the words stand in the policy pack, `params` are JSON values for them."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Judgement:
    """One visit judged under one policy; `next_due` and `task` are set when its day is over.

    `counted`: enters the rates (face to face, evaluated, approved, not from a roster).
    `on_target`: what the control rate asks, which for diabetes is wider than `controlled`.
    """

    visit_id: UUID
    on: date
    policy_id: str
    evaluated: bool
    face_to_face: bool
    counted: bool
    on_target: bool | None
    classification: Classification | None
    controlled: bool | None
    next_step: NextStep | None
    referral: Referral | None
    reasons: tuple[Reason, ...]
    advice: tuple[str, ...]
    unsat_streak: int
    adr_streak: int
    next_due: date | None = None
    task: TaskKind | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A dated duty; `chain` tells the one next visit from what stands beside it.

    `timely`: None while open or cancelled. `counts`: False where the baseline of a roster closed it.
    """

    id: UUID
    kind: TaskKind
    chain: bool
    due_on: date
    opened_on: date
    opened_by: UUID | None
    closed_on: date | None = None
    closed_by: UUID | None = None
    cancelled_on: date | None = None
    cancel_reason: Status | None = None
    timely: bool | None = None
    counts: bool = True

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and self.cancelled_on is None


@dataclass(frozen=True, slots=True)
class Period:
    """A status from `from_on` up to, not including, `to_on`."""

    status: Status
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that follows from the events. `status` is the last one set; ask `status_on` for a day.

    The streaks are those that the next visit starts from: an outcome may have ended them since the last one.
    """

    judgements: Mapping[UUID, Judgement]
    tasks: tuple[Task, ...]
    periods: tuple[Period, ...]
    status: Status
    last_face_to_face_on: date | None
    last_evaluated_on: date | None
    next_due: date | None
    next_task: TaskKind | None
    unsat_streak: int = 0
    adr_streak: int = 0

    def status_on(self, day: date) -> Status | None:
        """The status on a day; None before enrolment."""
        return next((p.status for p in reversed(self.periods) if p.from_on <= day), None)
