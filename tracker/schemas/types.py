"""Field types of everything that comes in: no silent conversion, bounded lengths, no NUL."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

YEARS = range(1850, 2200)
"""Nothing here happened before or will be planned after; arithmetic with such days cannot overflow."""


class Strict(BaseModel):
    """Unknown keys are refused; NaN and infinities are no numbers."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "要填数字")
    return value


def plain_text(value: Any) -> Any:
    if isinstance(value, str) and "\0" in value:
        raise PydanticCustomError("nul", "含有不能保存的字符")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise PydanticCustomError("nul", "含有不能保存的字符") from None
    return value


def _day(value: Any) -> Any:
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise PydanticCustomError("date_type", "日期要写成 2026-11-20 这样")
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date_type", "日期要写成 2026-11-20 这样") from None
    if value.year not in YEARS:
        raise PydanticCustomError("date_range", "日期不合理")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("moment_type", "时间要写成 2026-11-20T09:12:33+08:00 这样") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise PydanticCustomError("moment_type", "时间要写成 2026-11-20T09:12:33+08:00 这样")
    if value.year not in YEARS:
        raise PydanticCustomError("date_range", "日期不合理")
    return value


Whole = Annotated[int, BeforeValidator(_number), Field(ge=-(2**31), lt=2**31)]
Number = Annotated[float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Short = Annotated[str, Field(max_length=80), BeforeValidator(plain_text)]
Text = Annotated[str, Field(max_length=200), BeforeValidator(plain_text)]
Long = Annotated[str, Field(max_length=500), BeforeValidator(plain_text)]


def canonical(body: Any) -> bytes:
    """The same bytes for the same JSON value, whatever the order of its keys."""
    return json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str).encode()
