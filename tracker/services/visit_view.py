"""A stored visit as it is answered: what was sent, and what the rules made of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.policy import load
from tracker.domain.terms import Disease
from tracker.models import Condition, Judgement, Visit
from tracker.schemas.visit import odd_keys

JUDGED = ("classification", "controlled", "next_step", "next_due", "task", "referral", "reasons")


def show(session: Session, visit: Visit, locale: str = "zh_Hans_CN") -> dict[str, Any]:
    """The visit with its judgements under the policy in force; dates and moments as text."""
    found = session.scalars(select(Judgement).where(Judgement.visit_id == visit.id)).all()
    policy_id = load().id
    judged = {j.disease: j for j in found if j.policy_id == policy_id}
    answer = dict(visit.body)
    for disease in Disease:
        if answer.get(disease.value) is not None:
            answer[disease.value] = {**answer[disease.value], **_judged(judged.get(disease), locale)}
    return {
        **answer,
        "version": visit.version,
        "voided": visit.voided_at is not None,
        "late_entry": visit.late_entry,
        "approval": None if visit.approval is None else str(visit.approval),
        "clock_ahead": visit.clock_ahead,
        "odd": odd_keys(visit.body),
        "next_encounter_due": _next_due(session, visit, judged),
        "policy": policy_id,
    }


def _judged(judgement: Judgement | None, locale: str) -> dict[str, Any]:
    if judgement is None:
        return dict.fromkeys(JUDGED) | {"reasons": []}
    return {
        "classification": judgement.classification,
        "controlled": judgement.controlled,
        "next_step": judgement.next_step,
        "next_due": None if judgement.next_due is None else judgement.next_due.isoformat(),
        "task": None if judgement.task is None else str(judgement.task),
        "referral": None if judgement.referral is None else str(judgement.referral),
        "reasons": reason_texts(judgement.reasons, locale),
    }


def reason_texts(reasons: list[dict[str, Any]], locale: str) -> list[str]:
    """The stored reasons in words of the policy pack."""
    policy = load()
    return [policy.reason_text(r["code"], locale, r) for r in reasons]


def _next_due(session: Session, visit: Visit, judged: dict[Disease, Judgement]) -> str | None:
    """When the person is due next: as judged then, and as it stands for registers the visit left alone."""
    registers = session.execute(
        select(Condition.disease, Condition.next_due).where(Condition.resident_id == visit.resident_id)
    )
    dues = [judged[r.disease].next_due if r.disease in judged else r.next_due for r in registers]
    known = [due for due in dues if due is not None]
    return min(known).isoformat() if known else None
