"""Which language to speak, and the words for the codes of the domain."""

from __future__ import annotations

from flask import current_app, g, has_request_context, request

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
