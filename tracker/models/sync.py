"""Which people changed when, so that a phone fetches those alone; written by triggers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class ResidentChange(Base):
    """The last change of a person as seen from a place. A person who moves leaves a row in both villages.

    It has no foreign key, for it outlives the person, and no `village_code`, for it does not move along.
    """

    __tablename__ = "resident_change"
    __table_args__ = (Index("ix_resident_change_place_number", "place", "number"),)

    place: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A village's code; or a team's id, for whoever ever had a contract with it."""
    resident_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    """SQLite: from `SyncState`. PostgreSQL: the transaction's own number, so that a late commit is seen."""


class SyncState(Base):
    """One row about the whole database."""

    __tablename__ = "sync_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    """Made once, and anew when a backup is restored: what phones know of another one is worth nothing."""
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the last change on SQLite, where writers come one after the other."""
    staffing: Mapped[int] = mapped_column(BigInteger, default=0)
    """Goes up when it may have changed who answers for a village."""
    naming: Mapped[int] = mapped_column(BigInteger, default=0)
    """Goes up when a team or a region has another name."""
