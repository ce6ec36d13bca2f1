"""The nightly jobs: when they run next, how they went, and running one now."""

from __future__ import annotations

import socket
from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, database, journal
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.models import JobRun
from tracker.services import job as jobs
from tracker.words import sentences

pages = Blueprint("jobs", __name__, url_prefix="/admin/jobs")
HOST = socket.gethostname()[:120]


@pages.get("")
@roles(Role.SYSADMIN, Role.COMMISSION)
def show() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "jobs/show.html", planned=jobs.planned(clock.now()), latest=jobs.latest(session),
        runs=jobs.recent(session), words=sentences.JOBS, figures=sentences.FIGURES, zone=clock.zone(),
        alive=jobs.alive(session, clock.now()), slot=_slot, sentences=sentences,
    )  # fmt: skip


def _slot(run: JobRun) -> datetime:
    """The moment a run was planned for, or began at where its name is no moment."""
    try:
        return datetime.fromisoformat(run.slot)
    except ValueError:
        return run.started_at


@pages.post("/<name>/run")
@roles(Role.SYSADMIN, Role.COMMISSION)
def run(name: str) -> ResponseReturnValue:
    try:
        job = jobs.find(name)
    except LookupError:
        abort(404)
    session, at = db.session(), clock.now()
    try:
        jobs.run_by_hand(session, job, clock.today(), g.actor, at, HOST)
        flash(_("运行完了"), "success")
    except Exception as error:
        session.rollback()
        database.begin_write(session)
        jobs.failed_by_hand(session, job, at, HOST, error)
        journal.exception("job failed", job=name)
        flash(_("没有做完，什么也没有保存；原因在下面"), "error")
    session.commit()
    return redirect(url_for(".show"))
