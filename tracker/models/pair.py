"""Two visits of one person at nearly the same time that a lead has found both right."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class VisitPair(Base):
    """The visit of the earlier day comes first; of one day, the smaller id."""

    __tablename__ = "visit_pair"
    __table_args__ = (Index("ix_visit_pair_village_code", "village_code"),)

    first_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    settled_at: Mapped[datetime]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
