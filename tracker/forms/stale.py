"""A form that was opened before somebody else changed what it shows, as on a phone without a line.

What was not touched in it stays as it is on file; where both have changed the same field, a person decides.
`seen` stands hidden in the form: for each of its fields a mark of what the form showed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, SelectFieldBase, SelectMultipleField

from tracker.i18n import gettext as _

Sent = MultiDict[str, str]
MARK = 12


def marks(shown: Form, names: Iterable[str]) -> str:
    """What stands hidden in the form."""
    return json.dumps({name: _mark(_sent(shown[name])) for name in names}, separators=(",", ":"))


def merged(sent: Sent, shown: Form, names: Iterable[str]) -> tuple[Sent, list[str]]:
    """What was sent, untouched fields as they are on file now; and the fields that two have changed."""
    seen, found, both = _read(sent.get("seen", "")), MultiDict(sent.items(multi=True)), []
    for name in names:
        typed, now = _mark(sent.getlist(name)), _mark(_sent(shown[name]))
        if name not in seen or typed == now:
            continue
        if typed == seen[name]:
            found.setlist(name, _sent(shown[name]))
        elif now != seen[name]:
            both.append(name)
    return found, both


def say_both(form: Form, shown: Form, names: Iterable[str]) -> None:
    """Beside each field that two have changed, what it says on file."""
    for name in names:
        now = _("、").join(_words(shown[name])) or _("空着")
        said = _("您打开以后，别人把这一项改成了“%(now)s”。要用您填的，请再保存一次", now=now)
        form[name].errors = [*form[name].errors, said]


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _mark(values: Iterable[str]) -> str:
    said = sorted(filter(None, (" ".join(value.split()) for value in values)))
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:MARK]


def _sent(field: Field) -> list[str]:
    """What a browser sends of a field as it stands."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or []]
    if isinstance(field, SelectFieldBase):
        return [] if field.data is None else [str(field.data)]
    return [str(field._value())]


def _words(field: Field) -> list[str]:
    """The same as people read it."""
    values = _sent(field)
    if isinstance(field, BooleanField):
        return [_("是") if values else _("否")]
    if not isinstance(field, SelectFieldBase):
        return [value for value in values if value]
    return [str(choice.label) for choice in field.iter_choices() if str(choice.value) in values]
