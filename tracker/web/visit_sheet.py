"""The pages of a visit: the form as it stands, the judgement of what was typed, the visit as recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from tracker import clock
from tracker.access import my
from tracker.domain import calendar, form_rows, form_text, ranges
from tracker.domain.facts import pressure
from tracker.domain.masking import mask_name
from tracker.domain.person import has_allergies
from tracker.domain.roles import CARE
from tracker.domain.terms import Disease
from tracker.extensions import db
from tracker.forms.visit import drawn
from tracker.forms.visit_check import odd_sentences, put
from tracker.forms.visit_entry import Entry
from tracker.forms.visit_typed import as_typed
from tracker.forms.visit_void import VoidForm
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.models import Resident, Visit, VisitVersion
from tracker.schemas.problem import Problem, Refused
from tracker.schemas.visit import VisitIn
from tracker.services.sender import Sender
from tracker.services.visit import submission
from tracker.services.visit import versions as visit_history
from tracker.services.visit import view as visit_view
from tracker.services.visit import visit as visits
from tracker.services.visit.context import Context, Last, recorded
from tracker.services.visit.rules import closed
from tracker.web import visit_page
from tracker.words import labels, sentences

KEPT_BY_DEVICE = ("recorded_at", "location")
Shown = Mapping[str, Any]
DONE = {"recorded": _l("随访已保存"), "corrected": _l("更正已保存")}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on its way: of whom, what was typed and is wrong, as what it reads, which visit it corrects."""

    known: Context
    entry: Entry
    body: dict[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    typed: VisitIn | None = None
    visit: Visit | None = None


def stored() -> UUID | None:
    """The visit that the form's own id has made already, by a second tap or a reload."""
    try:
        key = UUID(request.form.get("id", ""))
    except ValueError:
        return None
    return my(Visit, key).id if recorded(db.session(), key) else None


def page(sheet: Sheet, judged: Shown | None = None) -> str:
    """The form with what it has to say, and the judgement where one was asked for."""
    typed, form = sheet.entry.body, drawn(sheet.entry)
    put(form, sheet.problems)
    waiting = odd_sentences(typed) if sheet.problems else []
    return render_template(
        "visits/form.html",
        form=form,
        known=sheet.known,
        visit=sheet.visit,
        judged=judged,
        odd_values=waiting,
        bmi=form_text.bmi(typed.get("weight_kg"), typed.get("height_cm") or sheet.known.height),
        height=sheet.known.height,
        last=lambda key: _last(sheet.known, key),
        fills=lambda key: visit_page.fills(sheet.known, key),
        sign_of=visit_page.signs((), sheet.known.resident.sex),
        as_script=visit_page.as_script,
        rules=visit_page.rules(sheet.known.diseases),
        live=visit_page.live(sheet.known) if sheet.visit is None else None,
        **words(sheet.known.resident),
    )


def look(sheet: Sheet, sender: Sender) -> ResponseReturnValue:
    """Judge what was typed by the same rules and replay as saving does, and take it all back."""
    try:
        shown = _write(sheet, sender)()
    except Refused as refused:
        return _refused(sheet, refused)
    db.session.rollback()
    return page(sheet, shown)


def save(sheet: Sheet, sender: Sender) -> ResponseReturnValue:
    try:
        _write(sheet, sender)
    except Refused as refused:
        # Two taps at once: the other one was recorded while this one waited.
        if sheet.visit is None and (key := stored()) is not None:
            return see(key)
        return _refused(sheet, refused)
    db.session.commit()
    return see(sheet.body["id"], "recorded" if sheet.visit is None else "corrected")


def see(key: UUID | str, done: str = "recorded") -> ResponseReturnValue:
    """To the visit with a word on it; in the address, for a message in the session is written twice."""
    return redirect(url_for("visits.show", key=key, done=done))


def _refused(sheet: Sheet, refused: Refused) -> ResponseReturnValue:
    db.session.rollback()
    return page(replace(sheet, problems=refused.problems)), 422


def _write(sheet: Sheet, sender: Sender) -> Callable[[], Shown]:
    """Record or correct the visit; what came of it is told when it is asked."""
    session, visit, entry = db.session(), sheet.visit, sheet.entry
    if visit is None:
        accepted = submission.record(session, sender, sheet.body, sheet.typed)
        return lambda: accepted.shown(str(get_locale()))
    body = sheet.body | {k: v for k, v in visit.body.items() if k in KEPT_BY_DEVICE}
    visits.correct(session, sender, visit, visits.parse(body), entry.seen_version, entry.reason)
    return lambda: visit_view.show(session, visit, str(get_locale()))


def body_to_correct(visit: Visit) -> dict[str, Any]:
    """What was recorded, with the name of whoever made the visit said."""
    _name, username = visit_history.staff_named(db.session(), visit.visited_by)
    return {"visited_by": username, "id": str(visit.id), **visit.body}


def shown(visit: Visit, at: datetime, done: str | None = None) -> str:
    """The visit as recorded, what the rules made of it, and its versions."""
    session, locale = db.session(), str(get_locale())
    resident = session.get_one(Resident, visit.resident_id)
    judged = visit_view.show(session, visit, locale)
    diseases = [d for d in Disease if visit.body.get(d.value) is not None]
    weight, height = visit.weight_kg, visit.height_cm or resident.height_cm
    return render_template(
        "visits/show.html",
        visit=visit,
        done=DONE.get(done or ""),
        judged=judged,
        parts=_parts(visit, diseases, locale),
        bmi=form_text.bmi(weight, height),
        versions=visit_history.versions(session, visit),
        changes=lambda old, new: _changes(old, new, locale),
        visited_by=visit_history.staff_named(session, visit.visited_by)[0],
        odd_words=[ranges.RANGES[key].label(locale) for key in judged["odd"]],
        can_change=g.staff.role in CARE and visit.voided_at is None and not closed(g.staff.role, visit, at),
        moment=lambda at: labels.moment(at, clock.zone()),
        diseases=diseases,
        sent_after_end=visits.sent_after_end(visit),
        **words(resident),
    )


def _parts(visit: Visit, diseases: list[Disease], locale: str) -> list[tuple[str, list[tuple[Any, str]]]]:
    """Recorded rows by the part of the visit they stand in."""
    rows = form_text.shown(visit.body, diseases, locale)
    titles = {"": _("本次随访"), "referral_form": _("转诊")}
    titles |= {d.value: form_rows.disease_word(d, locale) for d in diseases}
    return [
        (title, own)
        for block, title in titles.items()
        if (own := [(row, _said(row, text)) for row, text in rows if row.block == block])
    ]


def _said(row: form_rows.Row, text: str) -> str:
    return labels.day(text) if text and row.kind == "day" else text


def _changes(old: VisitVersion, new: VisitVersion, locale: str) -> list[tuple[form_rows.Row, str, str]]:
    rows = form_text.changes(old.body, new.body, locale)
    return [(row, _said(row, before), _said(row, after)) for row, before, after in rows]


def void_page(visit: Visit, form: VoidForm) -> str:
    resident = db.session.get_one(Resident, visit.resident_id)
    return render_template("visits/void.html", visit=visit, form=form, **words(resident))


def words(resident: Resident) -> dict[str, Any]:
    """What every page of a visit says of the person, and the words it says things with."""
    locale = str(get_locale())
    return {
        "resident": resident,
        "name": resident.name if g.scope.sees_full else mask_name(resident.name),
        "has_allergies": has_allergies(resident.allergies),
        "pressure": pressure,
        "today": clock.today(),
        "age": calendar.age(resident.birth_date, clock.today()),
        "day": _day,
        "disease_word": lambda disease: form_rows.disease_word(disease, locale),
        "class_word": lambda number: form_rows.class_word(number, locale),
        "step_word": lambda number: form_rows.step_word(number, locale),
        "medicines": form_rows.medicines,
    }


def _last(known: Context, key: str) -> str | None:
    """The last value in words, with its day; it stands beside the field and is never filled in."""
    found: Last | None = known.last.get(key)
    if found is None:
        return None
    row = form_rows.by_key()[key]
    plain = row.kind in ("whole", "number")  # its unit stands at the field already
    value = as_typed(found.value) if plain else form_text.text_of(row, found.value, str(get_locale()))
    return f"{value} · {_day(found.on)}"


def _day(on: date | str) -> str:
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return sentences.day_words(day) if day.year == clock.today().year else labels.day(day)
