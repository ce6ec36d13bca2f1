"""Opens what phones have sealed to the server: ECIES of P-256, HKDF-SHA256 (RFC 5869) and AES-256-GCM.

version 1 | ephemeral public point (65 bytes) | nonce (12) | ciphertext with its tag; the record's id, written
in small letters with hyphens, is authenticated with it, so that no record passes for another.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.models.seal_key import SealKey
from tracker.models.sealed import keys
from tracker.schemas.problem import refuse
from tracker.schemas.sealed import bytes_of, object_of

VERSION = 1
POINT, NONCE, TAG = 65, 12, 16
INFO = b"tracker seal 1"


def unseal(item_id: UUID, data: object, key_id: object = None) -> dict[str, Any]:
    """The record in the seal; Refused (field `sealed`) where it cannot be opened or says another id."""
    blob = bytes_of(data)
    if len(blob) < 1 + POINT + NONCE + TAG or blob[0] != VERSION:
        raise refuse("sealed", "seal_broken")
    body = object_of(_opened(blob, str(item_id).encode(), key_id if isinstance(key_id, str) else None))
    if body.setdefault("id", str(item_id)) != str(item_id):
        raise refuse("sealed", "seal_of_another")
    return body


def _opened(blob: bytes, said: bytes, key_id: str | None) -> bytes:
    point, nonce, closed = blob[1 : 1 + POINT], blob[1 + POINT : 1 + POINT + NONCE], blob[1 + POINT + NONCE :]
    for key in keys().sealing.candidates(key_id):
        try:
            return AESGCM(_agreed(key, point)).decrypt(nonce, closed, said)
        except (InvalidTag, ValueError):  # sealed to another key, altered, or no point of the curve
            continue
    raise refuse("sealed", "seal_broken")


def _agreed(key: SealKey, point: bytes) -> bytes:
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    shared = key.private.exchange(ec.ECDH(), theirs)
    return HKDF(SHA256(), 32, salt=point, info=INFO).derive(shared)
