"""The download of a phone: everybody of a doctor's scope once, then only who changed, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracker.domain.policy import Policy
from tracker.domain.roles import Role
from tracker.services.sync import change as sync_change
from tracker.services.sync import cursor as sync_cursor
from tracker.services.sync.change import Now
from tracker.services.sync.cursor import Cursor, Mark
from tracker.services.sync.person import persons
from tracker.services.workforce import responsibility
from tracker.services.workforce.scope import Scope

PAGE_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Page:
    """`whole`: the first page of a list that replaces what the phone knows.

    `restored`: the cursor is of a later day of this database, of another one, or cannot be read; what the
    phone has delivered since then may be missing here.
    """

    cursor: str
    whole: bool
    restored: bool
    more: bool
    people: list[dict[str, Any]]
    removed: list[str]


def page(session: Session, scope: Scope, text: str, policy: Policy, today: date, limit: int) -> Page:
    """What follows the cursor; an unknown one, or one of another scope or database, begins anew."""
    now = sync_change.now(session)  # before anything else is read
    reader = sync_cursor.reader(scope, policy.id, now.naming)
    known = sync_cursor.read(text)
    restored = bool(text) and (known is None or not _ours(known, now))
    cursor = None if restored else _continued(session, scope, known, now, reader, today)
    whole = cursor is None
    if cursor is None:
        cursor = Cursor(now.epoch, reader, _own(session, scope, today), now.staffing, None)
    if cursor.until is None:
        cursor = replace(cursor, until=Mark(now.number, today))
    ids = _ids(session, scope, cursor, now, today, limit + 1)
    shown, more = ids[:limit], len(ids) > limit
    people = persons(session, scope, shown, today) if shown else []
    there = {person["id"] for person in people}
    removed = [str(key) for key in shown if str(key) not in there] if cursor.since else []
    following = replace(cursor, after=shown[-1]) if more else cursor.done()
    # What changed while pages were on their way is fetched at once.
    more = more or following.since != Mark(now.number, today)
    return Page(str(following), whole, restored, more, people, removed)


def _ours(known: Cursor, now: Now) -> bool:
    """Whether this database, as it is now, follows from that moment of it."""
    return known.epoch == now.epoch and all(mark.number <= now.number for mark in known.marks)


def _continued(
    session: Session, scope: Scope, known: Cursor | None, now: Now, reader: str, today: date
) -> Cursor | None:
    """The cursor if it still holds, with the count of staffing as it is now."""
    if known is None or known.reader != reader:
        return None
    if known.staffing == now.staffing and known.marks[-1].day == today:
        return known
    return replace(known, staffing=now.staffing) if _own(session, scope, today) == known.own else None


def _own(session: Session, scope: Scope, today: date) -> str:
    """For which places of the scope this doctor answers, or nobody: then it may be the lead of a team."""
    elsewhere = scope.outlying if scope.role is Role.TEAM_LEAD else ()
    places = sorted({*scope.villages, *scope.regions, *elsewhere})
    answering = responsibility.directory(session, today, places)
    doctors = [answering.village_doctor(place) for place in places]
    return sync_cursor.digest(
        (place, doctor and doctor.id == scope.staff_id)
        for place, doctor in zip(places, doctors, strict=True)
        if doctor is None or doctor.id == scope.staff_id
    )


def _ids(session: Session, scope: Scope, cursor: Cursor, now: Now, today: date, limit: int) -> Sequence[UUID]:
    if cursor.since is None:
        return sync_change.everybody(session, scope, cursor.after, limit)
    return sync_change.changed(session, scope, cursor.since, today, now.below, cursor.after, limit)
