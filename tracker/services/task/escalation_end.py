"""What ends episodes and messages in the nightly scan: the task is over, or a later message came."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, not_, select, update
from sqlalchemy.orm import aliased

from tracker.domain.roles import Role
from tracker.models import Alert, AlertKind, Episode, Task
from tracker.services.task.escalation import AT, EPISODE, Form, found, rising

ALERT: Any = Alert.__table__


@cache
def supersede(form: Form) -> Any:
    """Messages of those who have just got a later one of the same task."""
    climbing = select(Task.resident_id).join(Episode, Episode.task_id == Task.id).where(found(form), rising())
    later = aliased(Alert)
    again = select(later.id).where(
        later.resident_id == Alert.resident_id,
        later.subject_id == Alert.subject_id,
        later.role == Alert.role,
        later.raised_on > Alert.raised_on,
    )
    return _resolve(Alert.resident_id.in_(climbing), Alert.subject_id.is_not(None), again.exists())


def _over() -> ColumnElement[bool]:
    """An episode whose task has ended, or was taken away by a late visit."""
    still_open = select(Task.id).where(Task.id == Episode.task_id, Task.ended_on.is_(None)).exists()
    return and_(Episode.resolved_at.is_(None), not_(still_open))


@cache
def silence() -> Any:
    """Messages of episodes that are over."""
    return _resolve(
        Alert.resident_id.in_(select(Episode.resident_id).where(_over())),
        Alert.subject_id.in_(select(Episode.task_id).where(_over())),
    )


@cache
def leave() -> Any:
    """Episodes that are over; after `silence`."""
    return update(EPISODE).where(_over()).values(resolved_at=AT)


@cache
def close_months() -> Any:
    """The commission's line of a month gives way to a later one of the same township."""
    later = aliased(Alert)
    newer = select(later.id).where(
        later.role == Role.COMMISSION,
        later.code == "overdue_summary",
        later.region_code == Alert.region_code,
        later.raised_on > Alert.raised_on,
    )
    told: BindParameter[Any] = bindparam("asked_townships", expanding=True)
    return _resolve(
        Alert.role == Role.COMMISSION, Alert.region_code.in_(told), Alert.subject_id.is_(None), newer.exists()
    )


def _resolve(*criteria: ColumnElement[bool]) -> Any:
    return (
        update(ALERT)
        .where(Alert.kind == AlertKind.OVERDUE, Alert.resolved_at.is_(None), *criteria)
        .values(resolved_at=AT)
    )
