"""What a contract may not be, given the person, the team and the contracts there already are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.contract import (
    ContractKind,
    Evidence,
    Term,
    TerminationReason,
    TermRefused,
    kind_after,
    renewal_term,
    term,
)
from tracker.domain.terms import Status
from tracker.models import Contract, Resident, StatusPeriod, Team
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.services.visit.rules import dead_on
from tracker.services.workforce.team import phone_of

LATEST_START = timedelta(days=366)
"""How long after signing a contract may begin."""
Departure = tuple[date, TerminationReason]
"""When a person died or left, and what that ends a contract by."""


def check_dates(session: Session, resident: Resident, today: date, signed_on: date, start_on: date) -> None:
    """Refused where the dates contradict today or the person's life."""
    if signed_on > today:
        raise refuse("signed_on", "future", today=today.isoformat())
    if signed_on < resident.birth_date:
        raise refuse("signed_on", "before_birth", on=resident.birth_date.isoformat())
    if start_on < signed_on:
        raise refuse("start_on", "start_before_signing", on=signed_on.isoformat())
    if start_on > signed_on + LATEST_START:
        raise refuse("start_on", "start_too_late")
    died_on = dead_on(session, resident)
    if died_on is not None and start_on > died_on:
        raise Refused(Problem("resident_id", "resident_dead", {"on": died_on.isoformat()}), conflict=True)
    if session.scalar(_gone(resident, start_on)) is not None:
        raise Refused(Problem("resident_id", "resident_moved_out"), conflict=True)


def _gone(resident: Resident, on: date) -> Any:
    return select(StatusPeriod.id).where(
        StatusPeriod.resident_id == resident.id,
        StatusPeriod.condition_id.is_(None),
        StatusPeriod.status == Status.MOVED_OUT,
        StatusPeriod.from_on <= on,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > on),
    )


def departure(session: Session, resident: Resident, span: Term) -> Departure | None:
    """When within this term the person died or left, whichever was first: what is entered late ends then."""
    died_on = dead_on(session, resident)
    left_on = session.scalar(
        select(func.min(StatusPeriod.from_on)).where(
            StatusPeriod.resident_id == resident.id,
            StatusPeriod.condition_id.is_(None),
            StatusPeriod.status == Status.MOVED_OUT,
            StatusPeriod.from_on >= span.start_on,
        )
    )
    known = [
        (day, reason)
        for day, reason in ((left_on, TerminationReason.MOVED_OUT), (died_on, TerminationReason.DEATH))
        if day is not None and day <= span.end_on
    ]
    return min(known, default=None)


def team_named(session: Session, resident: Resident, name: str) -> Team:
    """The county's team of this name; Refused where there is none."""
    found = session.scalars(
        select(Team).where(Team.county_code == resident.county_code, Team.name == name.strip())
    ).one_or_none()
    if found is None:
        raise refuse("team", "unknown_team")
    return found


def teams_of(session: Session, county_code: str) -> Sequence[Team]:
    """Whom a person of the county may sign with."""
    return session.scalars(select(Team).where(Team.county_code == county_code).order_by(Team.name)).all()


def first_term(signed_on: date, start_on: date | None, years: int) -> Term:
    try:
        return term(start_on or signed_on, years)
    except TermRefused:
        raise refuse("years", "term_years") from None


def following_term(old: Contract, signed_on: date, start_on: date | None, years: int) -> Term:
    """The term of a renewal; Refused outside the window or where a typed first day is another one."""
    try:
        found = renewal_term(old.end_on, signed_on, years)
    except TermRefused as refusal:
        if refusal.code == "years":
            raise refuse("years", "term_years") from None
        raise refuse("signed_on", "renewal_window", end=old.end_on.isoformat()) from None
    if start_on is not None and start_on != found.start_on:
        raise refuse("start_on", "renewal_start", on=found.start_on.isoformat())
    return found


def holder(session: Session, resident: Resident, span: Term, but: Contract | None = None) -> Contract | None:
    """The contract that occupies a day of this term already."""
    query = select(Contract).where(
        Contract.resident_id == resident.id,
        Contract.occupied_until >= span.start_on,
        Contract.start_on <= span.end_on,
    )
    if but is not None:
        query = query.where(Contract.id != but.id)
    return session.scalars(query.order_by(Contract.start_on).limit(1)).first()


def overlap(session: Session, held: Contract, today: date) -> Refused:
    """Says who holds the person until when, and whom to call about it."""
    team = session.get_one(Team, held.team_id)
    params = {
        "team": team.name,
        "phone": phone_of(session, team, today),
        "end_on": (held.occupied_until or held.end_on).isoformat(),
    }
    return Refused(Problem("start_on", "contract_overlap", params), conflict=True)


def predecessor(session: Session, resident: Resident, start_on: date) -> Contract | None:
    """The last contract that was over before a day."""
    return session.scalars(
        select(Contract)
        .where(Contract.resident_id == resident.id, Contract.occupied_until < start_on)
        .order_by(Contract.occupied_until.desc())
        .limit(1)
    ).first()


def following(session: Session, resident: Resident, end_on: date) -> Contract | None:
    """The contract that begins after a day."""
    return session.scalars(
        select(Contract)
        .where(
            Contract.resident_id == resident.id,
            Contract.start_on > end_on,
            Contract.occupied_until.is_not(None),
        )
        .order_by(Contract.start_on)
        .limit(1)
    ).first()


def kind_of(before: Contract | None, team: Team, start_on: date) -> ContractKind:
    """First, renewal or change of team, by what was over before it."""
    last_end = None if before is None else before.occupied_until
    kind = kind_after(last_end, start_on, switched=False)
    left = before is not None and before.termination_reason == TerminationReason.SWITCHED
    if kind is ContractKind.RENEWAL and before is not None and left and before.team_id != team.id:
        return ContractKind.SWITCH
    return kind


def check_termination(contract: Contract, terminated_on: date, today: date) -> None:
    """Refused for a day outside the contract; one that has not begun may end before it does."""
    if contract.voided_at is not None or contract.evidence is Evidence.NONE:
        raise Refused(Problem("", "contract_not_valid"), conflict=True)
    earliest = contract.start_on if contract.start_on <= today else contract.signed_on
    if not earliest <= terminated_on <= contract.end_on:
        raise refuse(
            "terminated_on", "outside_contract", first=earliest.isoformat(), last=contract.end_on.isoformat()
        )
