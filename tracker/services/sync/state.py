"""The state of a register as the rules have to know it on a phone, from the rows that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain.state import REACTION, Judged, Rows, State, Told, state
from tracker.domain.terms import Disease, ReferralResult
from tracker.services.sync import rows as sync_rows
from tracker.services.sync.rows import Stored


def state_of(stored: Stored, condition: Any) -> State:
    """Of one register, without a replay."""
    person = condition.resident_id

    def own(statement: Any) -> list[Any]:
        return [row for row in stored.of(statement, person) if row.condition_id == condition.id]

    rows = Rows(
        condition.enrolled_on,
        condition.last_face_to_face_on,
        condition.last_evaluated_on,
        judged=[judged(row) for row in own(sync_rows.judgements)],
        outcomes=[*_told(stored, person, condition.disease)],
        tasks=own(sync_rows.tasks),
        statuses=[
            (row.on, row.status)
            for row in stored.of(sync_rows.statuses, person)
            if row.approved_at is not None and row.disease in (None, condition.disease)
        ],
    )
    return state(rows)


def judged(row: Any) -> Judged:
    """A row of a judgement and its visit."""
    reaction = any(reason["code"] == REACTION for reason in row.reasons)
    return Judged(row.visit_date, row.recorded_at, row.visit_id, row.evaluated, row.controlled, reaction)


def carried(visit_date: date, body: dict[str, Any]) -> Iterator[tuple[Disease, Told]]:
    """What the form of a visit says became of the referral, for every disease it speaks of."""
    form = body.get("referral_form") or {}
    if not form.get("outcome"):
        return
    on = date.fromisoformat(form["outcome_on"]) if form.get("outcome_on") else visit_date
    for disease in Disease:
        if (block := body.get(disease)) is not None:
            changed = bool(block.get("drug_changes"))
            yield disease, Told(on, ReferralResult(form["outcome"]), changed, visit_date)


def _told(stored: Stored, person: UUID, disease: Disease) -> Iterable[Told]:
    for row in stored.of(sync_rows.outcomes, person):
        if row.disease is disease:
            yield Told(row.outcome_on, row.outcome, row.treatment_changed or bool(row.plan.strip()))
    for visit in stored.of(sync_rows.carried, person):
        yield from (told for whose, told in carried(visit.visit_date, visit.body) if whose is disease)
