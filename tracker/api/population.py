"""GET /population: the figures that are set for a region and all below it."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.access import EVERYONE, roles
from tracker.api import api
from tracker.api.answer import region_argument, year_argument
from tracker.extensions import db
from tracker.services import population


@api.get("/population")
@roles(*EVERYONE)
def list_population() -> ResponseReturnValue:
    region, year = region_argument(), year_argument()
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
        for row in population.listed(db.session(), region, year)
    ]
    return jsonify(population=rows, total=len(rows))
