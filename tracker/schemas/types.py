"""Field types of everything that comes in: no silent conversion, bounded lengths, no NUL."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

YEARS = range(1850, 2200)
"""Nothing here happened before or will be planned after; arithmetic with such days cannot overflow."""


ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""ISO 8601 has other ways to write a day; one is enough, so that nobody has to guess."""


class Strict(BaseModel):
    """Unknown keys are refused; NaN and infinities are no numbers; null says the same as nothing."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def null_is_left_out(cls, data: Any) -> Any:
        """Programs send null for an empty text or list, too."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or not cls._may_miss(key)}

    @classmethod
    def _may_miss(cls, key: Any) -> bool:
        field = cls.model_fields.get(key)
        return field is not None and not field.is_required() and field.default is not None


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
            value = date.fromisoformat(value if ISO_DAY.fullmatch(value) else "")
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
