"""What happened to a person, as it comes in."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from tracker.domain.terms import Disease, Status
from tracker.schemas.types import Day, Long, Short, Strict

ABSENCES = frozenset({Status.AWAY, Status.HOSPITALISED})
"""Statuses that may carry the day on which they end."""
OF_A_DISEASE = frozenset({Status.MISDIAGNOSED, Status.REFUSED})
"""Statuses that may be of one disease alone; the others are the person's."""


class StatusIn(Strict):
    """Without a disease it is the person's, or that of all the person's diseases."""

    status: Status
    on: Day
    until: Day | None = None
    reason: Long = ""
    disease: Disease | None = None
    region_code: Annotated[Short, Field(pattern=r"^[0-9]{12}$")] | None = None
    """Of a transfer within the county: the new village."""

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.until is not None and self.status not in ABSENCES:
            raise PydanticCustomError("until_unused", "只有外出和住院填截止日期", {"field": "until"})
        if self.until is not None and self.until < self.on:
            raise PydanticCustomError("until_before", "截止日期不能早于开始日期", {"field": "until"})
        if self.disease is not None and self.status not in OF_A_DISEASE | {Status.ACTIVE}:
            raise PydanticCustomError("disease_unused", "这个状态是整个人的，不分病种", {"field": "disease"})
        if self.region_code is not None and self.status is not Status.TRANSFERRED:
            raise PydanticCustomError("region_unused", "只有转到本县别处时填新的村", {"field": "region_code"})
        if self.status is not Status.ACTIVE and not self.reason.strip():
            raise PydanticCustomError("reason_needed", "请写明原因或消息来源", {"field": "reason"})
        return self
