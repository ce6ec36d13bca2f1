"""A visit, its versions as they were recorded, and every body that was sent."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Mode
from tracker.models.base import Base, Json, enum_text


class Approval(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class VisitSource(StrEnum):
    TYPED = "typed"
    IMPORT = "import"


class Visit(Base):
    """One encounter. The measured columns repeat the newest version, for lists and charts."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_resident_id_visit_date", "resident_id", "visit_date"),
        Index("ix_visit_village_code_visit_date", "village_code", "visit_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    village_code_at: Mapped[str] = mapped_column(String(12))
    """Where the person lived on the day of the visit."""
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[VisitSource] = mapped_column(enum_text(VisitSource), default=VisitSource.TYPED)
    visit_date: Mapped[date]
    mode: Mapped[Mode | None] = mapped_column(enum_text(Mode))
    recorded_at: Mapped[datetime]
    """By the device, of the first version."""
    received_at: Mapped[datetime]
    visited_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    late_entry: Mapped[bool] = mapped_column(default=False)
    clock_ahead: Mapped[bool] = mapped_column(default=False)
    clock_offset: Mapped[int | None] = mapped_column(BigInteger)
    """Seconds by which the phone's clock was ahead of the server's when it sent."""
    device_id: Mapped[UUID | None]
    """The phone that signed what came; no reference, so that taking in visits does not wait for it."""
    approval: Mapped[Approval | None] = mapped_column(enum_text(Approval))
    voided_at: Mapped[datetime | None]
    body: Mapped[Json] = mapped_column(JSON)
    """The newest version as `VisitIn` (see tracker.schemas.visit), without what is left out."""
    sbp: Mapped[int | None]
    dbp: Mapped[int | None]
    fpg: Mapped[float | None]
    weight_kg: Mapped[float | None]
    height_cm: Mapped[float | None]


class VisitVersion(Base):
    """What was recorded first, and each correction and void after it; never changed."""

    __tablename__ = "visit_version"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """original, correction or void"""
    body: Mapped[Json] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class Submission(Base):
    """A body that was sent for an id and the answer it got: a replay gets the same one again.

    Of other kinds than visits only what was refused to a phone is kept, in the seal it came in.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("visit_id", "body_hash"),
        Index("ix_submission_status_village_code", "status", "village_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    visit_id: Mapped[UUID]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    resident_id: Mapped[UUID | None]
    village_code: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12))
    """accepted, conflict, rejected, or settled: refused first, then entered by a lead"""
    body: Mapped[Json | None] = mapped_column(JSON)
    """Kept for all but the accepted ones, which are the visit itself."""
    answer: Mapped[Json] = mapped_column(JSON)
    received_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(12), default="visit", server_default="visit")
    """visit, attempt, resident or contract"""
    device_id: Mapped[UUID | None]
    """The phone that sent it; no reference, as in visits."""
    settled_at: Mapped[datetime | None]
    """When a lead had decided what becomes of it."""
    settled_by: Mapped[UUID | None]
    settled_for: Mapped[str] = mapped_column(String(500), default="", server_default="")
