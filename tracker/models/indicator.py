"""Targets that the commission sets, and what changed under the figures."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json


class Target(Base):
    """The rate, in percent, that a region should reach by 31 December of a year."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("region_code", "year", "indicator", "group_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(40))
    group_code: Mapped[str] = mapped_column(String(16), default="")
    """Empty for the indicator as a whole."""
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))


class Change(Base):
    """What a write changed under the figures, before and after; summaries fold it in order."""

    __tablename__ = "change"

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    resident_id: Mapped[UUID]
    village_code: Mapped[str] = mapped_column(String(12))
    disease: Mapped[str] = mapped_column(String(24), default="")
    before: Mapped[Json] = mapped_column(JSON)
    after: Mapped[Json] = mapped_column(JSON)
