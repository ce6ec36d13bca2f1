"""The yearly health check-up, as it comes in."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tracker.schemas.types import Day, Short, Strict, plain_text

RESULTS_AT_MOST = 80
TEXT_AT_MOST = 500
DEPTH_AT_MOST = 3
NUMBER_AT_MOST = 10**12


def _value(value: Any, depth: int = 1) -> Any:
    """Words, figures, yes or no; lists and groups of them where a sheet has such."""
    if isinstance(value, dict | list) and depth <= DEPTH_AT_MOST and len(value) <= RESULTS_AT_MOST:
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            _value(part, depth + 1)
    elif isinstance(value, str) and len(value) <= TEXT_AT_MOST:
        plain_text(value)
    elif not (value is None or (isinstance(value, int | float) and abs(value) <= NUMBER_AT_MOST)):
        raise PydanticCustomError("checkup_value", "不符合要求")
    return value


class CheckupIn(Strict):
    """`results` are the sheet's own items and what was found."""

    id: UUID | None = None
    checked_on: Day
    institution: Annotated[Short, Field(min_length=1)]
    results: Annotated[
        dict[Short, Annotated[Any, AfterValidator(_value)]], Field(max_length=RESULTS_AT_MOST)
    ] = {}
