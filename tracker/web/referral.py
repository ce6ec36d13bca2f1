"""Referrals: those nobody has told the end of, and telling it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.domain.terms import TaskKind
from tracker.extensions import db
from tracker.forms.referral import OutcomeForm
from tracker.i18n import choose_locale
from tracker.i18n import gettext as _
from tracker.models import Judgement, Resident, Task
from tracker.schemas.problem import Refused
from tracker.services.resident.view import views
from tracker.services.task import referral as referrals
from tracker.services.visit.view import reason_texts
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound
from tracker.web.resident import page_number, sender
from tracker.words import labels

pages = Blueprint("referrals", __name__, url_prefix="/referrals")
PER_PAGE = 30


@pages.get("")
@roles(*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
def show() -> ResponseReturnValue:
    session, today, number = db.session(), clock.today(), page_number(request.args)
    rows, total = referrals.open_trackings(session, g.scope, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    people = views(session, g.scope, [row.resident for row in rows], today)
    return render_template(
        "referrals/show.html", rows=list(zip(rows, people, strict=True)), total=total, number=number,
        shown=min(number * PER_PAGE, total), last=number * PER_PAGE >= total, today=today, labels=labels,
        villages=region.names(session, [p["region_code"] for p in people]),
        writes=g.staff.role in (*CARE, Role.COUNTY_DOCTOR), reasons=_reasons,
    )  # fmt: skip


def _reasons(judged: Judgement | None) -> list[str]:
    """Why the visit referred the person, in words."""
    return [] if judged is None else reason_texts(judged.reasons, choose_locale())


@pages.route("/<uuid:key>", methods=["GET", "POST"])
@roles(*CARE, Role.COUNTY_DOCTOR)
def outcome(key: UUID) -> ResponseReturnValue:
    task = my(Task, key)
    if task.kind is not TaskKind.REFERRAL_TRACKING:
        raise NotFound
    form = OutcomeForm(outcome_on=clock.today())
    if _saved(form, task):
        return redirect(url_for(".show"))
    (person,) = views(db.session(), g.scope, [my(Resident, task.resident_id)], clock.today())
    page = render_template("referrals/outcome.html", form=form, task=task, person=person, labels=labels)
    return page, 422 if form.errors else 200


def _saved(form: OutcomeForm, task: Task) -> bool:
    typed = form.result(task.disease) if form.validate_on_submit() else None
    if typed is None:
        return False
    try:
        referrals.record(db.session(), sender(), task.resident_id, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    db.session.commit()
    flash(_("已记下转诊结果"), "success")
    return True
