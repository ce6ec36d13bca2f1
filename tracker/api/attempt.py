"""Tries to reach a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api
from tracker.api.describe import takes
from tracker.api.resident import made
from tracker.api.sender import sender
from tracker.api.upload import uploaded
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.models import ContactAttempt
from tracker.schemas.attempt import AttemptIn
from tracker.services.resident import attempt as attempts


@api.post("/residents/<uuid:key>/attempts")
@roles(*CARE, upload=True)
@takes(AttemptIn)
def record_attempt(key: UUID) -> ResponseReturnValue:
    with uploaded(AttemptIn, "attempt", key) as typed:
        attempt, new = attempts.record(db.session(), sender(), key, typed)
    db.session.commit()
    answer = _shown(attempt) if g.phone is None else {"id": str(attempt.id)}
    return made(answer, key) if new else jsonify(answer)


def _shown(attempt: ContactAttempt) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "attempted_at": attempt.attempted_at.astimezone(clock.zone()).isoformat(),
        "outcome": str(attempt.outcome),
        "until": None if attempt.until is None else attempt.until.isoformat(),
        "note": attempt.note,
    }
