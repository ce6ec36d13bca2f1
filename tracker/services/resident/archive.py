"""Archive numbers of residents: 17 digits, the village's twelve and a serial of five.

Source: the coding rule of the national specification for health archives (2011).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.models import ArchiveCounter, Resident

LAST_SERIAL = 99_999


class VillageFull(RuntimeError):
    """All serials of a village are given out."""


def next_number(session: Session, village_code: str) -> str:
    return reserve(session, village_code, 1)[0]


def reserve(session: Session, village_code: str, count: int) -> list[str]:
    """So many unused numbers of a village; its counter stays locked until the transaction ends."""
    last = _advance(session, village_code, count)
    first = last - count + 1
    taken = _highest(session, village_code)
    if taken >= first:  # numbers that a roster brought along are passed over
        last = _advance(session, village_code, taken - first + 1)
        first = last - count + 1
    if last > LAST_SERIAL:
        raise VillageFull(village_code)
    return [f"{village_code}{serial:05d}" for serial in range(first, last + 1)]


def _advance(session: Session, village_code: str, count: int) -> int:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    step = (
        insert(ArchiveCounter)
        .values(village_code=village_code, last_serial=count)
        .on_conflict_do_update(
            index_elements=[ArchiveCounter.village_code],
            set_={"last_serial": ArchiveCounter.last_serial + count},
        )
        .returning(ArchiveCounter.last_serial)
    )
    return int(session.execute(step).scalar_one())


def _highest(session: Session, village_code: str) -> int:
    found = session.scalar(
        select(func.max(Resident.archive_no)).where(
            Resident.archive_no >= f"{village_code}00000",
            Resident.archive_no <= f"{village_code}{LAST_SERIAL}",
            func.length(Resident.archive_no) == len(village_code) + 5,
        )
    )
    return int(found[-5:]) if found and found[-5:].isdigit() else 0
