"""Family-doctor teams, the villages they cover and their members, each from a day to a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

BEGINNING = date(1900, 1, 1)
"""Stands for "always so far" in a valid-from column."""


class Team(Base):
    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("county_code", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    county_code: Mapped[str] = mapped_column(String(6))
    township_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40), default="")
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))


class TeamVillage(Base):
    """A village that a team covers; `to_on` is its last day."""

    __tablename__ = "team_village"
    __table_args__ = (
        Index("ix_team_village_village_code", "village_code"),
        Index("ix_team_village_team_id", "team_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    from_on: Mapped[date] = mapped_column(default=BEGINNING)
    to_on: Mapped[date | None]


class Membership(Base):
    """A person's place in a team; `to_on` is the last day."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_staff_id", "staff_id"), Index("ix_membership_team_id", "team_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role_in_team: Mapped[str] = mapped_column(String(24), default="")
    from_on: Mapped[date] = mapped_column(default=BEGINNING)
    to_on: Mapped[date | None]
