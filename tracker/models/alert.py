"""A message of the nightly jobs to the people of a place or to one member of staff."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.roles import Role
from tracker.models.base import Base, Json, enum_text


class AlertKind(StrEnum):
    OVERDUE = "overdue"
    TARGET = "target"
    CONTRACT_EXPIRY = "contract_expiry"


class Alert(Base):
    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_region_code_role_raised_on", "region_code", "role", "raised_on"),
        Index("ix_alert_resident_id", "resident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[AlertKind] = mapped_column(enum_text(AlertKind))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """What makes the alert the same one when the job runs again."""
    role: Mapped[Role] = mapped_column(enum_text(Role))
    """Whom of the region it is for."""
    region_code: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[UUID | None]
    resident_id: Mapped[UUID | None]
    """Both as the task or contract has them, which points at them. A foreign key here would lock the person
    for the length of a scan, and cost as much as the scan itself."""
    subject_id: Mapped[UUID | None]
    """The task or contract it is about."""
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[Json] = mapped_column(JSON, default=dict)
    raised_on: Mapped[date]
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
