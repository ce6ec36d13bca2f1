"""A stored visit as it is answered: what was sent, and what the rules made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.policy import load
from tracker.domain.terms import Disease
from tracker.models import Condition, Judgement, Visit
from tracker.schemas.visit import odd_keys
from tracker.services.visit.visit import clock_wrong

JUDGED = ("classification", "controlled", "next_step", "next_due", "task", "referral", "reasons")
Judged = dict[Disease, Judgement]
Dues = dict[Disease, date | None]


def show(session: Session, visit: Visit, locale: str = "zh_Hans_CN") -> dict[str, Any]:
    """The visit with its judgements under the policy in force; dates and moments as text."""
    return shows(session, [visit], locale)[0]


def shows(session: Session, visits: Sequence[Visit], locale: str = "zh_Hans_CN") -> list[dict[str, Any]]:
    """Each visit in the order given, in two statements however many there are."""
    judged = judgements_of(session, visits)
    residents = {visit.resident_id for visit in visits}
    registers = session.execute(
        select(Condition.resident_id, Condition.disease, Condition.next_due).where(
            Condition.resident_id.in_(residents)
        )
    ).all()
    dues: dict[UUID, Dues] = {}
    for row in registers:
        dues.setdefault(row.resident_id, {})[row.disease] = row.next_due
    return [shown(visit, judged[visit.id], dues.get(visit.resident_id, {}), locale) for visit in visits]


def shown(visit: Visit, judged: Judged, dues: Dues, locale: str = "zh_Hans_CN") -> dict[str, Any]:
    """The visit with what was judged, and when each register of the person is due."""
    return {
        **_sent_and_judged(visit, judged, locale),
        "next_encounter_due": _next_due(judged, dues),
        "policy": load().id,
    }


def judgements_of(session: Session, visits: Sequence[Visit]) -> dict[UUID, Judged]:
    """By visit and disease, under the policy in force."""
    found: dict[UUID, Judged] = {visit.id: {} for visit in visits}
    query = select(Judgement).where(Judgement.visit_id.in_(list(found)), Judgement.policy_id == load().id)
    for judgement in session.scalars(query):
        found[judgement.visit_id][judgement.disease] = judgement
    return found


def page_of(session: Session, resident_id: UUID, offset: int, limit: int) -> tuple[Sequence[Visit], int]:
    """A person's visits, newest first, voided ones among them; and how many there are."""
    of_person = Visit.resident_id == resident_id
    total = session.scalar(select(func.count()).select_from(Visit).where(of_person)) or 0
    rows = session.scalars(
        select(Visit)
        .where(of_person)
        .order_by(Visit.visit_date.desc(), Visit.recorded_at.desc(), Visit.id)
        .offset(offset)
        .limit(limit)
    )
    return rows.all(), total


def _sent_and_judged(visit: Visit, judged: Judged, locale: str) -> dict[str, Any]:
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
        "clock_wrong": clock_wrong(visit),
        "clock_offset": visit.clock_offset,
        "odd": odd_keys(visit.body),
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


def _next_due(judged: Judged, dues: Dues) -> str | None:
    """When the person is due next: as judged then, and as it stands for registers the visit left alone."""
    found = [judged[disease].next_due if disease in judged else due for disease, due in dues.items()]
    known = [due for due in found if due is not None]
    return min(known).isoformat() if known else None
