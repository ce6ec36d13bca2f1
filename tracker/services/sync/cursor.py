"""How far a phone has come: text that it keeps and hands back, and that says whether it still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tracker.services.workforce.scope import Scope

VERSION = "2"
"""Of the cursor, and of what is told of a person: phones with another one fetch everybody anew."""
PARTS = 10
HIGHEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment: what changed at `number` or later, or by the calendar after `day`, may not be known then."""

    number: int
    day: date


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything is known as of `since`, and of what is new up to `until` the people up to `after`.

    Without `since` a whole list is on its way. `epoch` is of the database, `reader` of the account, its scope
    and the policy, `own` of the villages that it answers for, as of the count `staffing`.
    """

    epoch: str
    reader: str
    own: str
    staffing: int
    since: Mark | None
    until: Mark | None = None
    after: UUID | None = None

    @property
    def marks(self) -> list[Mark]:
        return [mark for mark in (self.since, self.until) if mark is not None]

    def done(self) -> Cursor:
        """After the last page."""
        return replace(self, since=self.until, until=None, after=None)

    def __str__(self) -> str:
        marks = [part for mark in (self.since, self.until) for part in _written(mark)]
        after = "" if self.after is None else self.after.hex
        return ".".join([VERSION, self.epoch, self.reader, self.own, str(self.staffing), *marks, after])


def read(text: str) -> Cursor | None:
    """The cursor that a phone handed back; None where it is none."""
    parts = text.split(".")
    if len(text) > 300 or len(parts) != PARTS or parts[0] != VERSION:
        return None
    try:
        since, until = _mark(*parts[5:7]), _mark(*parts[7:9])
        after = UUID(hex=parts[9]) if parts[9] else None
        staffing = _number(parts[4])
    except ValueError:
        return None
    if (until is None) is not (after is None) or (since is None and until is None):
        return None
    return Cursor(parts[1], parts[2], parts[3], staffing, since, until, after)


def reader(scope: Scope, policy_id: str, naming: int) -> str:
    """What decides which people are shown, and how, besides their own rows."""
    teams = sorted(team.hex for team in scope.teams)
    return digest(
        [scope.staff_id.hex, scope.role, scope.regions, sorted(scope.villages), teams, policy_id, naming]
    )


def digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:16]


def _written(mark: Mark | None) -> tuple[str, str]:
    return ("", "") if mark is None else (str(mark.number), mark.day.isoformat())


def _mark(number: str, day: str) -> Mark | None:
    return None if not number and not day else Mark(_number(number), date.fromisoformat(day))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < HIGHEST):
        raise ValueError(text)
    return int(text)
