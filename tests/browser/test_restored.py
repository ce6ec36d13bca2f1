"""A server restored from a backup gets back from the phones what came after it, each record once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.modules import bundled
from tests.browser.pages import look, sign_in
from tests.browser.phone import (
    a_body,
    a_patient,
    call,
    choose_a_pin,
    kept,
    parts_page,
    sent,
    set_up,
    set_up_by_hand,
    signed_in,
    unlock,
)
from tests.browser.test_kills import Server
from tests.county import VILLAGE, County


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    county = County(tmp_path / "county").village()
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


def put_back(server: Server, backup: Path) -> None:
    """The server goes on from the backup."""
    database = server.county.folder / "tracker.db"
    server.kill()
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    copied(backup, database)
    server.county.run("db", "restored")
    server.start()


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
        put_back(server, backup)
        assert county.call("GET", f"/api/v1/visits/{late['id']}", token)[0] == 404
        assert sent(page) == before
        with sqlite3.connect(database) as rows:
            assert rows.execute("SELECT count(*), sum(sbp) FROM visit").fetchone() == (2, 131 + 132)
            refused = rows.execute("SELECT count(*) FROM submission WHERE status = 'rejected'").fetchone()
            assert refused == (1,)
        assert sent(page) == before


def test_a_phone_that_the_backup_does_not_know_is_set_up_again_and_loses_nothing(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    county, backup = server.county, tmp_path / "backup.db"
    token = county.token("doctor")
    patient = a_patient(county, token, VILLAGE, 1)
    copied(county.folder / "tracker.db", backup)
    with chromium.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN") as context:
        context.set_default_timeout(15_000)
        sign_in(context.new_page(), county, "doctor")
        page = context.pages[0]
        set_up_by_hand(page, county)
        parts = parts_page(context, county, bundled(tmp_path))
        before, after = a_body(patient, sbp=131), a_body(patient, sbp=132)
        kept(parts, before)
        assert sent(parts)["uploaded"] == 1
        put_back(server, backup)
        kept(parts, after)
        assert sent(parts)["here"] == 1
        sign_in(page, county, "doctor")
        page.goto(county.url + "/phone?server")
        unlock(page)
        expect(page.locator("#sync")).to_contain_text("请重新设置这台手机")
        expect(page.locator("#phone-unknown")).to_be_visible()
        look(page)
        choose_a_pin(page)
        expect(page.locator("#sync")).to_contain_text("已同步")
        assert sent(parts)["uploaded"] == 2
        with sqlite3.connect(county.folder / "tracker.db") as rows:
            assert rows.execute("SELECT count(*), sum(sbp) FROM visit").fetchone() == (2, 131 + 132)
