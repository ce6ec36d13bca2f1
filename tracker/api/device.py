"""Phones: registered, listed, lent their share again, revoked; and the nonces that they sign."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import abort, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, database, sessions
from tracker.access import EVERYONE, public_call, roles
from tracker.api import api, body, created
from tracker.api.answer import wrong
from tracker.api.describe import takes
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.models import Device
from tracker.models.sealed import keys
from tracker.problem import problem
from tracker.schemas.device import DeviceIn, LeaseIn, RevocationIn
from tracker.services.phone import challenge, device
from tracker.services.phone import record as device_record
from tracker.services.phone.workplace import workplace


@api.post("/devices")
@roles(*CARE, scope=False)
@takes(DeviceIn)
def register_device() -> ResponseReturnValue:
    given, now = body(DeviceIn), clock.now()
    agent = sessions.client().agent
    phone, new = device.register(db.session(), g.actor, g.staff, given, agent, now)
    answer = _lent(phone, device.lease(db.session(), g.actor, phone, now))
    db.session.commit()
    return created(answer, url_for("api.list_devices")) if new else jsonify(answer)


@api.get("/devices")
@roles(*EVERYONE)
def list_devices() -> ResponseReturnValue:
    """Those of a person one looks after (`staff`), or one's own."""
    session, asked = db.session(), request.args.get("staff", "")
    try:
        wanted = UUID(asked) if asked else g.staff.id
    except ValueError:
        abort(wrong("staff", _("应是一个 UUID")))
    if wanted != g.staff.id and wanted not in device.owners(session, g.scope):
        abort(404)
    return jsonify(devices=[_shown(phone) for phone in device.of_staff(session, wanted)])


@api.post("/devices/<uuid:key>/lease")
@roles(*CARE, scope=False)
@takes(LeaseIn)
def lease_device(key: UUID) -> ResponseReturnValue:
    phone, given = device.own(db.session(), g.staff, key), body(LeaseIn)
    device_record.expect(phone, given.last_sequence)
    if phone.revoked_at is not None:
        db.session.commit()
        return problem(403, code="device_revoked")
    until = device.lease(db.session(), g.actor, phone, clock.now())
    answer = _lent(phone, until)
    db.session.commit()
    return jsonify(answer)


@api.post("/devices/<uuid:key>/revocation")
@roles(*EVERYONE)
@takes(RevocationIn)
def revoke_device(key: UUID) -> ResponseReturnValue:
    phone = device.looked_after(db.session(), g.scope, key)
    reason, own = body(RevocationIn).reason, sessions.current().hashed
    device.revoke(db.session(), g.actor, phone, reason, clock.now(), own)
    db.session.commit()
    return jsonify(_shown(phone))


@api.get("/devices/<uuid:key>/state")
@public_call
def state_of_device(key: UUID) -> ResponseReturnValue:
    """Asked by the phone whenever it has a line, signed in or not.

    One that was revoked empties itself; one that is not known has to be set up again.
    """
    found = device.in_use(db.session(), key)
    return jsonify(in_use=found is not False, known=found is not None)


@api.post("/devices/<uuid:key>/challenge")
@public_call
def challenge_device(key: UUID) -> ResponseReturnValue:
    database.begin_write(db.session())
    nonce = challenge.ask(db.session(), key, sessions.client().address, clock.now())
    db.session.commit()
    if nonce is None:
        answer = problem(429)
        answer.headers["Retry-After"] = "60"
        return answer
    return jsonify(nonce=nonce)


def _lent(phone: Device, until: datetime) -> dict[str, Any]:
    seal = keys().sealing.newest
    public = base64.urlsafe_b64encode(seal.point).decode().rstrip("=")
    return {
        "id": str(phone.id),
        "server_key": {"id": seal.id, "public": public},
        "share": phone.share,
        "lease_until": until.isoformat(),
        "work": workplace(db.session(), g.staff, clock.today()),
    }


def _shown(phone: Device) -> dict[str, Any]:
    return {
        "id": str(phone.id),
        "name": phone.name,
        "registered_at": phone.registered_at.isoformat(),
        "last_seen_at": phone.last_seen_at.isoformat(),
        "revoked_at": None if phone.revoked_at is None else phone.revoked_at.isoformat(),
        "last_sequence": phone.last_sequence,
        "missing": phone.missing,
    }
