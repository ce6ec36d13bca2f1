"""The phones of the people one looks after, and taking one out of use."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, sessions
from tracker.access import EVERYONE, roles
from tracker.domain.roles import LEADS, Role
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.services.phone import device
from tracker.words import labels

pages = Blueprint("device", __name__, url_prefix="/devices")
LONGEST = 200


@pages.get("")
@roles(Role.TEAM_LEAD, *device.MANAGERS)
def show() -> ResponseReturnValue:
    rows = device.listed(db.session(), g.scope)
    return render_template(
        "devices/show.html",
        devices=[phone for phone, _owner in rows],
        owners={owner.id: owner for _phone, owner in rows},
        labels=labels,
        zone=clock.zone(),
        carries=g.staff.role in LEADS,
    )


@pages.post("/<uuid:key>/revoke")
@roles(*EVERYONE)
def revoke(key: UUID) -> ResponseReturnValue:
    phone = device.looked_after(db.session(), g.scope, key)
    owner, own = phone.staff_id, phone.staff_id == g.staff.id
    reason = request.form.get("reason", "").replace("\0", "").strip()[:LONGEST]
    if not reason:
        flash(_("请写明停用的原因"), "error")
    else:
        device.revoke(db.session(), g.actor, phone, reason, clock.now(), sessions.current().hashed)
        db.session.commit()
        flash(_("已停用这台手机，没有上传的记录 30 天内还能送到"), "success")
    if own:
        return redirect(url_for("me.show"))
    led = g.staff.role is Role.TEAM_LEAD
    return redirect(url_for(".show") if led else url_for("staff.edit", staff_id=owner))
