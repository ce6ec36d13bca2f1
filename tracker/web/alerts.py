"""Messages: what the nightly jobs found, for the reader's own role or for everybody below it."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import CARE, OVERSIGHT
from tracker.extensions import db
from tracker.models import AlertKind
from tracker.services import alert
from tracker.services.task import filters as task_filter
from tracker.web.resident import page_number
from tracker.web.worklist import address
from tracker.words import sentences

pages = Blueprint("alerts", __name__, url_prefix="/alerts")
PER_PAGE = 30


@pages.get("")
@roles(*CARE, *OVERSIGHT)
def show() -> ResponseReturnValue:
    kind = task_filter.choice(request.args, "kind", AlertKind)
    number, mine = page_number(request.args), not request.args.get("all")
    rows, total = alert.listing(
        db.session(), g.scope, kind=kind, mine=mine, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    shown = (number - 1) * PER_PAGE + len(rows)
    return render_template(
        "alerts/show.html", rows=rows, total=total, shown=shown, kind=kind, kinds=sentences.ALERTS, mine=mine,
        sentences=sentences, today=clock.today(), others=alert.reads_others(g.scope),
        dashboard=url_for("dashboard.show") if "dashboard.show" in current_app.view_functions else None,
        next_page=address(number + 1) if shown < total else None,
        prev_page=address(number - 1) if number > 1 else None,
    )  # fmt: skip
