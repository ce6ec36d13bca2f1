"""Which language to speak, and the words for the codes of the domain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from gettext import NullTranslations
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import get_domain
from flask_babel.speaklater import LazyString
from markupsafe import Markup

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
    app.jinja_env.globals.update(_=_marked, gettext=_marked, ngettext=_marked_plural)


def gettext(text: str, **values: object) -> str:
    """A text of the source in the reader's language; the catalogue is looked up once for each request."""
    found = _speech().text(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The same where the word depends on a number, which the text knows as `num`."""
    return _speech().plural(one, many, num) % {"num": num, **values}


def lazy_gettext(text: str, **values: object) -> LazyString:
    """A text that is translated when it is shown."""
    return LazyString(gettext, text, **values)


def _marked(text: str, **values: object) -> Markup:
    """The same in a template: markup, in which the values are escaped."""
    found = _speech().markup(text)
    return found % values if values or "%" in found else found


def _marked_plural(one: str, many: str, num: int, **values: object) -> Markup:
    return _safe(_speech().plural(one, many, num)) % {"num": num, **values}


def _safe(text: str) -> Markup:
    return Markup(text)  # noqa: S704  # the catalogue's own words, as the source has them


class Speech:
    """A language with what has been looked up in it."""

    def __init__(self, catalogue: NullTranslations) -> None:
        kept = lru_cache(maxsize=4096)
        self.text: Callable[[str], str] = kept(catalogue.gettext)
        self.plural: Callable[[str, str, int], str] = catalogue.ngettext
        self.markup: Callable[[str], Markup] = kept(lambda text: _safe(catalogue.gettext(text)))


_spoken = cache(Speech)
"""Flask-Babel keeps one catalogue for each language."""
UNTRANSLATED = Speech(NullTranslations())


_here: Callable[[], Any] = g._get_current_object
"""`g` itself: a page says a hundred texts, and to ask the proxy each time costs more than the look-up."""


def _speech() -> Speech:
    try:
        here = _here()
    except RuntimeError:  # no request and no command is under way
        return UNTRANSLATED
    try:
        found: Speech = here.speech
    except AttributeError:
        found = here.speech = _spoken(get_domain().get_translations())
    return found
