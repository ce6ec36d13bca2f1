"""GET /population: the figures that are set for a region and all below it, of what concerns the caller."""

from __future__ import annotations

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from tracker.access import EVERYONE, roles
from tracker.api import api
from tracker.api.answer import region_argument, year_argument
from tracker.extensions import db
from tracker.services.target import population
from tracker.services.workforce import region


@api.get("/population")
@roles(*EVERYONE)
def list_population() -> ResponseReturnValue:
    session, year = db.session(), year_argument()
    asked = region.concerning(session, g.scope, region_argument())
    rows = [
        {
            "region_code": row.region_code,
            "year": row.year,
            "resident": row.resident,
            "registered": row.registered,
            "hypertension": row.hypertension,
            "diabetes": row.diabetes,
            "source": row.source,
        }
        for row in population.listed(session, asked, year)
        if region.concerns(g.scope, row.region_code)
    ]
    return jsonify(population=rows, total=len(rows))
