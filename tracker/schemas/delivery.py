"""The file in which a phone hands out what it could not send: records as one text that the phone signed."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.schemas.problem import refuse
from tracker.schemas.sealed import no_twice

FILE_AT_MOST = 20 * 1024 * 1024
RECORDS_AT_MOST = 5000


class DeliveryRecord(BaseModel):
    """One record as the phone would send it, with what the address says when it sends itself."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["visit", "attempt", "resident", "contract"]
    resident_id: UUID | None = None
    id: str

    def envelope(self) -> dict[str, Any]:
        """What the phone sends as the record's body."""
        return {"id": self.id, **(self.model_extra or {})}


class DeliveryContent(BaseModel):
    """What the phone has signed."""

    device: UUID
    author: UUID
    records: list[DeliveryRecord]


class Delivery(BaseModel):
    content: str
    signature: str

    def signed(self) -> bytes:
        """The signature's bytes; empty where it is none."""
        try:
            padded = self.signature + "=" * (-len(self.signature) % 4)
            return base64.b64decode(padded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return b""


def read_file(data: bytes) -> tuple[Delivery, DeliveryContent]:
    """Refused (field `file`) for anything that no phone has written."""
    try:
        file = Delivery.model_validate(json.loads(data, object_pairs_hook=no_twice))
        content = DeliveryContent.model_validate(json.loads(file.content, object_pairs_hook=no_twice))
    except (ValidationError, ValueError, RecursionError):
        raise refuse("file", "no_delivery") from None
    if len(content.records) > RECORDS_AT_MOST:
        raise refuse("file", "delivery_long", most=RECORDS_AT_MOST)
    return file, content
