"""What a phone signs: a nonce good once, for five minutes, and the request itself (ECDSA, FIPS 186-5).

Asked for without signing in, so unknown phones get one, too, and nobody can fill the table: a phone holds a
few at a time, an address as many as a busy clinic needs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import Connection, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from tracker.models import Device, DeviceNonce, Staff
from tracker.services.account.web_session import digest

HOLDS = timedelta(minutes=5)
OF_A_DEVICE = 20
OF_AN_ADDRESS = 2000
"""Nonces that were not used yet: those of phones that work are used within seconds."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as its phone signed it."""

    device_id: UUID
    nonce: str
    signature: bytes

    @classmethod
    def read(cls, text: str) -> Signed | None:
        """From "<device id> <nonce> <base64url signature>"; None for anything else."""
        parts = text.split()
        if len(parts) != 3 or len(text) > 400:
            return None
        device_id, nonce, signature = parts
        try:
            signed = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
            return cls(UUID(device_id), nonce, signed)
        except (ValueError, binascii.Error):
            return None

    def by(self, device: Device, method: str, path: str, body: bytes) -> bool:
        """Whether this phone's key has signed this very request."""
        said = f"{method} {path} {self.nonce} {hashlib.sha256(body).hexdigest()}".encode()
        return signed_by(device, self.signature, said)


def signed_by(device: Device, signature: bytes, said: bytes) -> bool:
    """Whether this phone's key has signed these very bytes."""
    if len(signature) != 64:
        return False
    r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device.public_key)
    try:
        key.verify(encode_dss_signature(r, s), said, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def ask(session: Session, device_id: UUID, address: str, at: datetime) -> str | None:
    """A nonce for whoever says to be this phone; None where this address has asked too often."""
    session.execute(delete(DeviceNonce).where(DeviceNonce.expires_at <= at))
    count = select(func.count()).where(DeviceNonce.address == address, DeviceNonce.expires_at > at)
    if (session.scalar(count) or 0) >= OF_AN_ADDRESS:
        return None
    held = session.scalars(
        select(DeviceNonce.nonce_hash)
        .where(DeviceNonce.device_id == device_id)
        .order_by(DeviceNonce.expires_at.desc())
        .offset(OF_A_DEVICE - 1)
    ).all()
    if held:
        session.execute(delete(DeviceNonce).where(DeviceNonce.nonce_hash.in_(held)))
    nonce = secrets.token_urlsafe(24)
    row = DeviceNonce(
        nonce_hash=digest(nonce), device_id=device_id, address=address[:64], expires_at=at + HOLDS
    )
    session.add(row)
    session.flush()
    return nonce


def use(connection: Connection, signed: Signed, at: datetime) -> bool:
    """Whether the nonce was given to this phone and is good; from now on it is not."""
    gone = connection.execute(
        delete(DeviceNonce).where(
            DeviceNonce.nonce_hash == digest(signed.nonce),
            DeviceNonce.device_id == signed.device_id,
            DeviceNonce.expires_at > at,
        )
    )
    return cast(CursorResult[Any], gone).rowcount == 1


def signer(session: Session, signed: Signed) -> tuple[Device, Staff] | None:
    """The phone that is named, with its owner, whether they still work or not."""
    row = session.execute(
        select(Device, Staff).join(Staff, Staff.id == Device.staff_id).where(Device.id == signed.device_id)
    ).first()
    return None if row is None else (row[0], row[1])
