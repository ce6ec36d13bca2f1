"""What reading a roster has to tell about a cell: a reason, its parameters and its text.

The texts in Chinese and English stand in `findings.json`, one entry per reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from tracker.domain.reasons import Reason

T = TypeVar("T")
TEXTS = Path(__file__).with_name("findings.json")
NOTHING: Mapping[str, str] = {}


class Result(StrEnum):
    """What became of a cell: the person is not taken, the cell is left empty, or only remarked upon."""

    REFUSED = "refused"
    LEFT_EMPTY = "left_empty"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Issue:
    """A reason with what its text needs."""

    reason: Reason
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A cell as read: its value, what could not be taken, and what was put right on the way."""

    value: T | None = None
    issues: tuple[Issue, ...] = ()
    fixes: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `row` counts as Excel does and `column` is the header's own text."""

    sheet: str
    row: int
    column: str
    value: str
    result: Result
    reason: Reason
    params: Mapping[str, str] = field(default_factory=dict)

    def text(self, locale: str) -> str:
        return finding_text(self.reason, self.params, locale)


def unread(reason: Reason, **params: str) -> Read[T]:
    """A cell that could not be taken."""
    return Read(None, (Issue(reason, params),))


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return loaded


def finding_text(reason: Reason | str, params: Mapping[str, str] = NOTHING, locale: str = "zh") -> str:
    """The reason in English for any `en…` locale, else in Chinese."""
    text = texts()[str(reason)]["en" if locale.lower().startswith("en") else "zh"]
    return text.format_map(params) if params else text
