"""GET /targets: the targets that are set for a region and all below it."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.access import EVERYONE, roles
from tracker.api import api
from tracker.api.answer import region_argument, year_argument
from tracker.extensions import db
from tracker.services import target


@api.get("/targets")
@roles(*EVERYONE)
def list_targets() -> ResponseReturnValue:
    region, year = region_argument(), year_argument()
    rows = [
        {
            "region_code": row.region_code,
            "year": row.year,
            "indicator": row.indicator,
            "group": row.group_code or None,
            "percent": f"{row.percent:.2f}",
        }
        for row in target.listed(db.session(), region, year)
    ]
    return jsonify(targets=rows, total=len(rows))
