"""Cards that find a person: each has a random code, and a person has one that is valid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

VALID = text("replaced_at IS NULL")


class Card(Base):
    __tablename__ = "card"
    __table_args__ = (
        Index(
            "uq_card_resident_id_valid",
            "resident_id",
            unique=True,
            sqlite_where=VALID,
            postgresql_where=VALID,
        ),
        Index("ix_card_resident_id", "resident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    printed_at: Mapped[datetime | None]
    """When it was printed last."""
    replaced_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    replaced_reason: Mapped[str] = mapped_column(String(200), default="")
