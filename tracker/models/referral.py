"""What became of a referral, as somebody reported it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Disease, ReferralResult
from tracker.models.base import Base, enum_text


class ReferralOutcome(Base):
    __tablename__ = "referral_outcome"
    __table_args__ = (Index("ix_referral_outcome_resident_id", "resident_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[Disease] = mapped_column(enum_text(Disease))
    outcome: Mapped[ReferralResult] = mapped_column(enum_text(ReferralResult))
    outcome_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200), default="")
    plan: Mapped[str] = mapped_column(String(1000), default="")
    treatment_changed: Mapped[bool] = mapped_column(default=False)
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    recorded_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
