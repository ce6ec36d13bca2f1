"""The words of the command line, in the terminal's language, from the catalogue of the pages.

The standard library reads it, so that `tracker --help` need not start the web framework.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

import config

FOLDER = Path(__file__).resolve().parent.parent / "translations"


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    return gettext.translation("messages", FOLDER, [locale], fallback=True)


def _(text: str, **params: object) -> str:
    found = _catalogue(config.console_locale()).gettext(text)
    return found % params if params else found


def _l(text: str) -> str:
    """Marks words for the catalogue that `_` translates later, where they are shown."""
    return text


def example(command: str) -> str:
    """How a command is typed, for the end of its help."""
    return _("例：%(command)s", command=command)
