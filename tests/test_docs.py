"""The manuals keep their word: their commands run, their links lead somewhere, nothing is left out."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from babel.messages.pofile import read_po

from tests import postgres
from tests.county import ROOT
from tests.manual import Reader, commands
from tracker.cli import COMMANDS, load
from tracker.cli.doctor.finding import State
from tracker.cli.doctor.postgresql import SETTINGS
from tracker.database import POOL

PICTURES = ROOT / "docs" / "pictures"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
POSTGRESQL = (ROOT / "docs" / "postgresql.md", ROOT / "docs" / "en" / "postgresql.md")
HANDBOOKS = (ROOT / "docs" / "administrator.md", ROOT / "docs" / "en" / "administrator.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")
HEAVIEST, HEAVIEST_TOGETHER = 120_000, 3_000_000


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.stop()


def test_the_handbook_sets_up_a_county(reader: Reader) -> None:
    for command in commands(HANDBOOKS[0]):
        reader.follow(command)


@pytest.mark.parametrize("pages", [HANDBOOKS, POSTGRESQL])
def test_both_languages_have_the_same_commands(pages: tuple[Path, Path]) -> None:
    assert commands(pages[0]) == commands(pages[1])


def test_the_page_on_postgresql_sets_up_a_database(reader: Reader) -> None:
    with postgres.server(durable=True) as url:
        port = urlsplit(postgres.with_owner(url, "postgres")).port
        psql = f"PGHOST=127.0.0.1 PGPORT={port} PGUSER=postgres psql -X -v ON_ERROR_STOP=1"
        for command in commands(POSTGRESQL[0]):
            here = command.replace("sudo -u postgres psql", psql)
            reader.follow(here.replace("@127.0.0.1/", f"@127.0.0.1:{port}/"))
        reader.stop()


def test_the_settings_recommended_are_those_that_the_doctor_asks_for() -> None:
    file = (ROOT / "docs" / "postgresql.sql").read_text(encoding="utf-8")
    written = dict(re.findall(r"^ALTER SYSTEM SET (\w+) = '(.+)';$", file, re.M))
    asked = {each.name: each.wanted for each in SETTINGS if each.state is State.ADVICE}
    assert {name: written.get(name) for name in asked} == asked
    for page in POSTGRESQL:
        rows = re.findall(r"^\| (`.+`) \| (.+?) \|", page.read_text(encoding="utf-8"), re.M)
        pairs = [(re.findall(r"`(\w+)`", names), re.split("[、,] ?", values)) for names, values in rows]
        shown = {name: value for pair in pairs for name, value in zip(*pair, strict=True)}
        assert shown.items() <= written.items()
        assert set(shown) == {*asked, "log_parameter_max_length"}


@pytest.mark.parametrize("page", POSTGRESQL, ids=name)
def test_the_connections_of_the_page_are_those_of_the_pool(page: Path) -> None:
    (sum_,) = re.findall(r"--workers (\d+)`[，,] ?(\d+) × (\d+) \+ (\d+) = (\d+)", page.read_text("utf-8"))
    workers, processes, each, others, together = map(int, sum_)
    assert workers == processes
    assert each == POOL["pool_size"] + POOL["max_overflow"]
    assert processes * each + others == together
    (wanted,) = [setting.least for setting in SETTINGS if setting.name == "max_connections"]
    assert wanted is not None
    assert together < wanted


def test_the_two_commands_of_the_readme_exist(reader: Reader) -> None:
    assert commands(ROOT / "README.md") == ["make run", "make test"]
    for command in commands(ROOT / "README.md"):
        reader.follow(command)


def test_make_run_starts_a_county_that_answers(reader: Reader) -> None:
    question = ["make", "--no-print-directory", "-n", "run"]  # also where make itself runs the tests
    told = subprocess.run(question, cwd=ROOT, capture_output=True, text=True, check=True)
    last = told.stdout.strip().splitlines()[-1]
    assert last == ".venv/bin/tracker run"
    reader.follow("tracker db upgrade")
    reader.follow("tracker demo --residents 60")  # so that it need not make its own, larger one
    reader.follow("tracker run --port 8000")
    reader.fetch(f"http://127.0.0.1:{reader.port}/readyz")


def test_every_command_on_the_pages_is_followed_by_one_of_these_tests() -> None:
    followed = {ROOT / "README.md", *HANDBOOKS, *POSTGRESQL}
    assert [name(page) for page in PAGES if commands(page) and page not in followed] == []


@pytest.mark.parametrize("manual", PAGES, ids=name)
def test_links_and_pictures_are_there(manual: Path) -> None:
    aims = [aim for aim in LINK.findall(manual.read_text(encoding="utf-8")) if "://" not in aim]
    assert [aim for aim in aims if not (manual.parent / aim).exists()] == []


def test_every_picture_is_shown_and_light() -> None:
    shown = {
        (page.parent / aim).resolve()
        for page in PAGES
        for aim in LINK.findall(page.read_text(encoding="utf-8"))
        if aim.endswith(".png")
    }
    pictures = {path.resolve(): path.stat().st_size for path in PICTURES.rglob("*.png")}
    assert set(pictures) == shown
    assert {path: size for path, size in pictures.items() if size > HEAVIEST} == {}
    assert sum(pictures.values()) < HEAVIEST_TOGETHER


def test_each_page_of_a_role_is_there_in_both_languages() -> None:
    chinese = {page.name for page in (ROOT / "docs").glob("*.md")} - {"architecture.md"}
    assert chinese == {page.name for page in (ROOT / "docs" / "en").glob("*.md")}


def every_command() -> Iterator[str]:
    """All commands that do something, groups walked down."""

    def walk(path: str, command: click.Command) -> Iterator[str]:
        inside = command.commands if isinstance(command, click.Group) else {}
        if not inside:
            yield path
        for part, below in inside.items():
            yield from walk(f"{path} {part}", below)

    for first in COMMANDS:
        command = load(first)
        assert command is not None
        yield from walk(f"tracker {first}", command)


@pytest.mark.parametrize("manual", HANDBOOKS, ids=name)
def test_the_handbook_shows_every_command_and_every_setting(manual: Path) -> None:
    text = manual.read_text(encoding="utf-8")
    run = "\n".join(commands(manual))
    assert [path for path in every_command() if f"`{path}`" not in text] == []
    assert [path for path in every_command() if path not in run] == []
    settings = set(re.findall(r"TRACKER_\w+", (ROOT / "config.py").read_text(encoding="utf-8")))
    for words in (text, (ROOT / "README.md").read_text(encoding="utf-8")):
        assert {setting for setting in settings if f"`{setting}`" not in words} == set()


NOT_OF_ROLES = ("architecture.md", "administrator.md", "postgresql.md")
QUOTED = {"zh": re.compile(r"点“([^”…]+)”"), "en": re.compile(r'"([A-Z][^"…]+)"')}


@pytest.mark.parametrize("language", QUOTED)
def test_what_the_pages_of_roles_tell_to_tap_is_on_the_screen(language: str) -> None:
    with (ROOT / "tracker/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    forms = [m.id if language == "zh" else m.string for m in catalogue if m.id]
    words = " ".join(form if isinstance(form, str) else " ".join(form) for form in forms)
    folder = ROOT / "docs" if language == "zh" else ROOT / "docs" / "en"
    pages = [page for page in folder.glob("*.md") if page.name not in NOT_OF_ROLES]
    told = {quoted for page in pages for quoted in QUOTED[language].findall(page.read_text("utf-8"))}
    assert len(told) > 15
    assert sorted(quoted for quoted in told if quoted.rstrip(".") not in words) == []
