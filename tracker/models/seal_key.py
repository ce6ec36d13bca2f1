"""Key pairs to which phones seal records: only the server opens them (ECDH and ECDSA keys of NIST P-256)."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

Stored = dict[str, str]


@dataclass(frozen=True, slots=True)
class SealKey:
    """One pair: `id` names it, `point` is what phones get (65 bytes, uncompressed)."""

    id: str
    point: bytes
    private: ec.EllipticCurvePrivateKey


class SealKeys:
    """All pairs by id; records are sealed to the newest, the last of the file, and all can be opened."""

    def __init__(self, keys: Sequence[SealKey] = ()) -> None:
        self._keys = {key.id: key for key in keys}

    @classmethod
    def read(cls, stored: Sequence[Mapping[str, str]]) -> SealKeys:
        return cls([_read(row["private"]) for row in stored])

    @property
    def newest(self) -> SealKey:
        if not self._keys:
            raise RuntimeError("no key to seal to: run `tracker db upgrade`")
        return list(self._keys.values())[-1]

    def __len__(self) -> int:
        return len(self._keys)

    def candidates(self, key_id: str | None) -> list[SealKey]:
        """The pair named, else all of them, the newest first."""
        named = self._keys.get(key_id or "")
        return [named] if named is not None else list(reversed(self._keys.values()))


def made() -> Stored:
    """A new pair as the key file keeps it."""
    private = ec.generate_private_key(ec.SECP256R1())
    return {"id": _id(point_of(private.public_key())), "private": _stored(private)}


def point_of(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _stored(private: ec.EllipticCurvePrivateKey) -> str:
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return b64encode(der).decode()


def _read(text: str) -> SealKey:
    private: Any = load_der_private_key(b64decode(text), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("not a P-256 key")
    point = point_of(private.public_key())
    return SealKey(_id(point), point, private)


def _id(point: bytes) -> str:
    """A key is named by its content, so that a copied file names it alike everywhere."""
    return hashlib.sha256(point).hexdigest()[:16]
