"""Buttons inside the visit form that only change the form: the same as last time, one more medicine."""

from __future__ import annotations

from collections.abc import Container

from tracker.domain.form_rows import by_key
from tracker.domain.terms import Disease
from tracker.forms.visit_entry import Entry, put, read
from tracker.forms.visit_typed import Typed
from tracker.services.visit.context import Context

CARRIED_GROUPS = frozenset({"life", "salt", "staple"})
"""Rows of habit, which may be taken over by a deliberate tap; nothing measured and no symptom is."""
HEIGHT = "height_cm"
INSULIN = ("insulin.type", "insulin.usage")


def stepped(known: Context, sent: Typed, button: str) -> Entry | None:
    """What stands in the form after such a button; None for any other."""
    kind, _colon, key = button.partition(":")
    if kind == "more":
        return read(known.diseases, sent, more=key)
    if kind == "carry":
        typed = sent.copy()
        put(typed, {k: known.last[k].value for k in carried(known.last, key)})
        return read(known.diseases, typed)
    return None


def carried(recorded: Container[str], key: str) -> list[str]:
    """The keys that a tap on "the same as last time" fills, of those that were ever `recorded`."""
    row = by_key().get(key)
    if row is None:
        return []
    if row.name == "drugs":
        insulin = [f"{row.block}.{name}" for name in INSULIN if row.block == Disease.DIABETES]
        return [k for k in (key, *insulin) if k in recorded]
    if key != HEIGHT and row.group not in CARRIED_GROUPS:
        return []
    prefix = f"{row.block}." if row.block else ""
    keys = [key] if row.target is None else [key, f"{prefix}{row.target}"]
    return [k for k in keys if k in recorded]
