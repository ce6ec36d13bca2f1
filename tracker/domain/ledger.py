"""The book of one register's tasks: opened, moved aside, closed, cancelled; no rule of care stands here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from tracker.domain.course import Task
from tracker.domain.policy import Policy
from tracker.domain.terms import Status, TaskKind

URGENCY = (TaskKind.RECONTACT, TaskKind.REFERRAL_TRACKING, TaskKind.TWO_WEEK, TaskKind.ROUTINE)


def _urgency(task: Task) -> tuple[date, int]:
    return task.due_on, URGENCY.index(task.kind)


class Ledger:
    """Open tasks are few (one of the chain, one of each kind beside it) and kept apart from the ended."""

    def __init__(self, condition_id: UUID, policy: Policy) -> None:
        self.policy = policy
        self._condition_id = condition_id
        self._open: list[Task] = []
        self._ended: list[Task] = []
        self._ids: set[UUID] = set()

    @property
    def chain(self) -> Task | None:
        for task in self._open:
            if task.chain:
                return task
        return None

    @property
    def tracking(self) -> Task | None:
        return self._one(TaskKind.REFERRAL_TRACKING)

    @property
    def recontact(self) -> Task | None:
        return self._one(TaskKind.RECONTACT)

    @property
    def next(self) -> Task | None:
        """The earliest open task; who is lost has to be found first."""
        return self.recontact or min(self._open, key=_urgency, default=None)

    def of(self, kind: TaskKind) -> list[Task]:
        """The open tasks of a kind."""
        return [task for task in self._open if task.kind is kind]

    def _one(self, kind: TaskKind) -> Task | None:
        for task in self._open:
            if task.kind is kind:
                return task
        return None

    def open(
        self,
        kind: TaskKind,
        on: date,
        event: tuple[str, UUID | None],
        *,
        chain: bool,
        interval: str | None = None,
        since: date | None = None,
    ) -> None:
        """Open a task due one interval (that of its kind) after `since` (the day it is opened)."""
        source, opened_by = event
        due_on = self.policy.due(interval or kind, since or on)
        self._open.append(Task(self._id(source, on, kind), kind, chain, due_on, on, opened_by))

    def close(self, task: Task, on: date, by: UUID, *, timely: bool, counts: bool = True) -> None:
        self._end(task, replace(task, closed_on=on, closed_by=by, timely=timely, counts=counts))

    def cancel_all(self, on: date, reason: Status) -> None:
        for task in list(self._open):
            self._end(task, replace(task, cancelled_on=on, cancel_reason=reason))

    def move_aside(self, task: Task) -> None:
        """The chain goes on without this task, which stays open beside it."""
        self._open[self._open.index(task)] = replace(task, chain=False)

    def tasks(self) -> tuple[Task, ...]:
        """All tasks, oldest first."""
        return tuple(
            sorted([*self._ended, *self._open], key=lambda task: (task.opened_on, task.due_on, task.id))
        )

    def _end(self, task: Task, ended: Task) -> None:
        self._open.remove(task)
        self._ended.append(ended)

    def _id(self, source: str, on: date, kind: TaskKind) -> UUID:
        """Derived, so that the same task keeps its id however often the events are replayed."""
        name, again = f"{source}:{on}:{kind}", 1
        while (task_id := uuid5(self._condition_id, name)) in self._ids:
            again += 1  # closed and opened again by the same kind of event on one day
            name = f"{source}:{on}:{kind}:{again}"
        self._ids.add(task_id)
        return task_id
