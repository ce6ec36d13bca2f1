"""Rosters: upload, see what was read, have it applied, fetch the report."""

from __future__ import annotations

import io
from itertools import islice
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from tracker import clock, database
from tracker.access import roles
from tracker.domain.finding import Finding, Result, finding_text
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.field import put_errors
from tracker.forms.roster import RosterForm
from tracker.i18n import gettext as _
from tracker.models import Roster, RosterState
from tracker.schemas.problem import Refused
from tracker.services import audit
from tracker.services.roster import upload as roster_upload
from tracker.services.roster import worker as roster_worker
from tracker.services.roster.file import BIGGEST, Folder
from tracker.services.roster.report import write_report
from tracker.web.roster_label import RESULTS, STATES, state
from tracker.words import labels

pages = Blueprint("imports", __name__, url_prefix="/imports")
IMPORTERS = (Role.TOWNSHIP_ADMIN, Role.COMMISSION)
SHOWN = 200
MEGABYTE = 1024 * 1024
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("")
@roles(*IMPORTERS)
def show() -> ResponseReturnValue:
    return _list(RosterForm())


@pages.post("")
@roles(*IMPORTERS, write=False)
def upload() -> ResponseReturnValue:
    form = RosterForm()
    if not form.validate_on_submit():
        return _list(form), 422
    content = form.file.data.read()
    database.begin_write(db.session())
    try:
        roster = roster_upload.upload(
            db.session(), g.actor, g.scope, form.file.data.filename, content, clock.now()
        )
    except Refused as refused:
        put_errors(form, refused)
        return _list(form), 422
    key = roster.id
    _folder().keep(key, content)
    db.session.commit()
    _start(key)
    return redirect(url_for(".one", key=key))


@pages.errorhandler(413)
def too_big(_error: Exception) -> ResponseReturnValue:
    """So big that nothing of the form could be read: the words stand beside the file all the same."""
    form = RosterForm(formdata=None)
    form.file.errors = [
        _("文件超过 %(most)s MB，没有上传；请把名册分成几份，再分别上传", most=BIGGEST // MEGABYTE)
    ]
    return _list(form), 413


@pages.get("/<uuid:key>")
@roles(*IMPORTERS)
def one(key: UUID) -> ResponseReturnValue:
    roster = _own(key)
    counts = roster.summary.get("applied") or roster.summary.get("read") or {}
    wanted = request.args.get("result") or ("refused" if counts.get("refused") else "")
    found = (f for f in _folder().findings(key) if wanted not in list(Result) or f.result == wanted)
    return render_template(
        "imports/one.html", roster=roster, findings=[_line(f) for f in islice(found, SHOWN)], shown=SHOWN,
        wanted=wanted, results=RESULTS, state=state, error=_error(roster), labels=labels, counts=counts,
        busy=roster.state in roster_upload.UNDER_WAY, zone=clock.zone(), has_file=_folder().has(key),
        before=roster_upload.applied_before(db.session(), roster),
    )  # fmt: skip


@pages.get("/<uuid:key>/progress")
@roles(*IMPORTERS)
def progress(key: UUID) -> ResponseReturnValue:
    roster = _own(key)
    busy = roster.state in roster_upload.UNDER_WAY
    return {
        "done": roster.rows_done,
        "total": roster.rows_total,
        "text": str(STATES[roster.state]),
        "next": None if busy else url_for(".one", key=key),
    }


@pages.post("/<uuid:key>/apply")
@roles(*IMPORTERS)
def apply(key: UUID) -> ResponseReturnValue:
    roster = _own(key)
    try:
        roster_upload.approve(db.session(), g.actor, roster, clock.now())
    except Refused:
        db.session.rollback()
        flash(_("这份名册已经录入或正在处理"), "warning")
        return redirect(url_for(".one", key=key))
    db.session.commit()
    _start(key)
    return redirect(url_for(".one", key=key))


@pages.get("/<uuid:key>/report.xlsx")
@roles(*IMPORTERS)
def report(key: UUID) -> ResponseReturnValue:
    roster, book = _own(key), io.BytesIO()
    counts = roster.summary.get("applied") or roster.summary.get("read") or {}
    write_report(book, _folder().findings(key), counts, str(get_locale()))
    book.seek(0)
    with database.reader(db.engine) as session:
        database.begin_write(session)
        audit.record(session, g.actor, clock.now(), "fetch roster report", "roster", key)
        session.commit()
    return send_file(book, SHEET, as_attachment=True, download_name=f"{key}.xlsx", max_age=0)


def _own(key: UUID) -> Roster:
    return roster_upload.find(db.session(), g.staff, key)


def _list(form: RosterForm) -> str:
    rosters = roster_upload.listed(db.session(), g.staff)
    return render_template(
        "imports/show.html", form=form, rosters=rosters, state=state, labels=labels, zone=clock.zone(),
        most=BIGGEST,
    )  # fmt: skip


def _line(found: Finding) -> dict[str, object]:
    return {
        "place": _("%(sheet)s 第 %(row)s 行", sheet=found.sheet, row=found.row),
        "column": found.column or "—",
        "value": found.value or "—",
        "result": found.result,
        "reason": found.text(str(get_locale())),
    }


def _error(roster: Roster) -> str:
    if roster.state is not RosterState.FAILED:
        return ""
    return finding_text(roster.error, roster.summary.get("params", {}), str(get_locale()))


def _folder() -> Folder:
    return Folder(current_app.config["SETTINGS"].instance / roster_worker.FOLDER)


def _start(key: UUID) -> None:
    """The process sees the same database, keys and files as this one."""
    settings = current_app.config["SETTINGS"]
    roster_worker.start(
        key,
        {
            "TRACKER_DATABASE_URL": settings.database_url,
            "TRACKER_DATA_KEY_FILE": str(settings.data_key_file),
            "TRACKER_INSTANCE": str(settings.instance),
            "TRACKER_TIMEZONE": settings.timezone,
        },
    )
