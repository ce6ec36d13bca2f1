"""A past visit that a roster tells of, as a row and as the body that any other way in would have produced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from tracker.domain.facts import fasting_glucose, measured
from tracker.domain.roster import RosterVisit
from tracker.domain.terms import Disease
from tracker.models import Condition, Visit, VisitSource
from tracker.schemas.visit import VisitIn
from tracker.services.roster.care import visit_key
from tracker.services.roster.draft import Draft, Setting
from tracker.services.store.bulk import apart


def visit_of(made: Draft, setting: Setting, told: RosterVisit, conditions: Sequence[Condition]) -> Visit:
    held = {c.disease: c.enrolled_on for c in conditions}
    if made.record is not None:
        held |= {disease: c.enrolled_on for disease, c in made.record.conditions.items()}
    entered = [disease for disease, enrolled_on in held.items() if enrolled_on <= told.on]
    key = visit_key(made.key, told.on)
    body = body_of(key, made.key, told, entered, setting.at)
    sbp, dbp = measured(body)
    return apart(
        Visit,
        id=key,
        resident_id=made.key,
        village_code=made.village_code,
        village_code_at=made.village_code,
        version=1,
        source=VisitSource.IMPORT,
        visit_date=told.on,
        mode=None,
        recorded_at=setting.at,
        received_at=setting.at,
        approval=None,
        voided_at=None,
        body=body,
        sbp=sbp,
        dbp=dbp,
        fpg=fasting_glucose(body),
    )


def body_of(
    key: UUID, resident_id: UUID, told: RosterVisit, diseases: Iterable[Disease], at: datetime
) -> dict[str, Any]:
    """The visit as any other way in produces it, a block for each register that it belongs to.

    The reader of the roster has refused what a visit would refuse, so that nothing is judged again here.
    """
    blocks: dict[str, dict[str, Any]] = {disease.value: {"symptoms": []} for disease in diseases}
    if told.fpg is not None:
        blocks.setdefault(Disease.DIABETES.value, {"symptoms": []})["fpg"] = float(told.fpg)
    body: dict[str, Any] = {
        "id": str(key),
        "resident_id": str(resident_id),
        "visit_date": told.on.isoformat(),
        "mode": None,
        "recorded_at": _moment(at),
        "emergency_signs": None,
    }
    if told.sbp is not None and told.dbp is not None:
        body |= {"sbp": told.sbp, "dbp": told.dbp}
    return body | {disease.value: blocks[disease] for disease in Disease if disease in blocks}


@lru_cache(maxsize=1)
def _moment(at: datetime) -> str:
    """As a visit writes a moment."""
    nobody = str(UUID(int=0))
    sent = {"id": nobody, "resident_id": nobody, "visit_date": at.date(), "mode": None, "recorded_at": at}
    written: str = VisitIn.model_validate({**sent, "emergency_signs": None}).body()["recorded_at"]
    return written
