"""Results of several sizes as tables and as a picture, from made-up figures."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bench import picture, tables
from bench.result import Figure, Report, Result, growth, people, read, write

LOAD = "Load average before 1.0, after 2.0."
SVG = "{http://www.w3.org/2000/svg}"


def a_result(work: str, seconds: float, floor: float | None) -> Result:
    floors = [] if floor is None else [Figure("one SELECT", floor, floor * 2, floor)]
    return Result(work, 20, Figure(work, seconds, seconds * 2, seconds), floors)


def a_report(database: str, size: int, *results: Result) -> Report:
    return Report(database, f"{database} 1.0", size, "", "2 cores", LOAD, "python -m bench", results)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The list and a work without a floor, in both databases; PostgreSQL was not measured at a million."""
    written = {
        "small": [
            a_report(name, 10_000, a_result("list", 0.008, 0.001)) for name in ("sqlite", "postgresql")
        ],
        "home": [a_report("sqlite", 10_000, a_result("home", 0.03, None))],
        "large": [a_report("sqlite", 1_000_000, a_result("list", 0.5, 0.25), a_result("home", 0.03, None))],
    }
    for name, reports in written.items():
        write(tmp_path / f"{name}.json", reports)
    return [str(tmp_path / f"{name}.json") for name in written]


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    reports = [a_report("sqlite", 300, a_result("list", 0.008, 0.001))]
    write(tmp_path / "one.json", reports)
    (again,) = read([tmp_path / "one.json"])
    assert (again.size, again.results[0].ours, again.results[0].ratio) == (300, reports[0].results[0].ours, 8)


def test_of_two_figures_of_the_same_the_later_counts() -> None:
    old, new = a_result("list", 2.0, 1.0), a_result("list", 1.0, 1.0)
    known = growth([a_report("sqlite", 300, old), a_report("sqlite", 300, new)])
    assert known.of("list", "sqlite") == {300: new}


def test_sizes_are_written_short() -> None:
    assert [people(size) for size in (300, 10_000, 100_000, 1_000_000, 1_500_000)] == [
        "300", "10k", "100k", "1M", "1.5M",
    ]  # fmt: skip


def test_the_tables_have_a_row_for_each_work_and_a_column_for_each_size(files: list[str]) -> None:
    done = CliRunner().invoke(tables.main, files, catch_exceptions=False)
    lite, postgres = done.stdout.split("### ")[1:]
    rows = [re.sub(" +", " ", line) for line in done.stdout.splitlines()]
    assert "| list | 8.00 ms · 16.0 ms · 8.0 × 1.00 ms | 500.0 ms · 1000.0 ms · 2.0 × 250.0 ms |" in rows
    assert "| home | 30.0 ms · 60.0 ms · – | 30.0 ms · 60.0 ms · – |" in rows
    assert "| list | 8.00 ms · 16.0 ms · 8.0 × 1.00 ms | – |" in rows
    assert "\n- 1M: 20 runs. Load average before 1.0, after 2.0. `python -m bench`\n" in lite
    assert "home" not in postgres


def test_the_picture_shows_each_work_in_both_databases_with_its_floor(
    tmp_path: Path, files: list[str]
) -> None:
    out = tmp_path / "pictures" / "growth.svg"
    done = CliRunner().invoke(picture.main, [str(out), *files], catch_exceptions=False)
    assert done.exit_code == 0
    root = ElementTree.parse(out).getroot()
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert {"list", "home", "SQLite", "PostgreSQL", "10k", "1M", "500 ms", "× 2.0 at 1M"} <= set(said)
    assert said.count("not measured") == 1
    panels = [group for group in root.iter(f"{SVG}g") if group.get("transform")]
    assert [len(panel.findall(f"{SVG}path")) for panel in panels] == [2, 2, 1, 0]
    assert [len(panel.findall(f"{SVG}circle")) for panel in panels] == [4, 2, 2, 0]


def test_nothing_leaves_the_picture(tmp_path: Path, files: list[str]) -> None:
    root = ElementTree.fromstring(picture.picture(growth(read(map(Path, files)))))
    for panel in root.iter(f"{SVG}g"):
        for dot in panel.findall(f"{SVG}circle"):
            assert 0 <= float(dot.get("cx", "")) <= picture.WIDE
            assert 0 <= float(dot.get("cy", "")) <= picture.HIGH
