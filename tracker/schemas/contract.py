"""A contract as it comes in: signing, renewal, termination, and the signature itself."""

from __future__ import annotations

import re
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tracker.domain.contract import TERMS, Evidence, Signer, TerminationReason
from tracker.schemas.types import Day, Long, Short, Strict, Whole

IMAGE_AT_MOST = 200_000
IMAGE = re.compile(r"data:image/(svg\+xml|png|jpeg)(;[a-z0-9=-]+)*,[A-Za-z0-9+/=%._~!$&'()*,;:@-]+")
"""A data address; pages show it only as the source of an <img>, where nothing in it can run."""
Packages = Annotated[list[Short], Field(min_length=1, max_length=12)]


class SignatureIn(Strict):
    """Who signed and how; `image` holds the drawn strokes or a photo of the signed page."""

    kind: Evidence
    by: Signer = Signer.RESIDENT
    image: Annotated[str, Field(max_length=IMAGE_AT_MOST)] | None = None

    @field_validator("image")
    @classmethod
    def an_image(cls, value: str | None) -> str | None:
        if value and not IMAGE.fullmatch(value):
            raise PydanticCustomError("signature_image", "签名图片格式不对")
        return value or None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.kind is Evidence.DRAWN and self.image is None:
            raise PydanticCustomError("signature_empty", "还没有签名", {"field": "image"})
        if self.kind is Evidence.NONE and self.image is not None:
            raise PydanticCustomError("signature_unused", "没有签字就不能带签名图片", {"field": "image"})
        return self


class _Signing(Strict):
    id: UUID | None = None
    years: Whole
    packages: Packages = ["BASIC"]
    signed_on: Day
    signature: SignatureIn

    @field_validator("years")
    @classmethod
    def allowed_years(cls, value: int) -> int:
        if value not in TERMS:
            raise PydanticCustomError("term_years", "签约年限是 1–3 年")
        return value

    @field_validator("packages")
    @classmethod
    def each_once(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class ContractIn(_Signing):
    """A contract to be signed; it begins on the day of signing unless `start_on` says otherwise."""

    resident_id: UUID
    team: Short
    start_on: Day | None = None


class RenewalIn(_Signing):
    """What follows a contract; its first day is computed. Team and person are those of the old one."""

    resident_id: UUID | None = None
    team: Short | None = None
    start_on: Day | None = None


class TerminationIn(Strict):
    terminated_on: Day
    reason: TerminationReason
    note: Long = ""

    @model_validator(mode="after")
    def explained(self) -> Self:
        if self.reason is TerminationReason.OTHER and not self.note.strip():
            raise PydanticCustomError("note_needed", "选“其他”要写明原因", {"field": "note"})
        return self


class SignLaterIn(Strict):
    """The signature of a contract that was entered without one."""

    signed_on: Day
    signature: SignatureIn

    @field_validator("signature")
    @classmethod
    def signed(cls, value: SignatureIn) -> SignatureIn:
        if value.kind is Evidence.NONE:
            raise PydanticCustomError("signature_empty", "还没有签名", {"field": "kind"})
        return value
