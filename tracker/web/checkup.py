"""Noting a yearly health check-up."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.forms.checkup import CheckupForm
from tracker.forms.visit_typed import tidy
from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused
from tracker.services.resident import checkup as checkups
from tracker.web.resident import own_person, sender

pages = Blueprint("checkups", __name__, url_prefix="/residents/<uuid:key>/checkups")


@pages.route("/new", methods=["GET", "POST"])
@roles(*CARE)
def new(key: UUID) -> ResponseReturnValue:
    resident, form = own_person(key), _typed()
    if _saved(form, key):
        return redirect(url_for("residents.person", key=key))
    page = render_template("residents/checkup.html", form=form, person=resident)
    return page, 422 if form.errors else 200


def _typed() -> CheckupForm:
    """The form; `138/86` in the box of the upper pressure fills both, as it does in a visit."""
    sent = tidy(request.form) if request.method == "POST" else None
    return CheckupForm(sent, checked_on=clock.today())


def _saved(form: CheckupForm, key: UUID) -> bool:
    typed = form.checkup() if form.validate_on_submit() else None
    if typed is None:
        return False
    try:
        checkups.record(db.session(), sender(), key, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    db.session.commit()
    flash(_("已记下体检"), "success")
    return True
