"""What phones brought that waits for a lead: refused records, pairs of visits, conflicts; files by hand."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, database
from tracker.access import roles
from tracker.domain.roles import LEADS
from tracker.extensions import db
from tracker.forms.field import put_errors
from tracker.forms.upload import ConflictForm, DeliveryForm, LeaveForm, PairForm
from tracker.forms.visit_check import checked
from tracker.forms.visit_entry import read
from tracker.forms.visit_step import stepped
from tracker.i18n import gettext as _
from tracker.schemas.delivery import FILE_AT_MOST
from tracker.schemas.problem import Refused
from tracker.services.phone import delivery, upload
from tracker.services.visit import conflict, pair
from tracker.services.visit import visit as visits
from tracker.web import upload_sheet, visit_sheet
from tracker.web.resident import sender
from tracker.web.visit_sheet import Sheet
from tracker.words.problems import texts

pages = Blueprint("uploads", __name__, url_prefix="/uploads")
MEGABYTE = 1024 * 1024


@pages.get("")
@roles(*LEADS)
def show() -> ResponseReturnValue:
    return upload_sheet.page()


@pages.post("/<uuid:key>/leave")
@roles(*LEADS)
def leave(key: UUID) -> ResponseReturnValue:
    found, form = upload.find(db.session(), g.scope, key), LeaveForm()
    if not form.validate_on_submit():
        return upload_sheet.page(form, key), 422
    upload.settle(db.session(), sender(), found.row, form.reason.data)
    return _done(_("已记下，不用补录"))


@pages.get("/<uuid:key>/visit")
@roles(*LEADS)
def enter(key: UUID) -> ResponseReturnValue:
    found = upload.find(db.session(), g.scope, key)
    return visit_sheet.page(upload_sheet.sheet(found))


@pages.post("/<uuid:key>/visit")
@roles(*LEADS)
def entered(key: UUID) -> ResponseReturnValue:
    if (stored := visit_sheet.stored()) is not None:
        return visit_sheet.see(stored)
    found = upload.find(db.session(), g.scope, key)
    known, button = upload_sheet.sheet(found).known, request.form.get("do", "save")
    if (entry := stepped(known, request.form, button)) is not None:
        return visit_sheet.page(Sheet(known, entry))
    entry = read(known.diseases, request.form).under(found.row.visit_id)
    sheet = Sheet(known, entry, *checked(entry, known, clock.now()))
    if sheet.problems:
        return visit_sheet.page(sheet), 422
    if button == "look":
        return visit_sheet.look(sheet, sender())
    return upload_sheet.enter(found, sheet, sender())


@pages.post("/conflicts/<uuid:key>")
@roles(*LEADS)
def decide_conflict(key: UUID) -> ResponseReturnValue:
    found, form = conflict.find(db.session(), g.scope, key), ConflictForm()
    if not form.validate_on_submit():
        return upload_sheet.page(form, key), 422
    try:
        if form.decision.data == "keep":
            conflict.keep(db.session(), sender(), found, form.reason.data)
        else:
            conflict.take(db.session(), sender(), found, form.seen_version(), form.reason.data)
    except Refused as refused:
        return _refused(form, refused, key)
    return _done(_("已决定，两份内容都留着"))


@pages.post("/pairs")
@roles(*LEADS)
def decide_pair() -> ResponseReturnValue:
    form = PairForm()
    decided = form.decided()
    if form.first.errors or form.second.errors:
        return redirect(url_for(".show"))
    found = pair.find(db.session(), g.scope, UUID(form.first.data), UUID(form.second.data))
    if not decided:
        return upload_sheet.page(form, found.second.id), 422
    try:
        if form.decision.data == "both":
            pair.settle(db.session(), sender(), found)
        else:
            wrong = found.first if form.decision.data == "first" else found.second
            visits.void(db.session(), sender(), wrong, form.reason.data)
    except Refused as refused:
        return _refused(form, refused, found.second.id)
    return _done(_("已记下") if form.decision.data == "both" else _("随访已作废，原始记录保留"))


def _refused(form: ConflictForm | PairForm, refused: Refused, key: UUID) -> ResponseReturnValue:
    db.session.rollback()
    form.reason.errors = [words for said in texts(refused.problems).values() for words in said]
    return upload_sheet.page(form, key), 422


def _done(words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".show"))


@pages.get("/file")
@roles(*LEADS)
def file() -> ResponseReturnValue:
    return _file(DeliveryForm())


@pages.post("/file")
@roles(*LEADS, write=False)
def deliver() -> ResponseReturnValue:
    form = DeliveryForm()
    if not form.validate_on_submit():
        return _file(form), 422
    content = form.file.data.read()
    database.begin_write(db.session())
    try:
        phone, owner, found = delivery.deliver(db.session(), sender(), g.scope, content, texts)
    except Refused as refused:
        db.session.rollback()
        put_errors(form, refused)
        return _file(form), 422
    db.session.commit()
    return upload_sheet.delivered(phone, owner, found)


@pages.errorhandler(413)
def too_big(_error: Exception) -> ResponseReturnValue:
    form = DeliveryForm(formdata=None)
    form.file.errors = [_("文件超过 %(most)s MB，没有收", most=FILE_AT_MOST // MEGABYTE)]
    return _file(form), 413


def _file(form: DeliveryForm) -> str:
    return render_template("uploads/file.html", form=form, most=FILE_AT_MOST)
