"""Places on disease registers: enrol a person."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api, body
from tracker.api.describe import takes
from tracker.api.resident import made
from tracker.api.sender import sender
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.schemas.condition import ConditionIn
from tracker.services.resident import condition as conditions
from tracker.services.resident.view import condition_view, periods_on


@api.post("/residents/<uuid:key>/conditions")
@roles(*CARE)
@takes(ConditionIn)
def enrol_condition(key: UUID) -> ResponseReturnValue:
    condition, new = conditions.enrol(db.session(), sender(), key, body(ConditionIn))
    db.session.commit()
    answer = condition_view(condition, periods_on(db.session(), [key], clock.today()))
    return made(answer, key) if new else jsonify(answer)
