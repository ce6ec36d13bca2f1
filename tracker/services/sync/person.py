"""A person as a phone keeps them: enough for the day's list and for a visit with its judgement.

No ID number, of the address the group of the village alone, the name as where it need not be whole. What is
null or empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracker.domain.contract import ContractStatus, Evidence
from tracker.domain.form_rows import by_key
from tracker.domain.form_text import counted
from tracker.domain.masking import mask_name
from tracker.domain.person import Group
from tracker.domain.terms import Status
from tracker.domain.villages import group_in
from tracker.services.course.history import lactates
from tracker.services.resident.group import groups_on
from tracker.services.resident.view import RESTRICTED, View, contracts_of, foremost
from tracker.services.sync import rows as sync_rows
from tracker.services.sync.rows import Stored
from tracker.services.sync.state import state_of
from tracker.services.workforce import responsibility
from tracker.services.workforce.responsibility import Directory
from tracker.services.workforce.scope import Scope

READINGS = 3
MEASURED = frozenset({"whole", "number"})
HABITS = frozenset({"life", "salt", "staple", "target", "foot"})
NAMED = frozenset({"adherence", "insulin.type", "insulin.usage"})


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the people of a page apart from their own rows."""

    scope: Scope
    today: date
    contracts: Mapping[UUID, Sequence[Any]]
    groups: Mapping[UUID, Sequence[Group]]
    answering: Directory


def persons(session: Session, scope: Scope, ids: Sequence[UUID], today: date) -> list[View]:
    """Those of these people whom the scope sees; the same number of statements for one and for hundreds."""
    stored = sync_rows.read(session, scope, ids)
    patients = [person.id for person in stored.patients]
    villages = {person.village_code for person in stored.patients}
    around = Around(
        scope,
        today,
        contracts_of(session, [person.id for person in stored.people]) if stored.people else {},
        groups_on(session, stored.patients, today) if patients else {},
        responsibility.directory(session, today, villages, patients) if patients else Directory(),
    )
    known = set(patients)
    return [_person(stored, around, person, patient=person.id in known) for person in stored.people]


def _person(stored: Stored, around: Around, person: Any, *, patient: bool) -> View:
    card = next((row.code for row in stored.of(sync_rows.cards, person.id)), None)
    shown = {
        "id": str(person.id),
        "name": mask_name(person.name),
        "initials": " ".join(row.initials for row in stored.of(sync_rows.initials, person.id)),
        "sex": str(person.sex),
        "birth_date": person.birth_date.isoformat(),
        "village_code": person.village_code,
        "village": person.village,
        "village_group": group_in(person.address),
        "card": card,
        "status": _status_of_person(stored, person.id, around.today),
        "death_in_force": _died(stored, person.id, around.today),
        "contract": _contract(around.contracts.get(person.id, ()), around.today),
    }
    return _said({**shown, **_patient(stored, around, person)} if patient else shown)


def _patient(stored: Stored, around: Around, person: Any) -> View:
    visits = stored.of(sync_rows.visits, person.id)
    last = _last(visits)
    doctor = around.answering.doctor(person.id, person.village_code)
    return {
        "phone": next((row.number for row in stored.of(sync_rows.phones, person.id)), None),
        "allergies": person.allergies,
        "height_cm": person.height_cm,
        "pregnant": _pregnant(stored.of(sync_rows.pregnancies, person.id), around.today),
        "groups": [str(group) for group in around.groups[person.id] if group not in RESTRICTED],
        "seen_on": visits[0].visit_date.isoformat() if visits else None,
        "readings": [_reading(visit) for visit in visits if visit.sbp or visit.dbp or visit.fpg][:READINGS],
        "last": {key: value for key, value in last.items() if key in _grey()},
        "conditions": [
            _condition(stored, around, row, last) for row in stored.of(sync_rows.conditions, person.id)
        ],
        "contact": _contact(stored.of(sync_rows.contacts, person.id)),
        "mine": doctor is not None and doctor.id == around.scope.staff_id,
    }


