"""The trail of acts, for auditors, the commission and, without personal rows, the system administrator."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.audit import AuditForm
from tracker.services import audit_trail
from tracker.words import act

pages = Blueprint("audit", __name__, url_prefix="/admin/audit")
PER_PAGE = 50


@pages.get("")
@roles(Role.AUDITOR, Role.SYSADMIN, Role.COMMISSION)
def show() -> ResponseReturnValue:
    form = AuditForm(request.args)
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    wanted = form.wanted(clock.zone()) if form.validate() else audit_trail.Wanted()
    offset = (page - 1) * PER_PAGE
    entries, total = audit_trail.read(db.session(), g.scope, wanted, offset, PER_PAGE)
    shown = offset + len(entries)
    return render_template(
        "audit/show.html",
        form=form,
        entries=entries,
        total=total,
        shown=shown,
        next_url=_page(page + 1) if shown < total else None,
        prev_url=_page(page - 1) if page > 1 else None,
        zone=clock.zone(),
        words=act,
    )


def _page(number: int) -> str:
    return url_for(".show", **{**request.args.to_dict(), "page": str(number)})  # type: ignore[arg-type]
