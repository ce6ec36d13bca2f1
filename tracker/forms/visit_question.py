"""What the form asks back before a visit is taken: taps that are due, gaps and symptoms to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tracker.domain.facts import READING, fasting_glucose, measured
from tracker.domain.form_rows import asking_symptoms
from tracker.domain.form_text import bmi
from tracker.domain.policy import load
from tracker.domain.ranges import RANGES, impossible
from tracker.domain.terms import FACE_TO_FACE, Disease
from tracker.forms.visit_entry import NONE, NOT_ASKED, Entry
from tracker.schemas.problem import Problem
from tracker.services.visit.context import Context

Body = dict[str, Any]
UNMEASURED = {Disease.HYPERTENSION: ("bp",), Disease.DIABETES: ("glucose_hi", "glucose_lo")}
LATE = timedelta(days=3)


def questions(entry: Entry, body: Body, known: Context, today: date) -> list[Problem]:
    """Everything that still has to be said, by the field where it is said."""
    return [
        *_mode(body),
        *_signs(entry, body),
        *_symptoms(body, known),
        *_readings(body, known),
        *_further(entry),
        *_late(body, today),
        *_tracking(body, known),
        *_drugs(body),
        *_body_mass(body, known),
        *_danger(entry, body, known),
    ]


def _mode(body: Body) -> Iterator[Problem]:
    if body.get("mode") is None:
        yield Problem("mode", "mode_needed")


def _typed(body: Body, known: Context) -> list[Disease]:
    return [disease for disease in known.diseases if disease.value in body]


def _met(body: Body) -> bool:
    return body.get("mode") in FACE_TO_FACE


def _signs(entry: Entry, body: Body) -> Iterator[Problem]:
    ticked = entry.ticked
    alone = [code for code in ticked if code in (NONE, NOT_ASKED)]
    if not ticked:
        yield Problem("emergency_signs", "signs_needed")
    elif alone and len(ticked) > 1:
        yield Problem("emergency_signs", "signs_exclusive")
    elif NOT_ASKED in alone and body.get("mode") is not None and _met(body):
        yield Problem("emergency_signs", "signs_by_phone_only")


def _symptoms(body: Body, known: Context) -> Iterator[Problem]:
    for disease in _typed(body, known):
        block = body[disease.value]
        if _met(body) and not block.get("symptoms") and not block.get("symptoms_other"):
            yield Problem(f"{disease.value}.symptoms", "symptoms_needed")


def missing_readings(body: Body, known: Context) -> list[Disease]:
    """Diseases without their reading; they will not be evaluated and keep their task."""
    pressure, glucose = measured(body), fasting_glucose(body)
    there = {"sbp": pressure[0], "dbp": pressure[1], "fpg": glucose}
    return [
        disease
        for disease in _typed(body, known)
        if any(there[name] is None for name in READING[disease])
        and body.get("unmeasurable") not in UNMEASURED[disease]
    ]


def _readings(body: Body, known: Context) -> Iterator[Problem]:
    if (body.get("sbp") is None) != (body.get("dbp") is None):
        yield Problem("dbp" if body.get("dbp") is None else "sbp", "pressure_half")
    elif _met(body) and not body.get("no_reading_reason") and missing_readings(body, known):
        yield Problem("no_reading_reason", "reading_missing")


def _further(entry: Entry) -> Iterator[Problem]:
    unread = {problem.field for problem in entry.problems}
    for place, upper, lower in entry.pairs:
        names = {f"{place}.sbp", f"{place}.dbp"}
        if (upper is None) != (lower is None) and not names & unread:
            yield Problem(f"{place}.dbp" if lower is None else f"{place}.sbp", "pressure_half")


def _late(body: Body, today: date) -> Iterator[Problem]:
    on = body.get("visit_date")
    if not on:
        yield Problem("visit_date", "missing")
    elif today - date.fromisoformat(on) > LATE and not body.get("late_reason"):
        yield Problem("late_reason", "late_reason_needed")


def _tracking(body: Body, known: Context) -> Iterator[Problem]:
    if known.tracking and not body.get("referral_form", {}).get("outcome"):
        yield Problem("referral_form.outcome", "outcome_needed")


def _drugs(body: Body) -> Iterator[Problem]:
    for disease in Disease:
        block = body.get(disease.value, {})
        for name in ("drugs", "drug_changes"):
            for index, drug in enumerate(block.get(name, [])):
                if not drug.get("name"):
                    yield Problem(f"{disease.value}.{name}.{index}.name", "drug_name_needed")


def _body_mass(body: Body, known: Context) -> Iterator[Problem]:
    found = bmi(body.get("weight_kg"), body.get("height_cm") or known.height)
    if found is not None and impossible("bmi", found):
        bounds = RANGES["bmi"]
        params = {"key": "bmi", "low": bounds.low, "high": bounds.high, "value": found}
        yield Problem("weight_kg", "out_of_range", params)


def _danger(entry: Entry, body: Body, known: Context) -> Iterator[Problem]:
    """Symptoms, or a fast pulse, that may be a danger sign while none is ticked: asked once."""
    if entry.no_danger or body.get("emergency_signs"):
        return
    for disease in _typed(body, known):
        if asking_symptoms(disease, body[disease.value].get("symptoms", [])):
            yield Problem(f"{disease.value}.symptoms", "danger_asked")
    pulse = body.get("heart_rate")
    fast = pulse is not None and pulse > load().threshold("heart_rate_asks")
    if fast and Disease.DIABETES in known.diseases:
        yield Problem("heart_rate", "pulse_asked")
