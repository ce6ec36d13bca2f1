"""What every page downloads stays small enough for a village's signal, and safe under a strict policy."""

from __future__ import annotations

import gzip
import json
import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import hatch_build
from tests.clients import Pages
from tests.factories import a_member_of_staff, a_team

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


def test_nobody_meets_a_half_built_folder(tmp_path: Path) -> None:
    def build() -> dict[str, str]:
        hatch_build.node("build.mjs", str(tmp_path))
        return dict(json.loads((tmp_path / "manifest.json").read_text()))

    before = build()
    (tmp_path / "app-STALE.js").touch()
    missing: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for file in ("manifest.json", *before.values()):
                if not (tmp_path / file).exists():
                    missing.append(file)

    reader = threading.Thread(target=look)
    reader.start()
    after = build()
    done.set()
    reader.join()
    assert missing == []
    files = {*before.values(), *after.values()}
    compressed = {name + ending for name in files for ending in (".br", ".gz")}
    assert {path.name for path in tmp_path.iterdir()} == {"manifest.json", *files, *compressed}


def test_what_goes_wrong_is_said_even_where_nothing_is_built(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = Pages(app.test_client(), session, a_member_of_staff(session, team=a_team(session)))
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)  # as on a server
    for path in ("/me", "/no-such-page"):
        answer = doctor.get(path)
        assert answer.status_code == 500
        assert "系统出错了" in answer.text
        assert "stylesheet" not in answer.text
