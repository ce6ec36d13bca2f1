"""The browser's session: who is signed in, the token that its unsafe requests carry, and its end."""

from __future__ import annotations

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from tracker import clock, sessions
from tracker.access import EVERYONE, roles
from tracker.api import api
from tracker.extensions import db
from tracker.services import audit


@api.get("/session")
@roles(*EVERYONE, scope=False)
def show() -> ResponseReturnValue:
    staff, began = g.staff, sessions.current().began_at
    return jsonify(
        staff={"id": str(staff.id), "username": staff.username, "name": staff.name, "role": staff.role},
        csrf_token=generate_csrf() if sessions.current().token else None,
        signed_in_at=None if began is None else began.isoformat(),
        server_time=clock.now().isoformat(),
    )


@api.delete("/session")
@roles(*EVERYONE, scope=False)
def end() -> ResponseReturnValue:
    """By the phone, when a wrong PIN was typed too often: nobody goes on as its owner."""
    audit.record(db.session(), g.actor, clock.now(), "sign out", "staff", g.staff.id)
    sessions.current().sign_out()
    db.session.commit()
    return jsonify(ended=True)
