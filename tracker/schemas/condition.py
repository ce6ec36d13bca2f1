"""A place on a disease register as it comes in."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tracker.domain.terms import Disease
from tracker.schemas.types import Day, Strict


class ConditionIn(Strict):
    disease: Disease
    diagnosed_on: Day | None = None
    enrolled_on: Day

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.diagnosed_on is not None and self.diagnosed_on > self.enrolled_on:
            raise PydanticCustomError(
                "diagnosed_after", "确诊日期不能晚于建档日期", {"field": "diagnosed_on"}
            )
        return self
