"""Uploaded rosters on their way: waiting, read, approved by who uploaded them, applied.

The work is done by a process of its own; whoever moves the state has the work. One that was lost is taken
over by the next process after a while, at most three times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.finding import NOTHING
from tracker.domain.reasons import Reason
from tracker.models import Roster, RosterState, Staff
from tracker.models.base import Json
from tracker.schemas.problem import refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.roster.file import plain_name
from tracker.services.workforce.scope import NotFound, Scope

LOST_AFTER = timedelta(minutes=10)
ATTEMPTS = 3
SHOWN = 30
BUSY = {RosterState.WAITING: RosterState.READING, RosterState.APPROVED: RosterState.APPLYING}
DONE = {RosterState.READING: RosterState.READ, RosterState.APPLYING: RosterState.APPLIED}
UNDER_WAY = frozenset({*BUSY, *DONE})
COUNTY_CODE = 6


def upload(session: Session, actor: Actor, scope: Scope, name: str, content: bytes, at: datetime) -> Roster:
    """A file that waits to be read; Refused for somebody without a county."""
    counties = {code[:COUNTY_CODE] for code in scope.regions if len(code) >= COUNTY_CODE}
    if len(counties) != 1:
        raise refuse("file", "roster_county")
    roster = Roster(
        id=uuid4(),
        county_code=counties.pop(),
        region_codes=list(scope.regions),
        file_name=plain_name(name),
        file_hash=hashlib.sha256(content).digest(),
        state=RosterState.WAITING,
        uploaded_at=at,
        touched_at=at,
        staff_id=scope.staff_id,
    )
    session.add(roster)
    session.flush()
    audit.record(session, actor, at, "upload roster", "roster", roster.id)
    return roster


def find(session: Session, staff: Staff, key: UUID) -> Roster:
    """A roster of one's own; NotFound otherwise, since its findings name people in full."""
    roster = session.get(Roster, key)
    if roster is None or roster.staff_id != staff.id:
        raise NotFound("roster")
    return roster


def listed(session: Session, staff: Staff) -> Sequence[Roster]:
    return session.scalars(
        select(Roster).where(Roster.staff_id == staff.id).order_by(Roster.uploaded_at.desc()).limit(SHOWN)
    ).all()


def applied_before(session: Session, roster: Roster) -> Roster | None:
    """The same file, applied to the same county already."""
    return session.scalars(
        select(Roster)
        .where(
            Roster.county_code == roster.county_code,
            Roster.file_hash == roster.file_hash,
            Roster.state == RosterState.APPLIED,
            Roster.id != roster.id,
        )
        .order_by(Roster.touched_at.desc())
        .limit(1)
    ).first()


def approve(session: Session, actor: Actor, roster: Roster, at: datetime) -> None:
    """Have what was read applied; Refused unless it was read and is not applied yet."""
    session.refresh(roster, with_for_update=True)
    if roster.state is not RosterState.READ:
        raise refuse("", "roster_state")
    roster.state, roster.rows_done, roster.touched_at = RosterState.APPROVED, 0, at
    roster.summary = {k: v for k, v in roster.summary.items() if k != "attempts"}
    audit.record(session, actor, at, "approve roster", "roster", roster.id)


def claim(session: Session, key: UUID, at: datetime) -> Roster | None:
    """Take the work: the roster with its new state, or None where somebody else has it or gave up."""
    roster = session.scalars(select(Roster).where(Roster.id == key).with_for_update()).one_or_none()
    if roster is None or not _free(roster, at):
        return None
    attempts = roster.summary.get("attempts", 0) + 1
    if attempts > ATTEMPTS:
        fail(roster, Reason.FILE_FAILED, NOTHING, at)
        return None
    roster.state = BUSY.get(roster.state, roster.state)
    roster.summary = {**roster.summary, "attempts": attempts}
    roster.touched_at = at
    return roster


def _free(roster: Roster, at: datetime) -> bool:
    lost = roster.state in DONE and roster.touched_at < at - LOST_AFTER
    return lost or roster.state in BUSY


def unfinished(session: Session, at: datetime) -> list[UUID]:
    """Rosters whose process was lost or never came up."""
    found = session.scalars(select(Roster).where(Roster.state.in_(UNDER_WAY)))
    return [
        r.id for r in found if r.touched_at < at - (LOST_AFTER if r.state in DONE else timedelta(minutes=1))
    ]


def touch(session: Session, key: UUID, done: int, total: int | None, at: datetime) -> None:
    """How far the work is."""
    roster = session.get_one(Roster, key)
    roster.rows_done, roster.touched_at = done, at
    roster.rows_total = roster.rows_total if total is None else total


def finish(session: Session, key: UUID, counts: Mapping[str, int], actor: Actor, at: datetime) -> RosterState:
    """The work is done: the counts of reading and of applying are kept side by side."""
    roster = session.get_one(Roster, key)
    applied = roster.state is RosterState.APPLYING
    told: Json = {"applied" if applied else "read": dict(counts)}
    roster.summary = {**roster.summary, **told}
    roster.state, roster.touched_at = DONE[roster.state], at
    done = "apply roster" if applied else "read roster"
    audit.record(session, actor, at, done, "roster", roster.id, details=dict(counts))
    return roster.state


def fail(roster: Roster, reason: Reason, params: Mapping[str, str], at: datetime) -> None:
    """The file cannot be used; the reason is told in the reader's language."""
    roster.state, roster.touched_at = RosterState.FAILED, at
    roster.error = str(reason)
    roster.summary = {**roster.summary, "params": dict(params)}
