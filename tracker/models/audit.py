"""Who did what to whom: one row per act, in the act's own transaction, with room for a keyed hash chain."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json


class Audit(Base):
    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_object_id", "object_id"),
        Index("ix_audit_staff_id_at", "staff_id", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(24), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(24), default="")
    object_id: Mapped[str] = mapped_column(String(64), default="")
    village_code: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    result: Mapped[str] = mapped_column(String(24), default="done")
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
