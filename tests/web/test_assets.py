"""What every page downloads stays small enough for a village's signal, and safe under a strict policy."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "tracker" / "static" / "dist"


def bundle(name: str) -> bytes:
    manifest = json.loads((DIST / "manifest.json").read_text())
    return (DIST / manifest[name]).read_bytes()


@pytest.mark.parametrize(("name", "limit"), [("app.css", 24_000), ("app.js", 6_000)])
def test_a_bundle_stays_within_its_budget(name: str, limit: int) -> None:
    assert len(gzip.compress(bundle(name))) <= limit


@pytest.mark.parametrize("name", ["app.js", "visit.js", "contract.js"])
def test_scripts_write_no_markup_and_evaluate_no_text(name: str) -> None:
    sinks = r"(inner|outer)HTML\s*[+]?=[^=]|insertAdjacentHTML|\beval\(|new Function"
    assert not re.search(sinks, bundle(name).decode())


def test_templates_hold_no_inline_style_or_handler() -> None:
    pages = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    marks = (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:")
    assert not [(path.name, mark) for path, page in pages.items() for mark in marks if mark in page]
