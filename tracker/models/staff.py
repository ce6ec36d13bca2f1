"""People who work with the product: role, licence, the regions they answer for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.roles import Role
from tracker.models.base import Base, enum_text
from tracker.models.sealed import Sealed


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(enum_text(Role))
    phone: Mapped[str | None] = mapped_column(Sealed("staff.phone"))
    licence_kind: Mapped[str] = mapped_column(String(24), default="")
    licence_expires_on: Mapped[date | None]
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    locale: Mapped[str | None] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    """Since when the account is not active; what lies on its phones may still be delivered for a while."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    security_stamp: Mapped[int] = mapped_column(default=0)
    """Goes up when the password or the rights change; sessions and tokens of an older stamp are dead."""
    activation_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    activation_until: Mapped[datetime | None]


class StaffRegion(Base):
    """A region that a member of staff answers for: a scope is a prefix of codes."""

    __tablename__ = "staff_region"
    __table_args__ = (Index("ix_staff_region_staff_id", "staff_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
