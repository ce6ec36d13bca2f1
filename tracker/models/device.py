"""A phone that a member of staff works with, and the nonces it signs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base
from tracker.models.sealed import Sealed


class Device(Base):
    """Belongs to one person for good; its id was made by the phone."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_staff_id", "staff_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    """The uncompressed P-256 point by which its signatures are checked."""
    share: Mapped[str] = mapped_column(Sealed("device.share"))
    """32 random bytes as base64url, lent to the phone: without them its readable copies stay closed."""
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    registered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    revoked_for: Mapped[str] = mapped_column(String(500), default="")
    last_sequence: Mapped[int] = mapped_column(default=0)
    """The highest number that the phone has given to a record, as far as is known here."""
    arrived_to: Mapped[int] = mapped_column(default=0)
    """Every record up to this number has arrived."""
    arrived_later: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Numbers behind a gap that have arrived, in order."""

    @property
    def missing(self) -> int:
        """How many records the phone has numbered that have not arrived."""
        return max(0, self.last_sequence - self.arrived_to - len(self.arrived_later))


class DeviceNonce(Base):
    """Asked for by a phone before it signs; gone once it is used. Unknown phones get some, too."""

    __tablename__ = "device_nonce"
    __table_args__ = (
        Index("ix_device_nonce_device_id", "device_id"),
        Index("ix_device_nonce_address_expires_at", "address", "expires_at"),
        Index("ix_device_nonce_expires_at", "expires_at"),
    )

    nonce_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    device_id: Mapped[UUID]
    address: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime]
