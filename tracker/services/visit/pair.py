"""Two doctors or phones at one person for the same disease in three days of a quarter: one too many, or not.

Both count as recorded until a lead voids one or finds both right; tasks and rates know the person once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease
from tracker.models import Resident, Visit, VisitPair
from tracker.services import audit
from tracker.services.course import course
from tracker.services.phone.upload import SHOWN, residents_of, staff_names
from tracker.services.sender import Sender
from tracker.services.workforce.scope import NotFound, Scope, visible

APART = timedelta(days=3)
LOOKED_BACK = timedelta(days=183)
"""Pairs of the last two quarters are shown; what is older is past deciding."""
Key = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Pair:
    """The visits of one person, the earlier first, with the names of who made them."""

    first: Visit
    second: Visit
    resident: Resident
    doctors: tuple[str, str]
    diseases: tuple[Disease, ...]

    @property
    def visits(self) -> tuple[tuple[Visit, str], ...]:
        return (self.first, self.doctors[0]), (self.second, self.doctors[1])


def listed(session: Session, own: Scope) -> list[Pair]:
    """Pairs that no lead has looked at, the newest first."""
    by_person: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in session.scalars(
        select(Visit).where(*_recent(own), Visit.resident_id.in_(_seen_by_two(own)))
    ):
        by_person[visit.resident_id].append(visit)
    return _told(session, own, [pair for visits in by_person.values() for pair in _pairs(visits)])


def find(session: Session, own: Scope, first: UUID, second: UUID) -> Pair:
    """One that nobody has looked at; NotFound for any other two visits."""
    criteria = visible(own, Visit.village_code, Visit.resident_id), Visit.voided_at.is_(None)
    visits = session.scalars(select(Visit).where(Visit.id.in_([first, second]), *criteria)).all()
    found = _told(session, own, _pairs(visits))
    if not found:
        raise NotFound("visit")
    return found[0]


def settle(session: Session, sender: Sender, pair: Pair) -> None:
    """Both are right. Saying it twice at once changes nothing."""
    resident = pair.resident
    course.lock_residents(session, [resident.id])
    if session.get(VisitPair, (pair.first.id, pair.second.id)) is not None:
        return
    session.add(
        VisitPair(
            first_id=pair.first.id, second_id=pair.second.id, resident_id=resident.id,
            village_code=resident.village_code, settled_at=sender.at, settled_by=sender.staff.id,
        )
    )  # fmt: skip
    audit.record(
        session, sender.actor, sender.at, "accept both visits", "visit", pair.first.id,
        village_code=resident.village_code, details={"other": str(pair.second.id)},
    )  # fmt: skip


def _recent(own: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        visible(own, Visit.village_code, Visit.resident_id),
        Visit.visit_date >= own.on - LOOKED_BACK,
        Visit.voided_at.is_(None),
    )


def _seen_by_two(own: Scope) -> Select[UUID]:
    return (
        select(Visit.resident_id)
        .where(*_recent(own))
        .group_by(Visit.resident_id)
        .having(or_(func.count(Visit.visited_by.distinct()) > 1, func.count(Visit.device_id.distinct()) > 1))
    )


def _pairs(visits: Iterable[Visit]) -> list[tuple[Visit, Visit]]:
    ordered = sorted(visits, key=lambda visit: (visit.visit_date, visit.id))
    return [(one, other) for one, other in combinations(ordered, 2) if _belong(one, other)]


def _belong(one: Visit, other: Visit) -> bool:
    return (
        one.resident_id == other.resident_id
        and (one.visited_by != other.visited_by or _by_two_phones(one, other))
        and other.visit_date - one.visit_date <= APART
        and _quarter(one.visit_date) == _quarter(other.visit_date)
        and bool(_of_both(one, other))
    )


def _by_two_phones(one: Visit, other: Visit) -> bool:
    """Whether both came from phones, and not from the same."""
    return None not in (one.device_id, other.device_id) and one.device_id != other.device_id


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _of_both(one: Visit, other: Visit) -> tuple[Disease, ...]:
    return tuple(d for d in Disease if all(v.body.get(d.value) is not None for v in (one, other)))


def _told(session: Session, own: Scope, found: list[tuple[Visit, Visit]]) -> list[Pair]:
    settled = _settled(session, found)
    found = [pair for pair in found if _key(pair) not in settled]
    found = sorted(found, key=lambda pair: (pair[1].visit_date, pair[1].id), reverse=True)[:SHOWN]
    people = residents_of(session, own, [one.resident_id for one, _other in found])
    names = staff_names(session, [visit.visited_by for pair in found for visit in pair])
    return [
        Pair(
            one, other, people[one.resident_id],
            (names.get(one.visited_by, ""), names.get(other.visited_by, "")), _of_both(one, other),
        )
        for one, other in found
        if one.resident_id in people
    ]  # fmt: skip


def _key(pair: tuple[Visit, Visit]) -> Key:
    return pair[0].id, pair[1].id


def _settled(session: Session, found: list[tuple[Visit, Visit]]) -> set[Key]:
    rows = session.execute(
        select(VisitPair.first_id, VisitPair.second_id).where(
            VisitPair.first_id.in_({one.id for one, _other in found})
        )
    )
    return {(row.first_id, row.second_id) for row in rows}
