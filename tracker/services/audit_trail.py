"""Reading the trail of acts: whom it shows what, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Audit, Staff
from tracker.services.scope import Scope

NOT_PERSONAL = ("", "staff", "team", "region", "institution", "job", "policy", "package")
"""Kinds of object that say nothing of a resident."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means everything."""

    username: str = ""
    action: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    row: Audit
    who: str
    """Name of the member of staff; empty for jobs and commands."""


def read(
    session: Session, scope: Scope, wanted: Wanted, offset: int, limit: int
) -> tuple[Sequence[Entry], int]:
    """One page of entries and how many there are in all."""
    where = [*_shown_to(scope), *_asked(session, wanted)]
    total = session.scalar(select(func.count()).select_from(Audit).where(*where)) or 0
    rows = session.execute(
        select(Audit, Staff.name)
        .outerjoin(Staff, Staff.id == Audit.staff_id)
        .where(*where)
        .order_by(Audit.seq.desc())
        .offset(offset)
        .limit(limit)
    )
    return [Entry(row, who or "") for row, who in rows], total


def _shown_to(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.role is Role.SYSADMIN:
        return [Audit.object_type.in_(NOT_PERSONAL)]
    inside = [Audit.village_code.startswith(code, autoescape=True) for code in scope.regions]
    return [or_(Audit.village_code == "", *inside)]


def _asked(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.username:
        found = session.scalar(select(Staff.id).where(Staff.username == wanted.username))
        where.append(Audit.staff_id == found if found else Audit.seq < 0)
    if wanted.action:
        where.append(Audit.action.startswith(wanted.action, autoescape=True))
    if wanted.since is not None:
        where.append(Audit.at >= wanted.since)
    if wanted.before is not None:
        where.append(Audit.at < wanted.before)
    return where
