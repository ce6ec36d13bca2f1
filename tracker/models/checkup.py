"""The yearly health check-up."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json


class Checkup(Base):
    __tablename__ = "checkup"
    __table_args__ = (Index("ix_checkup_resident_id_checked_on", "resident_id", "checked_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    checked_on: Mapped[date]
    institution: Mapped[str] = mapped_column(String(120), default="")
    results: Mapped[Json] = mapped_column(JSON, default=dict)
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    recorded_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
