"""Telling what happened to a person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.roles import CARE, Role
from tracker.domain.terms import Status
from tracker.extensions import db
from tracker.forms.status import StatusForm
from tracker.i18n import gettext as _
from tracker.models import Resident
from tracker.models.region import Level
from tracker.schemas.problem import Refused
from tracker.services.contract import listing as contract_list
from tracker.services.resident import status as statuses
from tracker.services.resident.record import record
from tracker.services.resident.status_rules import attempt_days
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound
from tracker.web.resident import own_person, sender

pages = Blueprint("statuses", __name__, url_prefix="/residents/<uuid:key>/status")


@pages.route("", methods=["GET", "POST"])
@roles(*CARE, Role.COMMISSION)
def new(key: UUID) -> ResponseReturnValue:
    resident = own_person(key) if g.staff.role in CARE else my(Resident, key)
    form = _offered(resident)
    if _saved(form, key):
        return redirect(_after(key))
    tried = len(attempt_days(db.session(), key, clock.today()))
    page = render_template("residents/status.html", form=form, person=resident, tried=tried)
    return page, 422 if form.errors else 200


def _offered(resident: Resident) -> StatusForm:
    session, today = db.session(), clock.today()
    villages = region.below(session, resident.county_code, Level.VILLAGE)
    return StatusForm.offer(g.staff.role, record(session, resident, today).conditions, villages, today)


def _saved(form: StatusForm, key: UUID) -> bool:
    typed = form.told() if form.validate_on_submit() else None
    if typed is None or form.doubted(g.staff.role):
        return False
    try:
        event, _new = statuses.post(db.session(), sender(), key, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    waits = event.approved_at is None
    back = event.status is Status.ACTIVE and contract_list.ended_by_leaving(db.session(), key)
    db.session.commit()
    flash(_("已上报，等团队长批准") if waits else _("已登记"), "success")
    if back:
        flash(_("原来的签约已经终止，不会自动恢复；要继续服务，请重新签约"), "warning")
    return True


def _after(key: UUID) -> str:
    """The record, or the list where the person has moved out of sight."""
    try:
        my(Resident, key)
    except NotFound:
        return url_for("residents.show")
    return url_for("residents.person", key=key)
