"""GET /teams: the teams of the caller's scope with their villages."""

from __future__ import annotations

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from tracker.access import EVERYONE, roles
from tracker.api import api, paging
from tracker.extensions import db
from tracker.services.workforce import team


@api.get("/teams")
@roles(*EVERYONE)
def list_teams() -> ResponseReturnValue:
    session, part = db.session(), paging()
    found = team.listed(session, g.scope)
    shown = found[part.offset : part.offset + part.per_page]
    rows = [
        {
            "id": str(row.id),
            "name": row.name,
            "township_code": row.township_code,
            "phone": row.phone,
            "villages": team.covered_on(session, row, g.scope.on),
        }
        for row in shown
    ]
    return jsonify(teams=rows, total=len(found), page=part.page)
