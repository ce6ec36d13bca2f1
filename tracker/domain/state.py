"""What a phone has to know of a register to judge the next visit itself, worked out from what is stored.

No replay: streaks from the judgements and the outcomes between them, the rest from tasks and statuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple, Protocol
from uuid import UUID

from tracker.domain.terms import ReferralResult, Status, TaskKind

REACTION = "reaction"
"""The reason that a pack gives for every adverse reaction, whatever else was found."""
DAY = timedelta(days=1)


class Judged(NamedTuple):
    """A stored judgement; `recorded_at` is the visit's. The last evaluated one of a day stands for it."""

    on: date
    recorded_at: datetime
    visit_id: UUID
    evaluated: bool
    controlled: bool | None
    reaction: bool


class Told(NamedTuple):
    """The outcome of a referral; `visit_date` is that of the visit which carried it."""

    on: date
    outcome: ReferralResult
    changed: bool
    visit_date: date | None = None


class Duty(Protocol):
    """A task as the replay answers it or as it is stored."""

    @property
    def kind(self) -> TaskKind: ...
    @property
    def chain(self) -> bool: ...
    @property
    def due_on(self) -> date: ...
    @property
    def opened_on(self) -> date: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def cancelled_on(self) -> date | None: ...


@dataclass(slots=True)
class Rows:
    """All that is stored of one register; of statuses those that are in effect, with their first days."""

    enrolled_on: date
    last_met: date | None = None
    last_evaluated: date | None = None
    judged: list[Judged] = field(default_factory=list)
    outcomes: list[Told] = field(default_factory=list)
    tasks: list[Duty] = field(default_factory=list)
    statuses: list[tuple[date, Status]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class State:
    """`judge_from`: a visit or an outcome dated earlier has to be judged by the server, which knows all."""

    unsat_streak: int
    adr_streak: int
    last_met: date | None
    last_evaluated: date | None
    judge_from: date
    tasks: tuple[Duty, ...]

    def as_json(self) -> dict[str, object]:
        """As a phone gets it; what is null, none or false is left out."""
        days = {"last_met": self.last_met, "last_evaluated": self.last_evaluated}
        shown = {
            "unsat_streak": self.unsat_streak,
            "adr_streak": self.adr_streak,
            **{name: day and day.isoformat() for name, day in days.items()},
            "judge_from": self.judge_from.isoformat(),
            "tasks": [_task_json(task) for task in self.tasks],
        }
        return {name: value for name, value in shown.items() if value}


def state(rows: Rows) -> State:
    """The state after everything that is stored."""
    outcomes = [told for told in rows.outcomes if told.on >= rows.enrolled_on]
    unsat, adr = _streaks(rows, outcomes)
    return State(
        unsat_streak=unsat,
        adr_streak=adr,
        last_met=rows.last_met,
        last_evaluated=rows.last_evaluated,
        judge_from=max([rows.enrolled_on, *_bounds(rows, outcomes)]),
        tasks=tuple(sorted((t for t in rows.tasks if _ended(t) is None), key=attrgetter("due_on", "kind"))),
    )


def _streaks(rows: Rows, outcomes: Iterable[Told]) -> tuple[int, int]:
    evaluated = sorted(judged for judged in rows.judged if judged.evaluated)
    days = {judged.on: judged for judged in evaluated}
    # Who arrived and is treated otherwise starts anew; on a day with a visit only where that came first.
    anew = {
        told.on
        for told in outcomes
        if told.outcome is ReferralResult.ARRIVED
        and told.changed
        and (told.on not in days or told.visit_date == told.on or _tracked(rows, told.on))
    }
    unsat = adr = 0
    for on in sorted({*days, *anew}):
        if on in anew:
            unsat = adr = 0
        if on in days:
            unsat = unsat + 1 if days[on].controlled is False else 0
            adr = adr + 1 if days[on].reaction else 0
    return unsat, adr


def _bounds(rows: Rows, outcomes: Iterable[Told]) -> Iterable[date]:
    """The first days on which nothing stored comes after a visit or is merged with it."""
    yield from (judged.on + DAY for judged in rows.judged)
    # Before the day's visits come the outcomes of a referral already open, and returns.
    yield from (told.on if _tracked(rows, told.on) else told.on + DAY for told in outcomes)
    for task in rows.tasks:
        if task.cancelled_on is not None:
            yield task.cancelled_on + DAY
        elif task.closed_on is None:
            yield task.opened_on + DAY if task.kind is TaskKind.RECONTACT else task.opened_on
    # Even a loss that changed nothing counts: a visit of that day would have ended the one before.
    yield from (on if status is Status.ACTIVE else on + DAY for on, status in rows.statuses)


def _tracked(rows: Rows, on: date) -> bool:
    """Whether a referral was open when the day began."""
    return any(
        task.kind is TaskKind.REFERRAL_TRACKING
        and task.opened_on < on
        and ((ended := _ended(task)) is None or ended >= on)
        for task in rows.tasks
    )


def _ended(task: Duty) -> date | None:
    return task.closed_on or task.cancelled_on


def _task_json(task: Duty) -> dict[str, object]:
    days = {"due_on": task.due_on.isoformat(), "opened_on": task.opened_on.isoformat()}
    return {"kind": str(task.kind), **days} | ({"chain": True} if task.chain else {})
