"""The yearly health check-up, as it comes in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from tracker.schemas.types import Day, Long, Short, Strict

RESULTS_AT_MOST = 80
Value = Long | StrictBool | Annotated[StrictInt, Field(ge=-(10**12), le=10**12)] | StrictFloat | None


class CheckupIn(Strict):
    """`results` are the sheet's own items and what was found: words, figures, yes or no."""

    id: UUID | None = None
    checked_on: Day
    institution: Annotated[Short, Field(min_length=1)]
    results: Annotated[dict[Short, Value], Field(max_length=RESULTS_AT_MOST)] = {}
