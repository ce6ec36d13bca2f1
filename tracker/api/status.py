"""What happened to a person: death, departure, loss, absence, return."""

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
from tracker.models import StatusEvent
from tracker.schemas.status import StatusIn
from tracker.services.resident import status as statuses


@api.post("/residents/<uuid:key>/status")
@roles(*CARE, Role.COMMISSION)
@takes(StatusIn)
def record_status(key: UUID) -> ResponseReturnValue:
    event, new = statuses.post(db.session(), sender(), key, body(StatusIn))
    db.session.commit()
    return made(_shown(event), key) if new else jsonify(_shown(event))


def _shown(event: StatusEvent) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "status": str(event.status),
        "on": event.on.isoformat(),
        "until": None if event.until is None else event.until.isoformat(),
        "reason": event.reason,
        "disease": None if event.disease is None else str(event.disease),
        "region_code": event.to_village_code,
        "approval": "pending" if event.approved_at is None else None,
    }
