"""The phone's own modules as one file, for pages on which tests call them."""

from __future__ import annotations

from pathlib import Path

from tests import frontend
from tests.county import ROOT

MODULE = "/static/parts.js"


def bundled(folder: Path) -> Path:
    return frontend.bundled(ROOT / "tests" / "browser" / "parts.js", folder / "parts.js")
