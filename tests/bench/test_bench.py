"""The measuring itself, on a handful of people: each work finds or stores what its floors do. Never times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bench.__main__ import main
from bench.county import County, county
from bench.recommended import recommended
from bench.result import read
from bench.table import table
from bench.work import Different, Side, Times, Work, measure, warm_up
from bench.works import WORKS
from tracker import clock


@pytest.fixture(scope="module")
def small() -> Iterator[County]:
    with county("sqlite", 300, clock.today()) as made:
        yield made


@pytest.mark.parametrize("name", [
    "overdue-list", "worklist", "search-name", "search-tail", "search-id", "search-phone", "contract-rates",
    "contract-rates-villages",
])  # fmt: skip
def test_a_work_finds_the_rows_of_its_floors(small: County, name: str) -> None:
    found = measure(WORKS[name](small), repeat=1)
    assert len(found.rows) > 0
    assert len(found.floors) == len(found.work.floors)


def test_a_scan_stores_who_is_overdue_and_who_is_told(small: County) -> None:
    (overdue,) = small.plain.all(
        "SELECT count(*) FROM task WHERE ended_on IS NULL AND due_on < :day", day=small.day.isoformat()
    )[0]
    recorded, told = measure(WORKS["scan-first"](small), repeat=1).rows
    assert 0 < overdue == len(recorded)
    assert len(told) > 0
    assert measure(WORKS["scan-again"](small), repeat=1).rows == []


def test_a_roster_is_read_whole_and_brings_its_people(small: County) -> None:
    people = small.loaded.residents
    assert measure(WORKS["roster-check"](small), repeat=1).rows == [people]
    brought = measure(WORKS["roster-apply"](small), repeat=1).rows
    assert 0 < brought["resident"] <= people
    assert brought["contract"] > 0
    assert brought["task"] > 0


@pytest.mark.parametrize("name", ["summaries-day", "dashboard", "dashboard-changed", "dashboard-behind"])
def test_the_home_page_is_measured_without_a_floor(small: County, name: str) -> None:
    found = measure(WORKS[name](small), repeat=1)
    assert found.floors == []
    assert "–" in table([found])


def test_the_logs_of_a_county_hold_every_visit(small: County) -> None:
    unlogged = """
        SELECT count(*) FROM visit v WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.visit_id = v.id)
        OR NOT EXISTS (SELECT 1 FROM audit a WHERE replace(a.object_id, '-', '') = v.id)
    """
    assert small.plain.all("SELECT count(*) FROM visit")[0][0] > 100
    assert small.plain.all(unlogged) == [(0,)]


@pytest.mark.parametrize(
    ("settled", "counted", "before"), [(30.0, 5, 3), (30.0, 2, 1), (30.0, 1, 0), (-1.0, 5, 0)]
)
def test_some_runs_go_before_those_that_count(
    monkeypatch: pytest.MonkeyPatch, settled: float, counted: int, before: int
) -> None:
    monkeypatch.setattr("bench.work.SETTLED", settled)
    runs: list[int] = []
    steps: list[int] = []
    side = Side("", lambda: lambda: runs.append(1), lambda _: [])
    found = measure(Work("work", "", side, ()), counted, lambda: steps.append(1))
    assert len(found.ours.seconds) == counted
    assert len(runs) == before + counted
    assert len(steps) == warm_up(counted) + counted


def test_the_recommended_settings_are_those_of_the_manual() -> None:
    assert {"shared_buffers": "2GB", "jit": "off"}.items() <= recommended().items()


@pytest.mark.parametrize("name", ["visit-api", "visit-page"])
def test_a_visit_is_saved_for_the_person_that_the_floor_saves_it_for(small: County, name: str) -> None:
    found = measure(WORKS[name](small), repeat=1)
    assert len(found.rows) == 1


def test_the_floor_of_a_batch_puts_in_the_rows_that_the_batch_added(small: County) -> None:
    found = measure(WORKS["visit-batch"](small), repeat=1)
    assert found.rows["visit"] == found.rows["visit_version"] == found.rows["submission"] == 100


def test_a_floor_that_finds_other_rows_is_refused() -> None:
    def side(rows: Any) -> Side:
        return Side("", lambda: lambda: rows, list)

    with pytest.raises(Different, match=r"two rows"):
        measure(Work("two rows", "", side([1, 2]), (side([1, 3]),)), repeat=1)


def test_the_95th_of_a_hundred_runs_is_the_time_that_five_exceed() -> None:
    assert Times([float(n) for n in range(1, 101)], []).p95 == 95.0


def test_what_was_measured_is_written_though_a_later_work_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[list[str]] = []

    def broken(county: County) -> Work:
        known.append([one.work for one in read([tmp_path / "table.json"])[0].results])
        county.plain.begin()
        raise RuntimeError("out of paper")

    monkeypatch.setitem(WORKS, "worklist-page", broken)
    names = ("worklist", "worklist-page", "visit-api")
    chosen = [part for name in names for part in ("--work", name)]
    arguments = ["--size", "300", "--database", "sqlite", "--repeat", "1", *chosen]
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "table.md")])
    assert done.exit_code == 1
    assert known == [["worklist"]]
    (kept,) = read([tmp_path / "table.json"])
    assert [one.work for one in kept.results] == ["worklist", "visit-api"]
    assert list(kept.failed) == ["worklist-page failed: RuntimeError: out of paper"]
    assert f"- {kept.failed[0]}" in (tmp_path / "table.md").read_text()


def test_the_command_prints_a_table_and_writes_it_where_it_is_told(tmp_path) -> None:
    out = tmp_path / "table.md"
    arguments = ["--size", "300", "--database", "sqlite", "--work", "worklist", "--repeat", "1"]
    done = CliRunner().invoke(main, [*arguments, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "| worklist " in done.stdout
    assert out.read_text() in done.stdout + "\n"
    (kept,) = read([tmp_path / "table.json"])
    assert (kept.database, kept.size, [one.work for one in kept.results]) == ("sqlite", 300, ["worklist"])
    assert kept.command == "python -m bench --size 300 --database sqlite --work worklist --repeat 1"
