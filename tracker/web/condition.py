"""Enrolling a person on a disease register."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.forms.condition import ConditionForm
from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused
from tracker.services.resident import condition as conditions
from tracker.services.resident.record import record
from tracker.web.resident import own_person, sender

pages = Blueprint("conditions", __name__, url_prefix="/residents/<uuid:key>/conditions")


@pages.route("/new", methods=["GET", "POST"])
@roles(*CARE)
def new(key: UUID) -> ResponseReturnValue:
    resident = own_person(key)
    held = record(db.session(), resident, clock.today()).conditions
    form = ConditionForm.offer([c.disease for c in held], clock.today())
    if _saved(form, key):
        return redirect(url_for("residents.person", key=key))
    page = render_template("residents/condition.html", form=form, person=resident)
    return page, 422 if form.errors else 200


def _saved(form: ConditionForm, key: UUID) -> bool:
    typed = form.condition() if form.validate_on_submit() else None
    if typed is None:
        return False
    try:
        conditions.enrol(db.session(), sender(), key, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    db.session.commit()
    flash(_("已登记慢病"), "success")
    return True
