"""The versions of a visit: who recorded, corrected or voided it, when, why, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Staff, Visit, VisitVersion


@dataclass(frozen=True, slots=True)
class Version:
    """One version, the one before it, and the name of whoever made it."""

    stored: VisitVersion
    before: VisitVersion | None
    name: str


def versions(session: Session, visit: Visit) -> Sequence[Version]:
    """Newest first."""
    found = session.execute(
        select(VisitVersion, Staff.name)
        .outerjoin(Staff, Staff.id == VisitVersion.staff_id)
        .where(VisitVersion.visit_id == visit.id)
        .order_by(VisitVersion.version)
    ).all()
    earlier = [None, *(row[0] for row in found)]
    return [Version(row[0], before, row[1] or "") for row, before in zip(found, earlier, strict=False)][::-1]


def staff_named(session: Session, staff_id: UUID | None) -> tuple[str, str]:
    """Name and username of a member of staff; empty where it is nobody."""
    staff = None if staff_id is None else session.get(Staff, staff_id)
    return ("", "") if staff is None else (staff.name, staff.username)
