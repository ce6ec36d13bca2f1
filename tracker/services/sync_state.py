"""The state of a register as the rules have to know it on a phone, from the rows that are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain import state
from tracker.domain.state import Judged, Told
from tracker.domain.terms import Disease, ReferralResult
from tracker.services import sync_rows
from tracker.services.sync_rows import Stored


def state_of(stored: Stored, condition: Any) -> dict[str, object]:
    """As `tracker.domain.state` tells it, with a streak of none and an empty list of tasks said too."""
    person = condition.resident_id

    def own(statement: Any) -> list[Any]:
        return [row for row in stored.of(statement, person) if row.condition_id == condition.id]

    rows = state.Rows(
        condition.enrolled_on,
        condition.last_face_to_face_on,
        condition.last_evaluated_on,
        judged=[_judged(row) for row in own(sync_rows.judgements)],
        outcomes=[*_told(stored, person, condition.disease)],
        tasks=own(sync_rows.tasks),
        statuses=[
            (row.on, row.status)
            for row in stored.of(sync_rows.statuses, person)
            if row.approved_at is not None and row.disease in (None, condition.disease)
        ],
    )
    return {"unsat_streak": 0, "adr_streak": 0, "tasks": []} | state.state(rows).as_json()


def _judged(row: Any) -> Judged:
    reaction = any(reason["code"] == state.REACTION for reason in row.reasons)
    return Judged(row.visit_date, row.recorded_at, row.visit_id, row.evaluated, row.controlled, reaction)


def _told(stored: Stored, person: UUID, disease: Disease) -> Iterable[Told]:
    for row in stored.of(sync_rows.outcomes, person):
        if row.disease is disease:
            yield Told(row.outcome_on, row.outcome, row.treatment_changed or bool(row.plan.strip()))
    for visit in stored.of(sync_rows.carried, person):
        form, block = visit.body.get("referral_form") or {}, visit.body.get(disease)
        if form.get("outcome") and block:
            on = form.get("outcome_on")
            day = visit.visit_date if on is None else date.fromisoformat(on)
            result = ReferralResult(form["outcome"])
            yield Told(day, result, bool(block.get("drug_changes")), visit.visit_date)
