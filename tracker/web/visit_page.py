"""What a page with the visit form says to its script: kinds of boxes, ranges, words, the person's state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from flask import g
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.domain import form_rows, ranges
from tracker.domain.form_rows import Row
from tracker.domain.person import Sex
from tracker.domain.policy import load
from tracker.domain.terms import Disease, EmergencySign
from tracker.extensions import db
from tracker.forms.visit import drawn
from tracker.forms.visit_entry import empty, put
from tracker.forms.visit_step import carried
from tracker.i18n import gettext as _
from tracker.services.sync import person as sync_person
from tracker.services.visit.context import Context
from tracker.words.problems import WORDS

ASKED = (
    *("missing", "int_type", "number_type", "date_type", "future", "out_of_range", "crossed", "reading"),
    *("symptom_exclusive", "explain_reaction", "explain_raise", "appointment_past", "before_enrolment"),
    *("mode_needed", "signs_needed", "signs_exclusive", "signs_by_phone_only", "symptoms_needed"),
    *("danger_asked", "pulse_asked", "pressure_half", "reading_missing", "late_reason_needed"),
    *("outcome_needed", "drug_name_needed", "string_too_long"),
)
"""What the script asks back before a visit is kept, in the words of the form."""
KINDS = {"choice": ("code", "word"), "codes": ("codes", "words"), "signs": ("words", "words")}
PLAIN = frozenset({"whole", "number", "day", "yes", "drugs", "readings"})
COMPUTED = frozenset({"bmi", ranges.PULSE_PRESSURE})
BOUNDS = ("low", "high", "soft_low", "soft_high")


def rules(diseases: Sequence[Disease]) -> dict[str, Any]:
    """Nothing personal: how the boxes are read, which numbers are possible, what is asked back."""
    words = {code: str(WORDS[code]) for code in ASKED}
    return {
        "kinds": _kinds(diseases),
        "ranges": [_range(row) for row in ranges.rows()],
        "asks": {d.value: form_rows.asking_symptoms(d, range(1, 10)) for d in diseases},
        "pulse": load().threshold("heart_rate_asks"),
        "words": {**words, "odd_asked": _("不常见。没有填错就勾选“没有填错”")},
    }


def as_script(value: object) -> Markup:
    """JSON for a block of its own in the page, in plain letters, with nothing that could end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704


def live(known: Context) -> dict[str, Any] | None:
    """The rules' pack and the person, to judge by while one types; None where only the server can."""
    found = sync_person.persons(db.session(), g.scope, [known.resident_id], clock.today())
    if not found or not known.diseases:
        return None
    person = found[0] if g.scope.sees_full else {k: v for k, v in found[0].items() if k != "phone"}
    return {"pack": _pack(known.diseases), "person": person, "today": clock.today().isoformat()}


def fills(known: Context, key: str) -> dict[str, str]:
    """Which boxes a tap on "the same as last time" fills, and with what."""
    typed: MultiDict[str, str] = MultiDict()
    put(typed, {k: known.last[k].value for k in carried(known.last, key)})
    return typed.to_dict()


def signs(diseases: Sequence[Disease], sex: Sex | None = None) -> Callable[[str], Markup]:
    """Marks the signs that only one disease or sex asks about, for a page that has not met the person yet.

    Where the `sex` is known, a sign of the other one is out of sight instead.
    """
    asked = {disease.value: form_rows.signs_of((disease,)) for disease in diseases}

    def mark(code: str) -> Markup:
        if code == EmergencySign.PREGNANCY_HIGH:
            hidden = Markup(" hidden") if sex is Sex.MALE else Markup()
            return hidden if sex else Markup(' data-sex="{}"').format(Sex.FEMALE)
        own = [name for name, codes in asked.items() if code in codes]
        return Markup(' data-disease="{}"').format(own[0]) if len(own) == 1 and len(asked) > 1 else Markup()

    return mark


def of_nobody() -> dict[str, Any]:
    """The form of both diseases for the phone's own page, which its script fills."""
    locale, diseases = str(get_locale()), tuple(Disease)
    every = set(form_rows.by_key())
    return {
        "form": drawn(empty(diseases), meta={"csrf": False}),
        "known": SimpleNamespace(diseases=diseases, tracking=True),
        "visit": None,
        "judged": None,
        "live": None,
        "height": None,
        "bmi": None,
        "sign_of": signs(diseases),
        "carries": lambda key: carried(every, key),
        "rules": rules(diseases),
        "as_script": as_script,
        "zone": str(clock.zone()),
        "disease_word": lambda disease: form_rows.disease_word(disease, locale),
        "step_word": lambda number: form_rows.step_word(number, locale),
        "medicines": form_rows.medicines,
    }


def _kinds(diseases: Sequence[Disease]) -> dict[str, list[str]]:
    """The keys of the rows by the kind of their boxes."""
    found: dict[str, list[str]] = {}
    for row in form_rows.rows(tuple(diseases)):
        found.setdefault(_kind(row), []).append(row.key)
    return found


def _kind(row: Row) -> str:
    if row.kind in KINDS:
        return KINDS[row.kind][isinstance(row.options[0].value, str)]
    return row.kind if row.kind in PLAIN else "text"


def _range(row: dict[str, object]) -> dict[str, object]:
    """The ends of one range, with a word for what has no box of its own."""
    found = {"key": row["key"]} | {name: row[name] for name in BOUNDS if name in row}
    english = str(get_locale()).startswith("en")
    return found | ({"label": row["label_en" if english else "label_zh"]} if row["key"] in COMPUTED else {})


def _pack(diseases: Iterable[Disease]) -> dict[str, Any]:
    """The pack without the tables and words of diseases that the person does not have."""
    pack = load().pack
    own = {disease.value: pack["diseases"][disease.value] for disease in diseases}
    codes = {
        row["code"] for tables in own.values() for rows in tables.values() for row in rows if "code" in row
    }
    texts = {code: text for code, text in pack["texts"].items() if code in codes}
    return {**pack, "diseases": own, "texts": texts}
