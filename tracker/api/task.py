"""Open follow-up tasks: the worklist and the overdue; and the messages of the nightly jobs."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api, paging
from tracker.domain.roles import CARE, OVERSIGHT
from tracker.extensions import db
from tracker.models import AlertKind
from tracker.services import alert
from tracker.services.alert import AlertRow
from tracker.services.task import filters as task_filter
from tracker.services.task import listing as task_list
from tracker.services.task import task
from tracker.services.task.listing import TaskRow
from tracker.services.task.task import View
from tracker.words import sentences

READERS = (*CARE, *OVERSIGHT)


@api.get("/worklist")
@roles(*READERS)
def list_worklist() -> ResponseReturnValue:
    return _tasks(View.DUE)


@api.get("/overdue")
@roles(*READERS)
def list_overdue() -> ResponseReturnValue:
    return _tasks(View.OVERDUE)


@api.get("/alerts")
@roles(*READERS)
def list_alerts() -> ResponseReturnValue:
    part, today = paging(), clock.today()
    kind = task_filter.choice(request.args, "kind", AlertKind)
    rows, total = alert.listing(
        db.session(), g.scope, kind=kind, once=True, limit=part.per_page, offset=part.offset
    )
    shown = [_alert(row) | {"text": sentences.alert(row, today)} for row in rows]
    return jsonify(alerts=shown, total=total, page=part.page)


def _tasks(view: View) -> ResponseReturnValue:
    part, session = paging(), db.session()
    day = task_filter.day(request.args, clock.today())
    question = task.ask(session, g.scope, day, task_filter.read(session, request.args, view))
    found = task_list.page(session, question, part.per_page, part.offset)
    return jsonify(
        tasks=[_task(row) for row in found.rows],
        total=found.size.total,
        persons=found.size.persons,
        page=part.page,
    )


def _task(row: TaskRow) -> dict[str, Any]:
    """One open task as the interface promises it."""
    last = row.last
    return {
        "resident_id": str(row.resident_id),
        "name": row.name,
        "village_code": row.village_code,
        "village": row.village,
        "team": row.team,
        "doctor": row.doctor,
        "disease": row.disease,
        "task_id": str(row.task_id),
        "kind": row.kind,
        "due": row.due.isoformat(),
        "days_overdue": row.days_overdue,
        "last_visit_on": None if last is None else last.on.isoformat(),
        "sbp": None if last is None else last.sbp,
        "dbp": None if last is None else last.dbp,
        "fpg": None if last is None else last.fpg,
        "contactable": row.contactable,
        "reason": sentences.reason(row),
    }


def _alert(row: AlertRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "code": row.code,
        "role": row.role,
        "region_code": row.region_code,
        "region": row.region,
        "team": row.team,
        "resident_id": None if row.resident_id is None else str(row.resident_id),
        "name": row.name,
        "task_id": str(row.subject_id) if row.kind is AlertKind.OVERDUE and row.subject_id else None,
        "contract_id": str(row.subject_id) if row.kind is AlertKind.CONTRACT_EXPIRY else None,
        "disease": row.disease,
        "due": None if row.due is None else row.due.isoformat(),
        "params": row.params,
        "raised_on": row.raised_on.isoformat(),
    }
