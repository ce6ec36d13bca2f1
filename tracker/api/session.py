"""GET /session: who is signed in, and the token that unsafe requests of the browser's session carry."""

from __future__ import annotations

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from tracker import clock, sessions
from tracker.access import EVERYONE, roles
from tracker.api import api


@api.get("/session")
@roles(*EVERYONE, scope=False)
def show() -> ResponseReturnValue:
    staff = g.staff
    return jsonify(
        staff={"id": str(staff.id), "username": staff.username, "name": staff.name, "role": staff.role},
        csrf_token=generate_csrf() if sessions.current().token else None,
        server_time=clock.now().isoformat(),
    )
