"""Which of a phone's records have arrived: a number that never came is a record that may be lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Device

HIGHEST = 10_000_000
KEPT = 5000
"""Numbers behind a gap that are remembered one by one."""


def arrived(session: Session, device_id: UUID, numbers: Iterable[int], at: datetime) -> None:
    """Note what has come. The row is held until the transaction ends: a phone may send twice at once."""
    query = select(Device).where(Device.id == device_id).with_for_update()
    device = session.scalars(query.execution_options(populate_existing=True)).one()
    device.last_seen_at = max(device.last_seen_at, at)
    fresh = {n for n in numbers if device.arrived_to < n <= HIGHEST}
    later = sorted({*device.arrived_later, *fresh})
    device.last_sequence = max([device.last_sequence, *fresh])
    device.arrived_to, device.arrived_later = _closed(device.arrived_to, later)


def expect(device: Device, last_sequence: int | None) -> None:
    """The phone says how far it has counted."""
    if last_sequence is not None:
        device.last_sequence = max(device.last_sequence, last_sequence)


def _closed(to: int, later: list[int]) -> tuple[int, list[int]]:
    """Move the mark up to the first gap."""
    for place, number in enumerate(later):
        if number != to + 1:
            return to, later[place : place + KEPT]
        to = number
    return to, []
