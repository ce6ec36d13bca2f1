"""A resident, the phones and initials to find them by, their groups, and where they lived when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.person import Sex
from tracker.models.base import Base, Json, enum_text
from tracker.models.sealed import Sealed


class Resident(Base):
    __tablename__ = "resident"
    __table_args__ = (
        UniqueConstraint("county_code", "identity_key"),
        Index("ix_resident_village_code_name", "village_code", "name"),
        Index("ix_resident_name", "name"),
        Index("ix_resident_id_tail", "id_tail"),
        Index("ix_resident_village_code_id_tail", "village_code", "id_tail"),
        Index("ix_resident_village_code_birth_date", "village_code", "birth_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    county_code: Mapped[str] = mapped_column(String(6))
    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """Where the person is now; `Residence` keeps where they were."""
    archive_no: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    sex: Mapped[Sex] = mapped_column(enum_text(Sex))
    birth_date: Mapped[date]
    id_type: Mapped[str] = mapped_column(String(24), default="id_card")
    id_number: Mapped[str | None] = mapped_column(Sealed("resident.id_number"))
    identity_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Blind index of the ID number, or of name, sex, birth, village and guardian where there is none."""
    id_tail: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """Blind index of the last four characters of the ID number."""
    no_id_reason: Mapped[str | None] = mapped_column(String(200))
    guardian_id: Mapped[str | None] = mapped_column(Sealed("resident.guardian_id"))
    address: Mapped[str | None] = mapped_column(Sealed("resident.address"))
    registered: Mapped[bool] = mapped_column(default=True)
    """Whether the household register is here too."""
    ethnicity: Mapped[str] = mapped_column(String(40), default="")
    height_cm: Mapped[float | None]
    allergies: Mapped[str | None] = mapped_column(Sealed("resident.allergies"))
    """In words; empty where nobody has asked, "无" where the answer was none."""
    note: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(16), default="typed")
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of the body that created it, so that a repeated creation is told from another one."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class ResidentPhone(Base):
    __tablename__ = "resident_phone"
    __table_args__ = (
        Index("ix_resident_phone_resident_id", "resident_id"),
        Index("ix_resident_phone_number_key", "number_key"),
        Index("ix_resident_phone_tail_key", "tail_key"),
        Index("ix_resident_phone_village_code_tail_key", "village_code", "tail_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(Sealed("resident_phone.number"))
    number_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    tail_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Blind index of the last four digits."""
    note: Mapped[str] = mapped_column(String(40), default="")


class ResidentInitials(Base):
    """One way to read a name's initials; a name with heteronyms has several."""

    __tablename__ = "resident_initials"
    __table_args__ = (
        Index("ix_resident_initials_initials_village_code", "initials", "village_code"),
        Index("ix_resident_initials_village_code_initials", "village_code", "initials"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), primary_key=True)
    initials: Mapped[str] = mapped_column(String(80), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))


class ResidentGroup(Base):
    """A key-population group that was entered; derived ones are derived. `to_on` is the last day."""

    __tablename__ = "resident_group"
    __table_args__ = (
        Index("ix_resident_group_resident_id", "resident_id"),
        Index("ix_resident_group_village_code_code", "village_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(8))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    details: Mapped[Json] = mapped_column(JSON, default=dict)
    """For PRG: lmp, edd, delivered_on, lactating_until."""


class Residence(Base):
    """Where a person lived; `to_on` is the first day on which they no longer did."""

    __tablename__ = "residence"
    __table_args__ = (
        UniqueConstraint("resident_id", "from_on"),
        Index("ix_residence_village_code", "village_code", "from_on", "to_on"),
        Index("ix_residence_resident_id_village_code", "resident_id", "from_on", "to_on", "village_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Responsibility(Base):
    """A doctor named for one person, apart from the village's; `to_on` is the last day."""

    __tablename__ = "responsibility"
    __table_args__ = (
        Index("ix_responsibility_resident_id", "resident_id"),
        Index("ix_responsibility_staff_id", "staff_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class ArchiveCounter(Base):
    """The last serial given out in a village's archive numbers."""

    __tablename__ = "archive_counter"

    village_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    last_serial: Mapped[int] = mapped_column(default=0)
