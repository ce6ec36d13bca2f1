"""A phone as it registers itself: its own id, a name and the public half of the key it signs with."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from tracker.schemas.types import Long, Short, Strict, Whole

POINT = 65


def _point(value: Any) -> Any:
    """The uncompressed point, from base64url or from a JWK (RFC 7517); one of the curve P-256."""
    if isinstance(value, bytes):
        return value
    try:
        point = b"\4" + _bytes(value["x"]) + _bytes(value["y"]) if isinstance(value, dict) else _bytes(value)
        if len(point) != POINT:
            raise ValueError
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise PydanticCustomError("public_key", "要填 P-256 公钥") from None
    return point


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str) or len(text) > 200:
        raise ValueError
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


Point = Annotated[bytes, BeforeValidator(_point, json_schema_input_type=str | dict[str, Any])]
Sequence = Annotated[Whole, Field(ge=1, le=10_000_000)]


class DeviceIn(Strict):
    id: UUID
    name: Annotated[Short, Field(min_length=1)]
    public_key: Point


class LeaseIn(Strict):
    """`last_sequence`: the number of the newest record on the phone, so that missing ones are noticed."""

    last_sequence: Sequence | None = None


class RevocationIn(Strict):
    reason: Annotated[Long, Field(min_length=1)]
