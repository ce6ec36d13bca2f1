"""What happened to a person or to their place on a register, as dated events, and the periods that follow."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Disease, Status
from tracker.models.base import Base, enum_text


class StatusEvent(Base):
    """A status from a day on; without a disease it is the person's. Never changed, only withdrawn."""

    __tablename__ = "status_event"
    __table_args__ = (Index("ix_status_event_resident_id_status", "resident_id", "status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[Disease | None] = mapped_column(enum_text(Disease))
    status: Mapped[Status] = mapped_column(enum_text(Status))
    on: Mapped[date] = mapped_column("on_date")
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    date_estimated: Mapped[bool] = mapped_column(default=False)
    to_village_code: Mapped[str | None] = mapped_column(String(12))
    """Of a transfer within the county: where to."""
    recorded_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    """Until then the event only silences reminders."""
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None]


class StatusPeriod(Base):
    """Derived by the replay: what a person (no condition) or a condition was, before `to_on`."""

    __tablename__ = "status_period"
    __table_args__ = (
        Index(
            "ix_status_period_resident_id_status",
            "resident_id",
            "condition_id",
            "from_on",
            "to_on",
            "status",
        ),
        Index("ix_status_period_condition_id_from_on", "condition_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    condition_id: Mapped[UUID | None] = mapped_column(ForeignKey("condition.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    status: Mapped[Status] = mapped_column(enum_text(Status))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
