"""Reading the trail of acts: whom it shows what, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Audit, Institution, Staff, Team
from tracker.services.workforce import region
from tracker.services.workforce.scope import Scope

NOT_PERSONAL = ("", "staff", "team", "region", "institution", "job", "policy", "package")
"""Kinds of object that say nothing of a resident."""


NAMED: dict[str, Any] = {"staff": Staff, "team": Team, "institution": Institution}
"""Kinds of object that are shown by name."""


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
    where = [*_shown_to(scope), *_asked(wanted)]
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


def names(session: Session, entries: Sequence[Entry]) -> dict[str, str]:
    """What the places, people on duty, teams and institutions of some entries are called, by their id."""
    codes = {e.row.village_code for e in entries} | _ids(entries, "region")
    found = region.names(session, codes)
    for kind, model in NAMED.items():
        ids = [UUID(key) for key in _ids(entries, kind)]
        rows = session.execute(select(model.id, model.name).where(model.id.in_(ids))) if ids else ()
        found |= {str(key): name for key, name in rows}
    return found


def _ids(entries: Sequence[Entry], kind: str) -> set[str]:
    return {e.row.object_id for e in entries if e.row.object_type == kind}


def _shown_to(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.role is Role.SYSADMIN:
        return [Audit.object_type.in_(NOT_PERSONAL)]
    inside = [Audit.village_code.startswith(code, autoescape=True) for code in scope.regions]
    return [or_(Audit.village_code == "", *inside)]


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.username:
        called = or_(Staff.username == wanted.username, Staff.name == wanted.username)
        where.append(Audit.staff_id.in_(select(Staff.id).where(called)))
    if wanted.action:
        where.append(Audit.action.startswith(wanted.action, autoescape=True))
    if wanted.since is not None:
        where.append(Audit.at >= wanted.since)
    if wanted.before is not None:
        where.append(Audit.at < wanted.before)
    return where
