"""A server restored from a backup gets back from the phones what came after it, each record once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import a_body, a_patient, bundled, call, kept, parts_page, sent, set_up, signed_in
from tests.browser.test_kills import Server
from tests.county import County

TOWN, VILLAGE = "411025101", "411025101202"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    county = County(tmp_path / "county").prepare()
    county.run("teams", "add", "--name", "颍桥一队", "--township", TOWN, "--villages", VILLAGE)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", "颍桥一队")
    server = Server(county)
    server.start()
    yield server
    server.kill()


def copied(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source)) as one,
        contextlib.closing(sqlite3.connect(target)) as two,
    ):
        one.backup(two)


def test_what_came_after_the_backup_comes_again(chromium: Browser, server: Server, tmp_path: Path) -> None:
    county = server.county
    database, backup = county.folder / "tracker.db", tmp_path / "backup.db"
    token = county.token("doctor")
    patient = a_patient(county, token, VILLAGE, 1)
    with chromium.new_context() as context:
        signed_in(context, county, "doctor")
        page = parts_page(context, county, bundled(tmp_path))
        set_up(page)
        early, late, refused = a_body(patient, sbp=131), a_body(patient, sbp=132), a_body(patient, sbp=700)
        kept(page, early)
        assert sent(page)["uploaded"] == 1
        copied(database, backup)
        kept(page, late)
        kept(page, refused)
        call(
            page,
            "await sync.synchronise();"
            "await outbox.note(new Map([[id, { state: outbox.HANDED, acked_at: Date.now() }]]));",
            id=refused["id"],
        )
        before = sent(page)
        assert (before["uploaded"], before["handed"]) == (2, 1)
        server.kill()
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        copied(backup, database)
        county.run("db", "restored")
        server.start()
        assert county.call("GET", f"/api/v1/visits/{late['id']}", token)[0] == 404
        assert sent(page) == before
        with sqlite3.connect(database) as rows:
            assert rows.execute("SELECT count(*), sum(sbp) FROM visit").fetchone() == (2, 131 + 132)
            refused = rows.execute("SELECT count(*) FROM submission WHERE status = 'rejected'").fetchone()
            assert refused == (1,)
        assert sent(page) == before
