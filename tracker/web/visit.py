"""The visits of a person: typing, reading, correcting and voiding one, and all of them as a workbook."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from tracker import clock, database
from tracker.access import my, roles
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.forms.visit_check import checked, put
from tracker.forms.visit_entry import blank, filled, read
from tracker.forms.visit_step import stepped
from tracker.forms.visit_void import VoidForm
from tracker.i18n import gettext as _
from tracker.models import Resident, Visit
from tracker.schemas.problem import Problem, Refused
from tracker.services.sender import Sender
from tracker.services.visit import export as visit_export
from tracker.services.visit import visit as visits
from tracker.services.visit.context import Context, context_of, context_to_correct
from tracker.services.visit.rules import closed
from tracker.web import visit_sheet
from tracker.web.visit_sheet import Sheet

pages = Blueprint("visits", __name__)
READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/residents/<uuid:key>/visits/new")
@roles(*CARE)
def new(key: UUID) -> ResponseReturnValue:
    known = context_of(db.session(), g.scope, key)
    return visit_sheet.page(Sheet(known, blank(known.diseases, str(uuid4()), clock.today())))


@pages.post("/residents/<uuid:key>/visits/new")
@roles(*CARE)
def record(key: UUID) -> ResponseReturnValue:
    known = context_of(db.session(), g.scope, key)
    sender, button = _sender(), request.form.get("do", "save")
    entry = stepped(known, request.form, button)
    sheet = Sheet(known, entry) if entry else _sheet(known, sender)
    if button == "save" and not sheet.problems:
        return visit_sheet.save(sheet, sender)  # which notices by itself what is stored already
    if (stored := visit_sheet.stored()) is not None:
        return visit_sheet.see(stored)
    if sheet.problems:
        return visit_sheet.page(sheet), 422
    return visit_sheet.look(sheet, sender) if entry is None else visit_sheet.page(sheet)


@pages.get("/visits/<uuid:key>")
@roles(*READERS)
def show(key: UUID) -> ResponseReturnValue:
    return visit_sheet.shown(my(Visit, key), clock.now(), request.args.get("done"))


@pages.get("/visits/<uuid:key>/edit")
@roles(*CARE)
def edit(key: UUID) -> ResponseReturnValue:
    visit = my(Visit, key)
    if (away := _closed(visit)) is not None:
        return away
    known = context_to_correct(db.session(), visit)
    entry = filled(known.diseases, visit_sheet.body_to_correct(visit), visit.version)
    return visit_sheet.page(Sheet(known, entry, visit=visit))


@pages.post("/visits/<uuid:key>/edit")
@roles(*CARE)
def correct(key: UUID) -> ResponseReturnValue:
    visit = my(Visit, key)
    if (away := _closed(visit)) is not None:
        return away
    known, button = context_to_correct(db.session(), visit), request.form.get("do", "save")
    if (entry := stepped(known, request.form, button)) is not None:
        return visit_sheet.page(Sheet(known, entry, visit=visit))
    entry, sender = read(known.diseases, request.form), _sender()
    body, problems, _typed = checked(entry, known, sender.at)
    if not entry.reason:
        problems.append(Problem("reason", "reason_missing"))
    sheet = Sheet(known, entry, body, problems, visit=visit)
    if problems:
        return visit_sheet.page(sheet), 422
    return visit_sheet.look(sheet, sender) if button == "look" else visit_sheet.save(sheet, sender)


@pages.route("/visits/<uuid:key>/void", methods=["GET", "POST"])
@roles(*CARE)
def void(key: UUID) -> ResponseReturnValue:
    visit, form = my(Visit, key), VoidForm()
    if (away := _closed(visit)) is not None:
        return away
    if not form.validate_on_submit():
        return visit_sheet.void_page(visit, form), 422 if request.method == "POST" else 200
    try:
        visits.void(db.session(), _sender(), visit, form.reason.data)
    except Refused as refused:
        put(form, refused.problems)
        return visit_sheet.void_page(visit, form), 422
    db.session.commit()
    flash(_("随访已作废，原始记录保留"), "success")
    return redirect(url_for(".show", key=key))


@pages.get("/residents/<uuid:key>/visits.xlsx")
@roles(*READERS)
def export(key: UUID) -> ResponseReturnValue:
    session = db.session()
    database.begin_write(session)
    resident = my(Resident, key)
    content = visit_export.workbook(session, g.scope, g.actor, resident, clock.now(), str(get_locale()))
    session.commit()
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="visits-{resident.archive_no}.xlsx"'
    return answer


def _sheet(known: Context, sender: Sender) -> Sheet:
    entry = read(known.diseases, request.form)
    return Sheet(known, entry, *checked(entry, known, sender.at))


def _sender() -> Sender:
    return Sender(g.staff, g.actor, clock.now())


def _closed(visit: Visit) -> ResponseReturnValue | None:
    """Back to the visit with the reason where it can no longer be changed."""
    if visit.voided_at is not None:
        words = _("这条随访已经作废")
    elif closed(g.staff.role, visit, clock.now()):
        words = _("录入已超过 24 小时，请团队长或卫生院管理员来改")
    else:
        return None
    flash(words, "warning")
    return redirect(url_for(".show", key=visit.id))
