"""Hospitals, branches and clinics, and the county groups they form."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, enum_text


class InstitutionKind(StrEnum):
    COUNTY_HOSPITAL = "county_hospital"
    TOWNSHIP_HOSPITAL = "township_hospital"
    BRANCH = "branch"
    CLINIC = "clinic"


class CountyGroup(Base):
    """A group of institutions under one lead hospital; a county may have several."""

    __tablename__ = "county_group"
    __table_args__ = (UniqueConstraint("county_code", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    county_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    name: Mapped[str] = mapped_column(String(120))


class Institution(Base):
    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("region_code", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[InstitutionKind] = mapped_column(enum_text(InstitutionKind))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    county_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("county_group.id"))
    licence_no: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
