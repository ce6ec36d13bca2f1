"""What became of a referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.access import roles
from tracker.api import api, body
from tracker.api.describe import takes
from tracker.api.resident import made
from tracker.api.sender import sender
from tracker.domain.roles import CARE, Role
from tracker.extensions import db
from tracker.models import ReferralOutcome
from tracker.schemas.referral import OutcomeIn
from tracker.services.task import referral as referrals


@api.post("/residents/<uuid:key>/referral-outcome")
@roles(*CARE, Role.COUNTY_DOCTOR)
@takes(OutcomeIn)
def record_outcome(key: UUID) -> ResponseReturnValue:
    outcome, new = referrals.record(db.session(), sender(), key, body(OutcomeIn))
    db.session.commit()
    return made(_shown(outcome), key) if new else jsonify(_shown(outcome))


def _shown(outcome: ReferralOutcome) -> dict[str, Any]:
    return {
        "id": str(outcome.id),
        "disease": str(outcome.disease),
        "outcome": str(outcome.outcome),
        "outcome_on": outcome.outcome_on.isoformat(),
        "source": outcome.source,
        "plan": outcome.plan,
        "treatment_changed": outcome.treatment_changed,
    }
