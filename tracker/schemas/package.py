"""A service package as the commission enters it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tracker.schemas.types import Short, Strict, Whole


class PackageItem(Strict):
    """One service of a package and how often a year it is planned."""

    name: Annotated[Short, Field(min_length=1)]
    times: Annotated[Whole, Field(ge=1, le=366)] = 1


class PackageIn(Strict):
    code: Annotated[Short, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
    name: Annotated[Short, Field(min_length=1)]
    price_fen: Annotated[Whole, Field(ge=0, le=10_000_000)] = 0
    items: Annotated[list[PackageItem], Field(max_length=60)] = []
    active: bool = True
