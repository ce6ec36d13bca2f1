"""Service packages: what there is, a new one, the next version of one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.package import PackageForm
from tracker.i18n import gettext as _
from tracker.services.contract import package as packages
from tracker.web.resident import sender

pages = Blueprint("packages", __name__, url_prefix="/admin/packages")
manager = roles(Role.COMMISSION, Role.SYSADMIN)


@pages.get("")
@manager
def show() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "packages/show.html", packages=packages.newest(session), counts=packages.counts(session)
    )


@pages.route("/new", methods=["GET", "POST"])
@manager
def new() -> ResponseReturnValue:
    return _edited(PackageForm())


@pages.route("/<string:code>", methods=["GET", "POST"])
@manager
def edit(code: str) -> ResponseReturnValue:
    found = packages.versions(db.session(), code)
    if not found:
        abort(404)
    form = PackageForm.of(found[0])
    form.code.data = code
    return _edited(form, code)


def _edited(form: PackageForm, code: str | None = None) -> ResponseReturnValue:
    typed = form.package() if form.validate_on_submit() else None
    if typed is None:
        page = render_template("packages/edit.html", form=form, code=code)
        return page, 422 if form.errors else 200
    made = packages.add(db.session(), sender(), typed)
    db.session.commit()
    flash(_("已保存“%(name)s”第 %(n)s 版", name=made.name, n=made.version), "success")
    return redirect(url_for(".show"))
