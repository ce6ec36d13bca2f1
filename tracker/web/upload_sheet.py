"""The page of what phones brought, the visit form filled with a refused record, and what became of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain import form_text
from tracker.domain.facts import pressure
from tracker.domain.terms import Disease
from tracker.extensions import db
from tracker.forms.upload import ConflictForm, LeaveForm, PairForm
from tracker.forms.visit_entry import filled
from tracker.i18n import gettext as _
from tracker.models import Device, Staff
from tracker.schemas.problem import Refused
from tracker.services.phone import upload
from tracker.services.phone.delivery import Outcome
from tracker.services.phone.upload import Content, Refusal
from tracker.services.sender import Sender
from tracker.services.visit import conflict, pair
from tracker.services.visit import visit as visits
from tracker.services.visit.content import fitting
from tracker.services.visit.context import context_of
from tracker.services.workforce.scope import NotFound
from tracker.web import visit_sheet
from tracker.web.visit_sheet import Sheet
from tracker.words import labels, upload_words
from tracker.words.problems import texts

Lines = list[tuple[str, str]]


def page(form: FlaskForm | None = None, wrong: UUID | None = None) -> str:
    """All that waits; `wrong` is what a form that says something wrong was about."""
    session, own = db.session(), g.scope
    return render_template(
        "uploads/show.html",
        refused=upload.listed(session, own),
        refused_in_all=upload.waiting(session, own),
        pairs=pair.listed(session, own),
        conflicts=conflict.listed(session, own),
        form=form, wrong=wrong, leave=LeaveForm(formdata=None), choose=ConflictForm(formdata=None),
        pairing=PairForm(formdata=None), content=lines_of, differences=_differences,
        reasons=upload_words.reasons, errors=_errors, kinds=upload_words.KINDS, labels=labels,
        pressure=pressure, moment=_moment, made_at=_made_at, can_enter=can_enter,
    )  # fmt: skip


def brought() -> int:
    """How many refused records and conflicts wait for this lead."""
    return upload.waiting(db.session(), g.scope) + conflict.waiting(db.session(), g.scope)


def delivered(phone: Device, owner: Staff, found: list[Outcome]) -> str:
    """What became of each record of a file."""
    about = [one.resident_id for one in found if one.resident_id is not None]
    people = upload.residents_of(db.session(), g.scope, about)
    return render_template(
        "uploads/delivered.html", phone=phone, owner=owner, outcomes=found, people=people,
        kinds=upload_words.KINDS, reasons=upload_words.reasons, states=upload_words.STATES,
    )  # fmt: skip


def can_enter(found: Refusal) -> bool:
    """Whether the visit form can be opened with it."""
    return found.row.kind == "visit" and found.content is not None and found.resident is not None


def sheet(found: Refusal) -> Sheet:
    """The visit form of the person with the content filled in, under the record's own id."""
    if not can_enter(found) or found.resident is None or found.content is None:
        raise NotFound("submission")
    known = context_of(db.session(), g.scope, found.resident.id)
    body = {**fitting(found.content), "id": str(found.row.visit_id)}
    if not body.get("visited_by") and found.row.staff_id is not None:
        body["visited_by"] = db.session.get_one(Staff, found.row.staff_id).username
    return Sheet(known, filled(known.diseases, body, 0))


def enter(found: Refusal, typed: Sheet, sender: Sender) -> ResponseReturnValue:
    """Save what the lead made of it; when it was recorded and where stay as the phone said."""
    body = {**typed.body, **kept_by_phone(found.content or {})}
    try:
        visit = upload.enter(db.session(), sender, found.row, body)
    except Refused as refused:
        db.session.rollback()
        return visit_sheet.page(replace(typed, problems=refused.problems)), 422
    key = visit.id
    db.session.commit()
    return visit_sheet.see(key)


def kept_by_phone(content: Content) -> Content:
    """The moment of recording, where it is one; without it the server's own stands."""
    return {"recorded_at": content["recorded_at"]} if _made_at(content) is not None else {}


def lines_of(found: Refusal) -> Lines:
    """What the record says, as the form would show it."""
    content, locale = found.content or {}, str(get_locale())
    if found.row.kind != "visit":
        return upload_words.plain_lines(content)
    diseases = [d for d in Disease if content.get(d.value) is not None]
    return [
        (row.label(locale), labels.day(text) if row.kind == "day" else text)
        for row, text in form_text.shown(fitting(content), diseases, locale)
    ]


def _errors(found: Refusal) -> upload.Errors:
    """What is wrong, in the reader's language where that is found again; else as the sender was told."""
    if found.row.kind == "visit" and found.content is not None:
        try:
            visits.parse(found.content)
        except Refused as refused:
            again = texts(refused.problems)
            return again if again.keys() == found.errors.keys() else found.errors
    return found.errors


def _differences(found: conflict.Conflict) -> list[dict[str, str]]:
    locale, nothing = str(get_locale()), _("未填")
    changed = form_text.changes(found.visit.body, fitting(found.row.body or {}), locale)
    return [
        {"label": row.label(locale), "stored": before or nothing, "other": after or nothing}
        for row, before, after in changed
    ]


def _moment(at: datetime) -> str:
    return labels.moment(at, clock.zone())


def _made_at(content: Mapping[str, Any] | None) -> datetime | None:
    """When the phone says it was recorded."""
    said = (content or {}).get("recorded_at") or (content or {}).get("attempted_at")
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found
