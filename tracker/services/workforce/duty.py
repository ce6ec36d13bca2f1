"""Who answered for a person on a day, and so may write about it: the contract's team, else the village's.

All that decides it is read with its days, so that one reading serves for any number of days and people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, null, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.contract import Evidence
from tracker.domain.roles import CARE, Role
from tracker.models import Contract, Membership, Residence, Resident, Staff, StaffRegion, TeamVillage
from tracker.services.store.trip import Question

IN_TEAMS = frozenset({Role.VILLAGE_DOCTOR, Role.TEAM_LEAD})


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a last day, or without an end."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract that somebody signed; on the day it is terminated it is over."""

    team_id: UUID
    span: Span
    terminated_on: date | None

    def holds(self, day: date) -> bool:
        return self.span.holds(day) and (self.terminated_on is None or day < self.terminated_on)


@dataclass(slots=True)
class Ties:
    """What ties a person to a team: where they live, where they lived since when, whom they signed with."""

    village_code: str
    lived: list[tuple[date, str]] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)

    def village_on(self, day: date) -> str:
        """Where the person lived on a day; where they are now if nothing is known of then."""
        return max((home for home in self.lived if home[0] <= day), default=(day, self.village_code))[1]

    def team_on(self, day: date) -> UUID | None:
        return next((contract.team_id for contract in self.signed if contract.holds(day)), None)


@dataclass(slots=True)
class Duty:
    """The places and teams of one member of staff, on any day."""

    writes: bool
    regions: list[str] = field(default_factory=list)
    teams: list[tuple[UUID, Span]] = field(default_factory=list)
    villages: list[tuple[UUID, str, Span]] = field(default_factory=list)

    def answers(self, ties: Ties, day: date) -> bool:
        """Whether this member of staff answered for the person on a day."""
        if not self.writes:
            return False
        teams = {team for team, span in self.teams if span.holds(day)}
        signed_with = ties.team_on(day)
        if signed_with is not None and teams:
            return signed_with in teams
        village = ties.village_on(day)
        if not teams:
            return any(village.startswith(region) for region in self.regions)
        return any(
            team in teams and code == village and span.holds(day) for team, code, span in self.villages
        )


def of_staff(session: Session, staff: Staff) -> Duty:
    """One statement."""
    return read(staff, session.connection().execute(*question(staff)))


def question(staff: Staff) -> Question:
    return _placed(), {"staff": staff.id}


def read(staff: Staff, rows: Iterable[Any]) -> Duty:
    """From the rows that answer the question."""
    found = Duty(staff.role in CARE)
    in_teams = staff.role in IN_TEAMS
    for region, team, since, until, village, first, last in rows:
        if region is not None:
            found.regions.append(region)
        elif in_teams:
            found.teams.append((team, Span(since, until)))
            if village is not None:
                found.villages.append((team, village, Span(first, last)))
    return found


@cache
def _placed() -> Any:
    """Regions, and places in teams with each village that the team covers or covered."""
    staff, member, covered = bindparam("staff", type_=Uuid()), Membership, TeamVillage
    no_day = null().cast(Date())
    regions = select(
        StaffRegion.region_code, null().cast(Uuid()), no_day, no_day, null().cast(covered.village_code.type),
        no_day, no_day,
    ).where(StaffRegion.staff_id == staff)  # fmt: skip
    teams = (
        select(
            null().cast(StaffRegion.region_code.type), member.team_id, member.from_on, member.to_on,
            covered.village_code, covered.from_on, covered.to_on,
        )
        .outerjoin(covered, covered.team_id == member.team_id)
        .where(member.staff_id == staff)
    )  # fmt: skip
    return union_all(regions, teams)


def ties_of(session: Session, resident: Resident) -> Ties:
    """Two statements; many people's ties come with their records."""
    connection, asked = session.connection(), {"resident": resident.id}
    return Ties(
        resident.village_code,
        [(since, code) for since, code in connection.execute(_lived(), asked)],
        signed(connection.execute(_signed(), asked)),
    )


def signed(rows: Iterable[Any]) -> list[Signed]:
    """From team, first day, last day and day of termination."""
    return [Signed(team, Span(since, until), terminated) for team, since, until, terminated in rows]


@cache
def _lived() -> Any:
    return select(Residence.from_on, Residence.village_code).where(
        Residence.resident_id == bindparam("resident", type_=Uuid())
    )


@cache
def _signed() -> Any:
    return select(Contract.team_id, Contract.start_on, Contract.end_on, Contract.terminated_on).where(
        Contract.resident_id == bindparam("resident", type_=Uuid()), *in_effect()
    )


def in_effect() -> tuple[Any, ...]:
    """The criteria of a contract that somebody signed and that was not voided."""
    return Contract.evidence != Evidence.NONE, Contract.voided_at.is_(None)
