"""From a form that was sent to a visit that can be recorded, with everything wrong beside its field."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, datetime
from typing import Any

from flask_babel import get_locale

from tracker import clock
from tracker.domain.form_rows import disease_word
from tracker.domain.ranges import PULSE_PRESSURE, RANGES, impossible, odd
from tracker.domain.terms import Disease
from tracker.forms.visit import VisitForm
from tracker.forms.visit_entry import Entry
from tracker.forms.visit_question import questions
from tracker.i18n import gettext as _
from tracker.schemas.problem import Problem, Refused
from tracker.schemas.visit import VisitIn, odd_keys
from tracker.services.visit.context import Context
from tracker.services.visit.visit import parse
from tracker.words import problems

Body = dict[str, Any]


def checked(entry: Entry, known: Context, at: datetime) -> tuple[Body, list[Problem], VisitIn | None]:
    """The visit's JSON, what the form has to say before it can be recorded, and the visit when it is one."""
    body, today = body_of(entry, known, at), at.astimezone(clock.zone()).date()
    said, boxes = list(entry.problems), entry.boxes
    odd_ones = [Problem(_place(boxes, key), "odd_asked") for key in odd_keys(body)]
    # What is impossible comes first: it explains what else would be asked of the same field.
    wrong, visit = _parsed(body)
    for found in (wrong, questions(entry, body, known, today), odd_ones):
        told = {box(boxes, problem.field) for problem in said} - {None}
        said += [problem for problem in found if box(boxes, problem.field) not in told]
    return body, said, visit


def body_of(entry: Entry, known: Context, at: datetime) -> Body:
    """What was typed, as `VisitIn` takes it."""
    body = {**entry.body, "id": entry.key, "resident_id": str(known.resident_id)}
    body["recorded_at"] = at.astimezone(clock.zone()).isoformat(timespec="seconds")
    body.setdefault("mode", None)
    if "confirmed_odd" in body:
        body["confirmed_odd"] = [key for key in odd(body) if key in body["confirmed_odd"]]
    return _without_later_registers(body, known)


def _without_later_registers(body: Body, known: Context) -> Body:
    """A visit before one of two enrolments leaves that disease out, unless something was typed for it."""
    on = form_day(body)
    later = [d.value for d, enrolled in known.enrolled.items() if on is not None and on < enrolled]
    empty = [name for name in later if not body.get(name)]
    return {k: v for k, v in body.items() if k not in empty} if len(empty) < len(known.diseases) else body


def form_day(body: Body) -> date | None:
    return date.fromisoformat(body["visit_date"]) if body.get("visit_date") else None


def put(form: VisitForm, found: Iterable[Problem]) -> None:
    """Stand each problem beside its field, or beside the one that holds it."""
    for problem in found:
        name = box(form, problem.field)
        words = _words(problem)
        if name is None:
            form.form_errors.append(words)
        elif words not in form[name].errors:
            form[name].errors = [*form[name].errors, words]
            _name_disease(form, name)


def _words(problem: Problem) -> str:
    if problem.code == "not_found":
        return str(_("随访那天此人不归您负责，请核对随访日期"))
    return problems.text(problem)


def _name_disease(form: VisitForm, name: str) -> None:
    """Two diseases have rows of the same name: a wrong one says whose it is."""
    block, label = name.partition(".")[0], form[name].label
    if block in tuple(Disease) and len(form.shape.diseases) > 1:
        whose = disease_word(block, str(get_locale()))
        label.text = label.text if label.text.startswith(whose) else f"{whose} {label.text}"


def odd_sentences(body: Body) -> list[tuple[str, str]]:
    """What the reader is asked to confirm: key, and label with value."""
    values = {**body, **body.get("hypertension", {}), **body.get("diabetes", {})}
    if body.get("sbp") is not None and body.get("dbp") is not None:
        values[PULSE_PRESSURE] = body["sbp"] - body["dbp"]
    locale = str(get_locale())
    return [
        (key, f"{RANGES[key].label(locale)} {values[key]:g} {RANGES[key].unit_in(locale)}")
        for key in odd_keys(body)
        if not impossible(key, values[key])
    ]


def _parsed(body: Body) -> tuple[tuple[Problem, ...], VisitIn | None]:
    try:
        return (), parse(body)
    except Refused as refused:
        return refused.problems, None


def box(boxes: Container[str], path: str) -> str | None:
    """The box of a path, or the one that holds it."""
    if path.startswith("bp_readings"):
        return "bp_readings.1.sbp"
    while path:
        if path in boxes:
            return path
        path = path.rpartition(".")[0]
    return None


def _place(boxes: Container[str], key: str) -> str:
    """The box of an odd value; of a pulse pressure, that of the lower one, beside the tick."""
    if key == PULSE_PRESSURE:
        return "dbp"
    paths = (key, f"hypertension.{key}", f"diabetes.{key}")
    return next((path for path in paths if path in boxes), "")
