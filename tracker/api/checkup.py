"""Yearly health check-ups."""

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
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.models import Checkup
from tracker.schemas.checkup import CheckupIn
from tracker.services.resident import checkup as checkups


@api.post("/residents/<uuid:key>/checkups")
@roles(*CARE)
@takes(CheckupIn)
def record_checkup(key: UUID) -> ResponseReturnValue:
    checkup, new = checkups.record(db.session(), sender(), key, body(CheckupIn))
    db.session.commit()
    return made(_shown(checkup), key) if new else jsonify(_shown(checkup))


def _shown(checkup: Checkup) -> dict[str, Any]:
    return {
        "id": str(checkup.id),
        "checked_on": checkup.checked_on.isoformat(),
        "institution": checkup.institution,
        "results": checkup.results,
    }
