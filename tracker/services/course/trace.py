"""What is seldom recorded of people, and where they belong: seven tables read by one statement.

A visit has to look at all of them, and most people have a row in one or two.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from tracker.domain.person import Group
from tracker.models import (
    ContactAttempt,
    Contract,
    ReferralOutcome,
    Residence,
    ResidentGroup,
    StatusEvent,
    StatusPeriod,
)
from tracker.models.base import UTCDateTime
from tracker.services.workforce.duty import in_effect

STATUS, OUTCOME, ATTEMPT, PREGNANCY, PERIOD, RESIDENCE, CONTRACT = range(7)
SHAPE: dict[str, TypeEngine[Any]] = {
    "resident_id": Uuid(),
    "id": Uuid(),
    "condition_id": Uuid(),
    "place": String(12),
    "disease": String(24),
    "word": String(24),
    "since": Date(),
    "until": Date(),
    "ended": Date(),
    "recorded_at": UTCDateTime(),
    "moment": UTCDateTime(),
    "changed": Boolean(),
    "note": String(1000),
    "details": JSON(),
}
"""What the columns of all seven are called here, `kind` before them."""


@cache
def traces() -> Any:
    """The statement; `people` are the residents' ids."""
    return union_all(
        _branch(
            STATUS, StatusEvent, StatusEvent.approved_at.is_not(None), StatusEvent.withdrawn_at.is_(None),
            id=StatusEvent.id, disease=StatusEvent.disease, word=StatusEvent.status, since=StatusEvent.on,
            until=StatusEvent.until, recorded_at=StatusEvent.recorded_at,
        ),
        _branch(
            OUTCOME, ReferralOutcome, id=ReferralOutcome.id, disease=ReferralOutcome.disease,
            word=ReferralOutcome.outcome, since=ReferralOutcome.outcome_on,
            recorded_at=ReferralOutcome.recorded_at, changed=ReferralOutcome.treatment_changed,
            note=ReferralOutcome.plan,
        ),
        _branch(
            ATTEMPT, ContactAttempt, id=ContactAttempt.id, moment=ContactAttempt.attempted_at,
            recorded_at=ContactAttempt.recorded_at,
        ),
        _branch(
            PREGNANCY, ResidentGroup, ResidentGroup.code == Group.PRG, since=ResidentGroup.from_on,
            until=ResidentGroup.to_on, details=ResidentGroup.details,
        ),
        _branch(
            PERIOD, StatusPeriod, id=StatusPeriod.id, condition_id=StatusPeriod.condition_id,
            place=StatusPeriod.village_code, word=StatusPeriod.status, since=StatusPeriod.from_on,
            until=StatusPeriod.to_on,
        ),
        _branch(RESIDENCE, Residence, place=Residence.village_code, since=Residence.from_on),
        _branch(
            CONTRACT, Contract, *in_effect(), id=Contract.team_id, since=Contract.start_on,
            until=Contract.end_on, ended=Contract.terminated_on,
        ),
    )  # fmt: skip


def _branch(kind: int, model: Any, *criteria: Any, **columns: Any) -> Select[*tuple[Any, ...]]:
    people = bindparam("people", expanding=True, type_=Uuid())
    columns["resident_id"] = model.resident_id
    return select(
        literal_column(str(kind)).label("kind"),
        *(
            (type_coerce(columns[name], kept) if name in columns else cast(null(), kept)).label(name)
            for name, kept in SHAPE.items()
        ),
    ).where(model.resident_id.in_(people), *criteria)
