"""The English catalogue is whole, and pages and commands shown in English are English."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

import hatch_build

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
NAMES = ("简体中文",)
"""Languages go by their own names."""


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    hatch_build.compile_catalogues()


def chinese(text: str) -> list[str]:
    for name in NAMES:
        text = text.replace(name, "")
    return [line.strip() for line in text.splitlines() if CHINESE.search(line)]


def test_every_message_is_translated_and_no_other_is_kept() -> None:
    check = [sys.executable, "scripts/translations.py", "--check"]
    answer = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ('msgid "逾期 %(n)s 天"\nmsgstr ""', "untranslated"),
        ('#, fuzzy\nmsgid "逾期"\nmsgstr "Overdue"', "untranslated"),
        ('msgid "逾期 %(n)s 天"\nmsgstr "%(days)s days overdue"', "placeholders differ"),
        ('msgid "逾期"\nmsgstr "逾期 overdue"', "still Chinese"),
        (
            'msgid "%(num)s 人"\nmsgid_plural "%(num)s 人"\nmsgstr[0] "%(num)s person"\nmsgstr[1] ""',
            "untranslated",
        ),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_message(tmp_path: Path, message: str, fault: str) -> None:
    path = ROOT / "scripts" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations_script", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    file = tmp_path / "messages.po"
    file.write_text(message + "\n", encoding="utf-8")
    found = script.problems(file, file)
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize("path", ["/login", "/activate", "/nothing-here"])
def test_a_page_asked_for_in_english_has_no_chinese(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "en-GB,en"})
    assert '<html lang="en">' in answer.text
    assert not chinese(answer.text)


@pytest.mark.parametrize("page", ["400", "403", "404", "413"])
def test_an_error_page_in_english_has_no_chinese(app: Flask, page: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert not chinese(render_template(f"errors/{page}.html"))


@pytest.mark.parametrize("page", ["500", "503"])
def test_a_page_for_failures_says_it_in_both_languages(app: Flask, page: str) -> None:
    with app.test_request_context("/"):
        text = render_template(f"errors/{page}.html")
    english = text.partition('<section class="card" lang="en">')[2]
    assert "<h2>" in english
    assert not chinese(english)


@pytest.mark.parametrize("said", [{"TRACKER_LOCALE": "en"}, {"LANG": "en_GB.UTF-8"}])
def test_commands_speak_english_where_the_terminal_does(said: dict[str, str]) -> None:
    silent = {
        k: v for k, v in os.environ.items() if k not in ("TRACKER_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG")
    }
    for command in (["--help"], ["jobs", "run", "--help"], ["population", "set", "--help"]):
        answer = subprocess.run(
            [sys.executable, "-m", "tracker", *command],
            env={**silent, **said}, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "Example: tracker" in answer.stdout
        assert not chinese(answer.stdout)


def test_commands_speak_chinese_where_the_county_does_whatever_the_terminal() -> None:
    environment = {**os.environ, "TRACKER_LOCALE": "zh_Hans_CN", "LANG": "en_GB.UTF-8"}
    answer = subprocess.run(
        [sys.executable, "-m", "tracker", "--help"],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "例：tracker" in answer.stdout
