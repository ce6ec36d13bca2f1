"""What time it is in the county. Only entry points read it; everything below gets dates as arguments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class _Zone:
    current = ZoneInfo("Asia/Shanghai")


def use_zone(name: str) -> None:
    """Set the county's time zone for this process; called once by the application factory."""
    _Zone.current = ZoneInfo(name)


def zone() -> ZoneInfo:
    return _Zone.current


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return datetime.now(_Zone.current).date()
