"""GET /targets: the targets that are set for a region and all below it, of what concerns the caller."""

from __future__ import annotations

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from tracker.access import EVERYONE, roles
from tracker.api import api
from tracker.api.answer import region_argument, year_argument
from tracker.extensions import db
from tracker.services.target import target
from tracker.services.workforce import region


@api.get("/targets")
@roles(*EVERYONE)
def list_targets() -> ResponseReturnValue:
    session, year = db.session(), year_argument()
    asked = region.concerning(session, g.scope, region_argument())
    rows = [
        {
            "region_code": row.region_code,
            "year": row.year,
            "indicator": row.indicator,
            "group": row.group_code or None,
            "percent": f"{row.percent:.2f}",
        }
        for row in target.listed(session, asked, year)
        if region.concerns(g.scope, row.region_code)
    ]
    return jsonify(targets=rows, total=len(rows))