def _condition(stored: Stored, around: Around, row: Any, last: Mapping[str, Any]) -> View:
    own = [p for p in stored.of(sync_rows.periods, row.resident_id) if p.condition_id == row.id]
    return _said(
        {
            "disease": str(row.disease),
            "enrolled_on": row.enrolled_on.isoformat(),
            "status": str(_status_on(own, around.today) or Status.ACTIVE),
            # a streak of none and an empty list of tasks are said too
            "state": {"unsat_streak": 0, "adr_streak": 0, "tasks": []} | state_of(stored, row).as_json(),
            "urgent": any(
                task.urgent
                for task in stored.of(sync_rows.tasks, row.resident_id)
                if task.condition_id == row.id
            ),
            "drugs": last.get(f"{row.disease}.drugs"),
        }
    )


def _status_of_person(stored: Stored, resident_id: UUID, today: date) -> str | None:
    """The person's own; else what all registers share; none where it is simply active."""
    if any(_dead(row, today) for row in stored.of(sync_rows.statuses, resident_id)):
        return str(Status.DEAD)
    periods = stored.of(sync_rows.periods, resident_id)
    own = _status_on([p for p in periods if p.condition_id is None], today)
    if own is None:
        shared = {
            _status_on([p for p in periods if p.condition_id == row.id], today)
            for row in stored.of(sync_rows.conditions, resident_id)
        }
        own = shared.pop() if len(shared) == 1 else None
    return None if own in (None, Status.ACTIVE) else str(own)


def _died(stored: Stored, resident_id: UUID, today: date) -> bool:
    """Not only reported: approved, or recorded by who needs no approval."""
    periods = stored.of(sync_rows.periods, resident_id)
    return _status_on([p for p in periods if p.condition_id is None], today) is Status.DEAD


def _dead(row: Any, today: date) -> bool:
    """Reported and not yet approved: reminders rest at once."""
    return row.status is Status.DEAD and row.approved_at is None and row.on <= today


def _status_on(periods: Iterable[Any], day: date) -> Status | None:
    held = [p.status for p in periods if p.from_on <= day and (p.to_on is None or p.to_on > day)]
    return held[-1] if held else None


def _pregnant(rows: Iterable[Any], day: date) -> bool:
    return any(
        row.from_on <= day and (row.to_on is None or day <= row.to_on or lactates(row.details, day))
        for row in rows
    )


def _contract(signed: Sequence[Any], today: date) -> View | None:
    """The one that is shown first, and when the next begins: then there is nothing to renew."""
    if not signed:
        return None
    shown = foremost(signed, today)
    state = ContractStatus(shown["status"])
    following = [
        row.start_on.isoformat()
        for row in signed
        if row.evidence is not Evidence.NONE and row.start_on.isoformat() > shown["end_on"]
    ]
    return _said(
        {
            "team": shown["team"],
            "end_on": shown["end_on"],
            "start_on": shown["start_on"] if state is ContractStatus.SCHEDULED else None,
            "status": None if state is ContractStatus.ACTIVE else str(state),
            "follows_on": min(following, default=None),
        }
    )


def _contact(tries: Iterable[Any]) -> View | None:
    for last in tries:
        until = None if last.until is None else last.until.isoformat()
        at = last.attempted_at.isoformat(timespec="seconds")
        return _said({"attempted_at": at, "outcome": str(last.outcome), "until": until, "by": last.by})
    return None


def _reading(visit: Any) -> View:
    values = {"sbp": visit.sbp, "dbp": visit.dbp, "fpg": visit.fpg}
    return {"visit_date": visit.visit_date.isoformat()} | {k: v for k, v in values.items() if v is not None}


def _last(visits: Iterable[Any]) -> View:
    found: View = {}
    for visit in visits:
        for key, value in counted(visit.body).items():
            found.setdefault(key, value)
    return found


@cache
def _grey() -> frozenset[str]:
    """The rows beside which a form shows what was recorded last: measured ones and habits."""
    return frozenset(
        key
        for key, row in by_key().items()
        if row.kind in MEASURED or row.group in HABITS or row.name in NAMED
    )


def _said(view: View) -> View:
    return {key: value for key, value in view.items() if value not in (None, "", [], {}, False)}
