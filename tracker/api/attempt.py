"""Tries to reach a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api, body
from tracker.api.describe import takes
from tracker.api.resident import made, sender
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.models import ContactAttempt
from tracker.schemas.attempt import AttemptIn
from tracker.services import attempt as attempts


@api.post("/residents/<uuid:key>/attempts")
@roles(*CARE)
@takes(AttemptIn)
def record_attempt(key: UUID) -> ResponseReturnValue:
    attempt, new = attempts.record(db.session(), sender(), key, body(AttemptIn))
    db.session.commit()
    return made(_shown(attempt), key) if new else jsonify(_shown(attempt))


def _shown(attempt: ContactAttempt) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "attempted_at": attempt.attempted_at.astimezone(clock.zone()).isoformat(),
        "outcome": str(attempt.outcome),
        "until": None if attempt.until is None else attempt.until.isoformat(),
        "note": attempt.note,
    }
