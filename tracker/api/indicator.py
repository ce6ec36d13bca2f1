"""The indicators of regions over a period."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.services.indicator import Figure, figures, question

READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)


@api.get("/indicators")
@roles(*READERS)
def list_indicators() -> ResponseReturnValue:
    session, asked = db.session(), question.read(request.args, clock.today())
    regions = question.rows(session, g.scope, asked.region, asked.level)
    names = {region.code: region.name for region in regions}
    found = figures(session, list(names), asked.period)
    return jsonify([_row(figure, names[figure.region_code]) for figure in found])


def _row(figure: Figure, name: str) -> dict[str, Any]:
    return {
        "region_code": figure.region_code,
        "region_name": name,
        "key": str(figure.key),
        "group": figure.group,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rate": None if figure.rate is None else str(figure.rate),
        "from": figure.period.start.isoformat(),
        "to": figure.period.end.isoformat(),
        "note": None if figure.note is None else str(figure.note),
        "under_35": figure.young,
    }
