"""Visits: sent in batches, read, corrected and voided."""

from __future__ import annotations

from uuid import UUID

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from tracker.access import my, roles
from tracker.api import api, body, paging
from tracker.api.describe import takes
from tracker.api.sender import sender
from tracker.api.upload import batch
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.models import Resident, Visit
from tracker.schemas.visit import Correction, VisitBatch, VisitEnvelope, Void
from tracker.services.visit import submission
from tracker.services.visit import view as visit_view
from tracker.services.visit import visit as visits
from tracker.services.visit.visit import Body
from tracker.words.problems import texts

READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)


@api.post("/visits")
@roles(*CARE, scope=False, upload=True)
@takes(VisitBatch)
def send_visits() -> ResponseReturnValue:
    items, broken = batch(body(VisitEnvelope).visits)
    results = submission.submit(db.session(), sender(), items, texts, broken)
    db.session.commit()
    return jsonify(results=results if g.phone is None else [_receipt(result) for result in results])


def _receipt(result: Body) -> Body:
    """What a phone is told that has only signed: it may send and not read."""
    visit = result.get("visit") or {}
    said = {key: result[key] for key in ("id", "status", "errors", "conflict_id") if key in result}
    return said | {key: visit[key] for key in ("late_entry", "approval", "clock_ahead") if key in visit}


@api.get("/visits/<uuid:key>")
@roles(*READERS)
def show_visit(key: UUID) -> ResponseReturnValue:
    return _answer(my(Visit, key))


@api.post("/visits/<uuid:key>/correction")
@roles(*CARE)
@takes(Correction)
def correct_visit(key: UUID) -> ResponseReturnValue:
    visit, typed = my(Visit, key), body(Correction)
    visits.correct(db.session(), sender(), visit, typed.visit(), typed.version, typed.reason)
    db.session.commit()
    return _answer(visit)


@api.post("/visits/<uuid:key>/void")
@roles(*CARE)
@takes(Void)
def void_visit(key: UUID) -> ResponseReturnValue:
    visit = my(Visit, key)
    visits.void(db.session(), sender(), visit, body(Void).reason)
    db.session.commit()
    return _answer(visit)


@api.get("/residents/<uuid:key>/visits")
@roles(*READERS)
def list_visits(key: UUID) -> ResponseReturnValue:
    resident, wanted = my(Resident, key), paging()
    rows, total = visit_view.page_of(db.session(), resident.id, wanted.offset, wanted.per_page)
    shown = visit_view.shows(db.session(), rows, str(get_locale()))
    return jsonify(visits=shown, total=total, page=wanted.page)


def _answer(visit: Visit) -> ResponseReturnValue:
    return jsonify(visit_view.show(db.session(), visit, str(get_locale())))
