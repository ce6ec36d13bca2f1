"""The region tree (the code is the path), names it is also known by, and its population."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, enum_text


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Region(Base):
    __tablename__ = "region"
    __table_args__ = (Index("ix_region_parent_code", "parent_code"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[Level] = mapped_column(enum_text(Level))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))


class RegionAlias(Base):
    """Another name of a region that rosters use."""

    __tablename__ = "region_alias"
    __table_args__ = (UniqueConstraint("region_code", "alias"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    alias: Mapped[str] = mapped_column(String(80))


class Population(Base):
    """People of a region in a year: residents (over six months) and registered ones."""

    __tablename__ = "population"
    __table_args__ = (UniqueConstraint("region_code", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    resident: Mapped[int]
    registered: Mapped[int | None]
    hypertension: Mapped[int | None]
    """Patients that the county expects or was set as a task; the denominator of the managed rate."""
    diabetes: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(200), default="")
