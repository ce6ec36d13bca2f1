"""The stored history of people, read as the events that the replay takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any
from uuid import uuid5

from tracker.domain.events import AttemptEvent, Event, OutcomeEvent, Register, StatusEvent, VisitEvent
from tracker.domain.facts import facts
from tracker.domain.terms import Classification, Disease, ReferralResult
from tracker.models import (
    Approval,
    Condition,
    ContactAttempt,
    ReferralOutcome,
    Resident,
    ResidentGroup,
    Visit,
    VisitSource,
)
from tracker.models import StatusEvent as StoredStatus


@dataclass(slots=True)
class History:
    """Everything recorded about one resident that judgements and tasks follow from."""

    resident: Resident
    conditions: list[Condition] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    statuses: list[StoredStatus] = field(default_factory=list)
    outcomes: list[ReferralOutcome] = field(default_factory=list)
    attempts: list[ContactAttempt] = field(default_factory=list)
    pregnancies: list[ResidentGroup] = field(default_factory=list)

    def register(self, condition: Condition) -> Register:
        return Register(condition.id, condition.disease, condition.enrolled_on, self.resident.birth_date)

    def events(self, disease: Disease, zone: tzinfo) -> list[Event]:
        """The events of one register; days of moments are those of `zone`."""
        found: list[Event] = [self._visit(disease, v) for v in self.visits if v.body.get(disease) is not None]
        found += [
            StatusEvent(s.id, s.on, s.recorded_at, s.status, s.until)
            for s in self.statuses
            if s.disease in (None, disease)
        ]
        found += [_outcome(o) for o in self.outcomes if o.disease is disease]
        found += [
            AttemptEvent(a.id, a.attempted_at.astimezone(zone).date(), a.recorded_at) for a in self.attempts
        ]
        return found

    def _visit(self, disease: Disease, visit: Visit) -> VisitEvent:
        block: Mapping[str, Any] = visit.body[disease]
        raised = block.get("raised_classification")
        return VisitEvent(
            id=visit.id,
            on=visit.visit_date,
            recorded_at=visit.recorded_at,
            mode=None if visit.source is VisitSource.IMPORT else visit.mode,
            facts=facts(
                disease,
                visit.body,
                birth_date=self.resident.birth_date,
                visit_date=visit.visit_date,
                pregnant=self.pregnant_on(visit.visit_date),
            ),
            approved=visit.approval in (None, Approval.APPROVED),
            raised=None if raised is None else Classification(raised),
            raised_reason=str(block.get("raise_reason") or ""),
            outcome=_outcome_in(disease, visit),
        )

    def pregnant_on(self, day: date) -> bool:
        """Pregnant, in the weeks after, or breast-feeding."""
        return any(
            g.from_on <= day and (g.to_on is None or day <= g.to_on or lactates(g.details, day))
            for g in self.pregnancies
        )


def lactates(details: Mapping[str, Any], day: date) -> bool:
    until = details.get("lactating_until")
    return until is not None and day <= date.fromisoformat(until)


def _outcome(stored: ReferralOutcome) -> OutcomeEvent:
    return OutcomeEvent(
        stored.id,
        stored.outcome_on,
        stored.recorded_at,
        stored.outcome,
        treatment_changed=stored.treatment_changed,
        plan=bool(stored.plan.strip()),
    )


def _outcome_in(disease: Disease, visit: Visit) -> OutcomeEvent | None:
    """What the visit's own form says became of the referral; changed drugs are a changed treatment."""
    form: Mapping[str, Any] = visit.body.get("referral_form") or {}
    if not form.get("outcome"):
        return None
    on = form.get("outcome_on")
    return OutcomeEvent(
        uuid5(visit.id, f"outcome:{disease}"),
        visit.visit_date if on is None else date.fromisoformat(on),
        visit.recorded_at,
        ReferralResult(form["outcome"]),
        treatment_changed=bool(visit.body[disease].get("drug_changes")),
    )
