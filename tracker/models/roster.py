"""A roster file on its way in: uploaded, read, shown, applied."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json, enum_text


class RosterState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    APPROVED = "approved"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class Roster(Base):
    __tablename__ = "roster"
    __table_args__ = (Index("ix_roster_county_code_uploaded_at", "county_code", "uploaded_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    county_code: Mapped[str] = mapped_column(String(6))
    region_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The uploader's area: rows of villages outside it are refused."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[RosterState] = mapped_column(enum_text(RosterState))
    rows_total: Mapped[int | None]
    rows_done: Mapped[int] = mapped_column(default=0)
    summary: Mapped[Json] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(String(500), default="")
    uploaded_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
