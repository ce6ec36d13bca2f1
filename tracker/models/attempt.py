"""A try to reach a person, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, enum_text


class AttemptOutcome(StrEnum):
    WILL_COME = "will_come"
    LATER = "later"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    MOVED = "moved"
    DIED = "died"
    SEEN_ELSEWHERE = "seen_elsewhere"


class ContactAttempt(Base):
    __tablename__ = "contact_attempt"
    __table_args__ = (Index("ix_contact_attempt_resident_id_attempted_at", "resident_id", "attempted_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    attempted_at: Mapped[datetime]
    outcome: Mapped[AttemptOutcome] = mapped_column(enum_text(AttemptOutcome))
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    recorded_at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
