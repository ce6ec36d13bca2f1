"""Noting a try to reach a person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.forms.attempt import AttemptForm
from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused
from tracker.services.resident import attempt as attempts
from tracker.services.resident.record import record
from tracker.web.resident import own_person, sender

pages = Blueprint("attempts", __name__, url_prefix="/residents/<uuid:key>/attempts")


@pages.route("/new", methods=["GET", "POST"])
@roles(*CARE)
def new(key: UUID) -> ResponseReturnValue:
    resident = own_person(key)
    form = AttemptForm(attempted_at=clock.now().astimezone(clock.zone()))
    if _saved(form, key):
        return redirect(url_for("residents.person", key=key))
    phones = record(db.session(), resident, clock.today()).phones
    page = render_template("residents/attempt.html", form=form, person=resident, phones=phones)
    return page, 422 if form.errors else 200


def _saved(form: AttemptForm, key: UUID) -> bool:
    typed = form.attempt(clock.zone()) if form.validate_on_submit() else None
    if typed is None:
        return False
    try:
        attempts.record(db.session(), sender(), key, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    db.session.commit()
    flash(_("已记下这次联系"), "success")
    return True
