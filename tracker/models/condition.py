"""A person's place on a disease register, with what the replay last said of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Disease, Status, TaskKind
from tracker.models.base import Base, enum_text


class Condition(Base):
    __tablename__ = "condition"
    __table_args__ = (
        UniqueConstraint("resident_id", "disease"),
        Index("ix_condition_village_code_disease", "village_code", "disease"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[Disease] = mapped_column(enum_text(Disease))
    diagnosed_on: Mapped[date | None]
    enrolled_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(16), default="typed")
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    # Written by the replay alone:
    status: Mapped[Status] = mapped_column(enum_text(Status), default=Status.ACTIVE)
    next_due: Mapped[date | None]
    next_task: Mapped[TaskKind | None] = mapped_column(enum_text(TaskKind))
    last_face_to_face_on: Mapped[date | None]
    last_evaluated_on: Mapped[date | None]
