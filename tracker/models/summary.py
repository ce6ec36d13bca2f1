"""The figures of villages as they were last counted, and which villages have changed since."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Summary(Base):
    """The cases of one indicator in one village, for the day that `SummaryState` names; none, no row."""

    __tablename__ = "summary"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The year of the period: this one so far, or the whole of the last."""
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Empty for everybody; of contracts held at the end of months the day."""
    numerator: Mapped[int]
    denominator: Mapped[int]
    young: Mapped[int]


class SummaryState(Base):
    """One row: which day the summaries are of. Without a day there are none."""

    __tablename__ = "summary_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    """Goes up whenever somebody begins to count, so that whoever began before does not store any more."""
    day: Mapped[date | None]
    at: Mapped[datetime | None]
    policy_id: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Indicators of which last year is kept too: those with targets."""


class Touched(Base):
    """A village with new or other rows in a table since its figures were counted; written by triggers."""

    __tablename__ = "touched"
    __table_args__ = (Index("ix_touched_village_code_source_taken", "village_code", "source", "taken"),)

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(24))
    taken: Mapped[bool] = mapped_column(default=False)
    """Somebody is counting the village: what is written from now on is noted anew."""
