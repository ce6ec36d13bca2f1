"""Engine settings: as many connections as threads, and an end to pages that take too long."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import QueuePool

from tracker import database
from tracker.cli import serve
from tracker.extensions import db

ADDRESS = "postgresql+psycopg://tracker@127.0.0.1/tracker"


def test_a_worker_keeps_a_connection_for_each_of_its_threads(app: Flask) -> None:
    settings = runpy.run_path(str(Path(serve.__file__).with_name("gunicorn_settings.py")))
    assert settings["threads"] == database.THREADS
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.size() == database.THREADS


def test_sqlite_keeps_a_large_cache_for_jobs_and_small_ones_for_pages_and_rosters(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cache.db"
    found = []
    for cache in (None, database.WEB_CACHE, database.IMPORT_CACHE):
        engine = create_engine(url, **database.engine_options(url))
        database.tune(engine, cache=cache)
        with engine.connect() as connection:
            found.append(connection.scalar(text("PRAGMA cache_size")))
        engine.dispose()
    assert found == [-32000, -1000, -8000]


def test_what_may_wait_is_not_written_while_somebody_else_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/busy.db"
    engine = create_engine(url, **database.engine_options(url))
    database.tune(engine)
    writer, other = (engine.connect().execution_options(**how) for how in (database.WRITE, database.IF_FREE))
    with writer, other:
        with writer.begin(), pytest.raises(database.Busy):
            other.begin()
        writer.close()
        with other.begin():
            other.execute(text("CREATE TABLE note (id INTEGER)"))
    engine.dispose()


def test_postgresql_gives_up_on_a_page_but_not_on_a_job(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # it has no such setting
    ends = {}
    for web in (True, False):
        url = db.engine.url.render_as_string(hide_password=False)
        engine = create_engine(url, **database.engine_options(url, web=web))
        with engine.connect() as connection:
            ends[web] = connection.scalar(text("SHOW statement_timeout"))
        engine.dispose()
    assert ends == {True: "30s", False: "0"}


def test_a_connection_that_died_at_rest_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # a file does not go away
    url = db.engine.url.render_as_string(hide_password=False)
    engine = create_engine(url, **database.engine_options(url))
    database.tune(engine)
    with engine.connect() as connection:
        own = connection.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
    monkeypatch.setattr(database, "RESTED", 0.0)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != own
    engine.dispose()


def test_what_the_address_says_goes_before() -> None:
    given = f"{ADDRESS}?application_name=county&options=-csearch_path%3Dcounty"
    assert database.engine_options(given, web=True)["connect_args"] == {"connect_timeout": "10"}
    assert "statement_timeout=30s" in database.engine_options(ADDRESS, web=True)["connect_args"]["options"]


@pytest.mark.parametrize(
    "value",
    [
        {"note": "头晕", "dose": 2.5, "n": 0, "none": None, "codes": [1, True]},
        {"half": "\ud83d"},
        {"nul": "a\0b"},
    ],
)
def test_json_is_read_as_it_was_written_even_with_half_a_character(value: dict[str, object]) -> None:
    assert database.from_stored(database.to_store(value)) == value


def test_chinese_stands_in_stored_json_as_it_is() -> None:
    assert database.to_store({"note": "头晕"}) == '{"note":"头晕"}'
