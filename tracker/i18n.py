"""Which language to speak, and the words for the codes of the domain."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import get_domain
from flask_babel.speaklater import LazyString

LOCALES = {"zh_Hans_CN": "简体中文", "en": "English"}
"""The languages there are, by their own names."""


def choose_locale() -> str:
    """The member of staff's own choice, else the browser's, else the county's."""
    if not has_request_context():
        return default_locale()
    chosen = g.get("locale") or request.cookies.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    best = request.accept_languages.best_match(["zh-CN", "zh-Hans-CN", "zh", "en"])
    if best is None:
        return default_locale()
    return "en" if best == "en" else "zh_Hans_CN"


def default_locale() -> str:
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])


def bind(app: Flask) -> None:
    """Templates translate as the code does; Flask-Babel's own look-ups take ten times as long."""
    app.jinja_env.install_gettext_callables(gettext, _plural, newstyle=True)  # type: ignore[attr-defined]


def gettext(text: str, **values: object) -> str:
    """A text of the source in the reader's language; the catalogue is looked up once for each request."""
    found: str = _catalogue().gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The same where the word depends on a number, which the text knows as `num`."""
    return _plural(one, many, num) % {"num": num, **values}


def _plural(one: str, many: str, num: int) -> str:
    """Not filled in yet: templates do that themselves, with values of their own."""
    found: str = _catalogue().ngettext(one, many, num)
    return found


def lazy_gettext(text: str, **values: object) -> LazyString:
    """A text that is translated when it is shown."""
    return LazyString(gettext, text, **values)


def _catalogue() -> Any:
    found = g.get("catalogue") if g else None
    if found is None:
        found = get_domain().get_translations()
        if g:
            g.catalogue = found
    return found
