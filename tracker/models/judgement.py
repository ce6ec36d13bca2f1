"""What the rules said of a visit for one disease under one policy."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.terms import Disease, Referral, TaskKind
from tracker.models.base import Base, Json, enum_text


class Judgement(Base):
    __tablename__ = "judgement"
    __table_args__ = (
        Index("ix_judgement_resident_id", "resident_id"),
        Index("ix_judgement_condition_id_visit_date", "condition_id", "visit_date"),
        Index("ix_judgement_village_code_visit_date", "village_code", "visit_date"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    disease: Mapped[Disease] = mapped_column(enum_text(Disease), primary_key=True)
    policy_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    condition_id: Mapped[UUID] = mapped_column(ForeignKey("condition.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    visit_date: Mapped[date]
    evaluated: Mapped[bool]
    face_to_face: Mapped[bool]
    counted: Mapped[bool]
    """Face to face, evaluated, approved where that is needed, not a roster's: enters the indicators."""
    on_target: Mapped[bool | None]
    classification: Mapped[int | None]
    controlled: Mapped[bool | None]
    next_step: Mapped[int | None]
    referral: Mapped[Referral | None] = mapped_column(enum_text(Referral))
    reasons: Mapped[list[Json]] = mapped_column(JSON, default=list)
    """Codes with their parameters; the policy pack has the words."""
    next_due: Mapped[date | None]
    task: Mapped[TaskKind | None] = mapped_column(enum_text(TaskKind))
