"""Follow-up tasks, and the overdue episodes that the nightly scan records once each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Disease, TaskKind
from tracker.models.base import Base, enum_text

OPEN = text("ended_on IS NULL")
UNRESOLVED = text("resolved_at IS NULL")
WHAT_THE_SCAN_ASKS = ("due_on", "opened_on", "id", "resident_id", "condition_id")
"""All of it, so that a night without news reads this index and not the tasks all over the table."""


class Task(Base):
    """Written by the replay alone. Open on a day: opened_on ≤ day, and not ended or ended after it."""

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "uq_task_condition_id_open_chain",
            "condition_id",
            unique=True,
            sqlite_where=text("chain = 1 AND ended_on IS NULL"),
            postgresql_where=text("chain AND ended_on IS NULL"),
        ),
        Index(
            "ix_task_village_code_due_on_open",
            "village_code",
            "due_on",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_task_due_on_open", *WHAT_THE_SCAN_ASKS, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_task_resident_id", "resident_id"),
        Index("ix_task_condition_id", "condition_id"),
        Index("ix_task_village_code_due_on", "village_code", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    condition_id: Mapped[UUID] = mapped_column(ForeignKey("condition.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[Disease] = mapped_column(enum_text(Disease))
    kind: Mapped[TaskKind] = mapped_column(enum_text(TaskKind))
    chain: Mapped[bool]
    due_on: Mapped[date]
    opened_on: Mapped[date]
    opened_by: Mapped[UUID | None]
    closed_on: Mapped[date | None]
    closed_by: Mapped[UUID | None]
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(24))
    ended_on: Mapped[date | None]
    """Closed or cancelled, whichever it was."""
    timely: Mapped[bool | None]
    counts: Mapped[bool] = mapped_column(default=True)
    """False where a roster closed it: not in the share of timely visits."""


class Episode(Base):
    """A task that was found overdue, recorded once; `level` is the highest step of escalation reached."""

    __tablename__ = "episode"
    __table_args__ = (
        Index("ix_episode_village_code", "village_code"),
        Index("ix_episode_task_id_level", "task_id", "level", "resolved_at"),
        Index("ix_episode_unresolved", "task_id", sqlite_where=UNRESOLVED, postgresql_where=UNRESOLVED),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    """No foreign key: a late visit may take the task away, the episode stays as a record."""
    resident_id: Mapped[UUID]
    """As the task had it; a foreign key would lock the person for the length of a scan."""
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[Disease] = mapped_column(enum_text(Disease))
    due_on: Mapped[date]
    found_on: Mapped[date]
    found_at: Mapped[datetime]
    level: Mapped[int] = mapped_column(default=0)
    """0, or 1, 7, 30, 90 days overdue."""
    resolved_at: Mapped[datetime | None]
    """When the scan found that its task had ended."""
