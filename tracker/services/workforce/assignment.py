"""Naming a doctor for people, from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.models import Resident, Responsibility
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.workforce.responsibility import doctors, valid
from tracker.services.workforce.scope import NotFound, Scope, visible

DAY = timedelta(days=1)


def assign(
    session: Session,
    scope: Scope,
    residents: Iterable[UUID],
    staff_id: UUID,
    day: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Name a doctor for people from a day on; people outside the scope are left out. Returns how many."""
    if staff_id not in {doctor.id for doctor in doctors(session, scope, day)}:
        raise NotFound("doctor")
    villages = _villages_of(session, scope, residents)
    own = [*villages]
    held = session.scalars(
        select(Responsibility.resident_id).where(
            Responsibility.resident_id.in_(own),
            Responsibility.staff_id == staff_id,
            valid(Responsibility, day),
        )
    ).all()
    changed = [key for key in own if key not in set(held)]
    if changed:
        _end(session, changed, day)
    for key in changed:
        session.add(
            Responsibility(resident_id=key, village_code=villages[key], staff_id=staff_id, from_on=day)
        )
        audit.record(
            session, actor, at, "assign doctor", "resident", key,
            village_code=villages[key], details={"staff_id": str(staff_id)},
        )  # fmt: skip
    session.flush()
    return len(changed)


def _villages_of(session: Session, scope: Scope, residents: Iterable[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(
        select(Resident.id, Resident.village_code)
        .where(Resident.id.in_(list(residents)), visible(scope, Resident.village_code, Resident.id))
        .order_by(Resident.id)
        .with_for_update()
    )
    return dict(rows.all())


def _end(session: Session, residents: list[UUID], day: date) -> None:
    """Nobody else answers from the day on; what would have begun later falls away."""
    theirs = Responsibility.resident_id.in_(residents)
    session.execute(delete(Responsibility).where(theirs, Responsibility.from_on >= day))
    session.execute(update(Responsibility).where(theirs, valid(Responsibility, day)).values(to_on=day - DAY))
