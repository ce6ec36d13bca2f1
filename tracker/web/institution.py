"""Hospitals, branches and clinics of the manager's regions."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.field import put_errors
from tracker.forms.institution import InstitutionForm
from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused, refuse
from tracker.services.workforce import institution, region
from tracker.words.labels import INSTITUTIONS

pages = Blueprint("institution", __name__, url_prefix="/admin/institutions")
manager = roles(Role.SYSADMIN, Role.COMMISSION, Role.TOWNSHIP_ADMIN)


@pages.get("")
@manager
def show() -> ResponseReturnValue:
    return _page(InstitutionForm())


@pages.post("")
@manager
def add() -> ResponseReturnValue:
    form = InstitutionForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        code = region.codes(db.session(), [form.region_code.data], g.scope.regions, "region_code")[0]
        if g.scope.regions and not g.scope.covers(code):
            raise refuse("region_code", "region_foreign", region=code)
        institution.add(db.session(), g.actor, clock.now(), form.new(code))
    except Refused as refused:
        put_errors(form, refused)
        return _page(form), 422
    db.session.commit()
    flash(_("已登记机构"), "success")
    return redirect(url_for(".show"))


def _page(form: InstitutionForm) -> str:
    rows = institution.listed(db.session(), g.scope)
    names = region.names(db.session(), {row.region_code for row in rows})
    return render_template("institutions/show.html", form=form, rows=rows, kinds=INSTITUTIONS, names=names)
