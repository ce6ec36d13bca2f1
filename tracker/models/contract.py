"""Yearly contracts between a resident and a team, their packages and evidence."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.contract import ContractKind, Evidence, Signer
from tracker.models.base import Base, Json, enum_text


class Package(Base):
    """A service package; a contract keeps the version it was signed with."""

    __tablename__ = "package"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(80))
    price_fen: Mapped[int] = mapped_column(default=0)
    """In 1/100 yuan, what the resident pays a year."""
    items: Mapped[list[Json]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(default=True)


class Contract(Base):
    """No two of one resident overlap: a trigger on both databases says so, by start_on and occupied_until."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("start_on <= end_on", name="starts_before_end"),
        CheckConstraint("years IN (1, 2, 3)", name="one_to_three_years"),
        Index(
            "ix_contract_resident_id_in_force",
            "resident_id",
            "end_on",
            "start_on",
            "terminated_on",
            "evidence",
            "voided_at",
            "signed_on",
        ),
        Index("ix_contract_team_id_village_code", "team_id", "village_code"),
        Index("ix_contract_village_code_end_on", "village_code", "end_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    village_code_at: Mapped[str] = mapped_column(String(12))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[ContractKind] = mapped_column(enum_text(ContractKind))
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"))
    years: Mapped[int]
    signed_on: Mapped[date]
    start_on: Mapped[date]
    end_on: Mapped[date]
    evidence: Mapped[Evidence] = mapped_column(enum_text(Evidence))
    signed_by: Mapped[Signer] = mapped_column(enum_text(Signer), default=Signer.RESIDENT)
    signature: Mapped[str | None]
    """The drawn strokes as an SVG data address."""
    terminated_on: Mapped[date | None]
    termination_reason: Mapped[str | None] = mapped_column(String(2))
    termination_note: Mapped[str] = mapped_column(String(500), default="")
    voided_at: Mapped[datetime | None]
    occupied_until: Mapped[date | None]
    """Last day taken: end or termination, whichever is first; empty where nobody signed or it is void."""
    source: Mapped[str] = mapped_column(String(16), default="typed")
    body_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class ContractPackage(Base):
    __tablename__ = "contract_package"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    package_id: Mapped[UUID] = mapped_column(ForeignKey("package.id"), primary_key=True)
