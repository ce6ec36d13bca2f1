"""The derived rows of many new people at once: the same replay and row builders as for a single visit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tracker import clock
from tracker.domain.policy import Policy, load
from tracker.models import Change
from tracker.models.base import Base
from tracker.services.course.change import change_row, collect
from tracker.services.course.history import History
from tracker.services.course.rows import Replayed, Row, outcome, replayed


def rows_of_new(
    histories: Iterable[History], at: datetime, policy: Policy | None = None
) -> dict[type[Base], list[Row]]:
    """What `course.rewrite` would store for people of whom nothing derived is stored yet.

    Sets the outcome on their conditions too, which the caller has still to store.
    """
    policy, zone = policy or load(), clock.zone()
    whole = Replayed()
    for history in histories:
        whole.add(replayed(history, policy, zone))
    changed: dict[UUID, Row] = {}
    tables = dict(whole.by_table())
    for table, new in tables.items():
        collect(changed, table, [], [], [], new)
    changes = []
    for condition, course in whole.courses:
        changes.append(change_row(condition, course, changed[condition.id], at))
        for name, value in outcome(course).items():
            setattr(condition, name, value)
    return {**tables, Change: changes}
