"""What waits for a lead: reported deaths, losses and moves, and visits entered very late."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.roles import LEADS
from tracker.extensions import db
from tracker.forms.status import DecisionForm
from tracker.i18n import gettext as _
from tracker.models import StatusEvent, Visit
from tracker.models.visit import Approval
from tracker.services.resident import approval as approvals
from tracker.services.resident import status as statuses
from tracker.services.visit import visit as visits
from tracker.web.resident import own_person, sender
from tracker.words import labels

pages = Blueprint("approvals", __name__, url_prefix="/approvals")


@pages.get("")
@roles(*LEADS)
def show() -> ResponseReturnValue:
    return _page(DecisionForm(), None)


@pages.post("/statuses/<uuid:key>")
@roles(*LEADS)
def decide_status(key: UUID) -> ResponseReturnValue:
    event, form = my(StatusEvent, key), DecisionForm()
    if not _decided(form):
        return _page(form, key), 422
    if event.approved_at is not None or event.withdrawn_at is not None:
        return _decided_before()
    if form.granted:
        statuses.approve(db.session(), sender(), event)
    else:
        statuses.withdraw(db.session(), sender(), event, form.reason.data)
    return _done(form)


@pages.post("/visits/<uuid:key>")
@roles(*LEADS)
def decide_visit(key: UUID) -> ResponseReturnValue:
    visit, form = my(Visit, key), DecisionForm()
    own_person(visit.resident_id)
    if not _decided(form):
        return _page(form, key), 422
    if visit.approval is not Approval.PENDING:
        return _decided_before()
    visits.approve(db.session(), sender(), visit, granted=form.granted, reason=form.reason.data)
    return _done(form)


def _decided(form: DecisionForm) -> bool:
    if not form.validate_on_submit():
        return False
    if not form.granted and not form.reason.data:
        form.reason.errors = [_("退回要写明原因")]
        return False
    return True


def _decided_before() -> ResponseReturnValue:
    flash(_("这件事已经办过了，没有再改动"), "warning")
    return redirect(url_for(".show"))


def _done(form: DecisionForm) -> ResponseReturnValue:
    db.session.commit()
    flash(_("已批准") if form.granted else _("已退回"), "success")
    return redirect(url_for(".show"))


def _page(form: DecisionForm, wrong: UUID | None) -> str:
    return render_template(
        "approvals/show.html", form=form, wrong=wrong, labels=labels, zone=clock.zone(),
        reports=approvals.waiting_reports(db.session(), g.scope),
        waiting=approvals.waiting(db.session(), g.scope), shown=approvals.SHOWN,
        after_end=visits.sent_after_end,
        late=approvals.waiting_visits(db.session(), g.scope),
    )  # fmt: skip
