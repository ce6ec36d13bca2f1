"""What is asked of the indicators, as it stands in an address: a place, a level below it, a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Period, groups_of
from tracker.models import Level, Region
from tracker.schemas.problem import refuse
from tracker.services.task import filters as task_filter
from tracker.services.workforce import region as regions
from tracker.services.workforce.scope import Scope, in_places

COUNTED = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
"""Levels that have figures of their own."""


@dataclass(frozen=True, slots=True)
class Question:
    """`region`: the beginning of the codes asked for; empty for the whole scope."""

    region: str
    level: Level | None
    period: Period


def read(asked: Mapping[str, str], today: date) -> Question:
    """Refused names the first argument that cannot be one. The year so far, where no day is named."""
    known = task_filter.day(asked, today)
    end = _day(asked, "to") or known
    start = _day(asked, "from") or date(end.year, 1, 1)
    if start > end:
        raise refuse("from", "period_backwards")
    code = asked.get("region", "")
    if code and not (code.isascii() and code.isdigit() and len(code) <= 12):
        raise refuse("region", "string_pattern_mismatch")
    return Question(code, _level(asked), Period(start, end, known))


def _day(asked: Mapping[str, str], name: str) -> date | None:
    text = asked.get(name, "")
    if not text:
        return None
    try:
        return task_filter.day({"as_of": text}, date.min)
    except ValueError:
        raise refuse(name, "date_type") from None


def _level(asked: Mapping[str, str]) -> Level | None:
    level = task_filter.choice(asked, "level", Level)
    if level is not None and level not in COUNTED:
        raise refuse("level", "enum", expected=", ".join(COUNTED))
    return level


def group(asked: Mapping[str, str], key: Key) -> str | None:
    """The group asked for; the first of the indicator where none is named."""
    text = asked.get("group", "")
    offered = groups_of(key)
    if not text:
        return offered[0]
    if text not in offered:
        raise refuse("group", "group_unknown", key=str(key), group=text)
    return text


def place(session: Session, code: str) -> Region | None:
    return session.get(Region, code)


def home(session: Session, scope: Scope) -> Region | None:
    """The place that a member of staff answers for: the region named, or what holds all the villages."""
    codes = sorted(scope.regions) or sorted(scope.villages)
    if not codes:
        return None
    first, last = codes[0], codes[-1]
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    wide = [n for n in regions.LENGTHS.values() if n <= same]
    return session.get(Region, first[: wide[-1]]) if wide else None


def rows(session: Session, scope: Scope, code: str, level: Level | None) -> Sequence[Region]:
    """The regions of a level below a place that lie wholly inside the scope; without a level the place."""
    top = session.get(Region, code) if code else home(session, scope)
    if top is None:
        return []
    found = [top] if level in (None, top.level) else regions.below(session, top.code, level or top.level)
    if all(covered_by_region(scope, region.code) for region in found):
        return found
    return _inside(session, scope, found)


def covered_by_region(scope: Scope, code: str) -> bool:
    return any(code.startswith(region) for region in scope.regions)


def _inside(session: Session, scope: Scope, found: Sequence[Region]) -> Sequence[Region]:
    """Those of which every village is in the scope."""
    villages = select(Region.code).where(Region.level == Level.VILLAGE)
    own = set(session.scalars(villages.where(in_places(scope, Region.code))))
    kept = []
    for region in found:
        below = {region.code} if region.level is Level.VILLAGE else _villages(session, region.code)
        if below and below <= own:
            kept.append(region)
    return kept


def _villages(session: Session, code: str) -> set[str]:
    return {region.code for region in regions.below(session, code, Level.VILLAGE)}
