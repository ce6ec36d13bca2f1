"""The trail of acts, for auditors, the commission and, without personal rows, the system administrator."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.audit import AuditForm
from tracker.models import Audit
from tracker.services import audit_trail
from tracker.words import act, sentences

pages = Blueprint("audit", __name__, url_prefix="/admin/audit")
PER_PAGE = 50
UUID_LENGTH = 36


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
        called=partial(_called, audit_trail.names(db.session(), entries)),
    )


def _called(names: dict[str, str], row: Audit) -> str:
    """What an act was done to: by its name where it has one to show, else by the beginning of its id."""
    if row.object_type == "job":
        return str(sentences.JOBS.get(row.object_id, row.object_id))
    short = row.object_id[:8] if len(row.object_id) == UUID_LENGTH else row.object_id
    own = names.get(row.object_id, short)
    place = names.get(row.village_code, row.village_code) if row.village_code != row.object_id else ""
    return f"{own} {place}".strip()


def _page(number: int) -> str:
    return url_for(".show", **{**request.args.to_dict(), "page": str(number)})  # type: ignore[arg-type]
