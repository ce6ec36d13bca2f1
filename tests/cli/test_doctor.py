"""`tracker doctor` on both databases: each thing that is broken is named, and its remedy mends it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

import config
from tracker import clock
from tracker.cli import tracker
from tracker.cli.doctor import disk, host
from tracker.cli.doctor.finding import State
from tracker.extensions import db
from tracker.migrations import downgrade, upgrade
from tracker.models import Audit, Heartbeat, JobRun
from tracker.models.sealed import KeyRing

SECRET = "made up for the tests only, 0123456789"
Set = Callable[..., None]


def run(*more: str) -> Result:
    return CliRunner().invoke(tracker, ["doctor", *more])


def found() -> dict[str, tuple[str, str]]:
    """What has to be mended, by check: words and remedy; the last of each."""
    told = json.loads(run("--json").stdout)["findings"]
    return {each["check"]: (each["words"], each["remedy"]) for each in told if each["state"] == State.MEND}


@pytest.fixture
def set_(app: Flask, tmp_path: Path) -> Any:
    """Changes settings of the application for one test; the data lie in its folder."""
    before = app.config["SETTINGS"]
    keys = tmp_path / "keys.json"
    KeyRing.create(keys)

    def change(**changes: Any) -> None:
        app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], **changes)

    change(instance=tmp_path, data_key_file=keys, secret_key=SECRET)
    yield change
    app.config["SETTINGS"] = before


@pytest.fixture
def well(session: Session, set_: Set) -> None:
    """A county in which nothing is broken; on PostgreSQL the tests' own server does without fsync."""
    session.add(Heartbeat(name="scheduler", host="here", at=clock.now()))
    session.commit()


def only(session: Session, *checks: str) -> set[str]:
    return {*checks, *(() if session.get_bind().dialect.name == "sqlite" else ("postgresql",))}


def test_a_county_that_is_well_has_nothing_to_mend(session: Session, well: None) -> None:
    assert set(found()) == only(session)
    assert run().exit_code == len(only(session))


def test_postgresql_without_fsync_and_with_little_memory_is_told_what_to_set(
    session: Session, well: None
) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return
    assert found()["postgresql"][1] == "ALTER SYSTEM SET fsync = 'on';"
    told = run().stdout
    assert "  → ALTER SYSTEM SET shared_buffers = '2GB';" in told
    assert "shared_buffers 是 128MB，建议 2GB" in told


@pytest.mark.parametrize("name", ["ix_judgement_resident_id", "uq_task_condition_id_open_chain"])
def test_a_missing_index_is_named_with_the_statement_that_makes_it(
    session: Session, well: None, name: str
) -> None:
    session.execute(text(f"DROP INDEX {name}"))
    session.commit()
    words, remedy = found()["indexes"]
    assert name in words
    session.execute(text(remedy))
    session.commit()
    assert set(found()) == only(session)


def test_an_old_structure_is_told_to_be_upgraded(session: Session, well: None) -> None:
    session.commit()
    downgrade()
    try:
        assert found()["migrations"][1] == "tracker db upgrade"
        assert set(found()) == only(session, "migrations")  # the rest would read what is not there
    finally:
        upgrade()


def test_a_key_file_that_others_read_and_one_that_is_gone_are_told(
    well: None, set_: Set, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.chmod(0o644)
    assert found()["keys"][1] == f"chmod 600 {keys}"
    keys.write_text("{}")
    assert "读不出" in found()["keys"][0]
    keys.unlink()
    assert "没有密钥文件" in found()["keys"][0]


def test_weak_secrets_foreign_plain_addresses_and_unknown_zones_are_told(well: None, set_: Set) -> None:
    set_(secret_key="short", base_url="http://county.example", timezone="Asia/Xuchang")
    assert {"secret", "address", "zone"} <= set(found())
    set_(secret_key=SECRET, base_url="https://county.example", timezone="Asia/Urumqi")
    assert {"secret", "address", "zone"} & set(found()) == set()
    assert "Asia/Urumqi" in run().stdout


def test_a_scheduler_that_is_silent_and_a_job_that_failed_are_told(session: Session, set_: Set) -> None:
    assert found()["scheduler"][1] == "tracker scheduler"
    session.add(Heartbeat(name="scheduler", host="here", at=clock.now() - timedelta(minutes=3)))
    job = {"job": "overdue-scan", "slot": "2026-11-22", "state": "failed", "started_at": clock.now()}
    session.add(JobRun(**job, host="here"))
    session.commit()
    assert "没有动静" in found()["scheduler"][0]
    assert "tracker jobs run overdue-scan" in found()["jobs"][1]


def test_a_clock_that_went_back_behind_what_was_written_is_told(session: Session, well: None) -> None:
    session.add(Audit(at=clock.now() + timedelta(hours=1), action="sign in"))
    session.commit()
    assert "时钟慢了" in found()["clock"][0]


def test_a_full_disk_and_no_room_for_a_backup_are_told(tmp_path: Path) -> None:
    there = tmp_path / "backups"  # which is not made yet
    assert disk.room("disk", there, 0, 0).state is State.FINE
    assert disk.room("disk", there, 2**60, 0).state is State.ADVICE
    assert disk.room("disk", there, 2**60, 2**60).state is State.MEND


def test_without_a_database_it_says_so_and_where_to_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = config.Settings(
        database_url="postgresql+psycopg://nobody@127.0.0.1:9/nothing",
        secret_key=SECRET,
        data_key_file=tmp_path / "keys.json",
        instance=tmp_path,
    )
    monkeypatch.setattr(config, "from_environment", lambda: settings)
    assert {"database", "keys"} <= set(found())
    assert run().exit_code == 1
    (tmp_path / "keys.json").write_text("no keys at all")
    assert "keys" in found()


@pytest.mark.parametrize(
    "address",
    ["mysql://me:hush@127.0.0.1/d", "postgres://me:hush@127.0.0.1/d", "postgresql+psycopg2://me:hush@h/d",
     "nonsense", "", "postgresql+psycopg://me:hush@h:port/d"],
)  # fmt: skip
def test_an_address_of_no_use_is_told_with_an_example_and_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    settings = config.Settings(database_url=address, data_key_file=tmp_path / "keys.json", instance=tmp_path)
    KeyRing.create(tmp_path / "keys.json")
    monkeypatch.setattr(config, "from_environment", lambda: settings)
    words, remedy = found()["database"]
    assert "TRACKER_DATABASE_URL" in words
    assert "postgresql+psycopg://" in remedy
    assert "hush" not in run().output
    assert run().exit_code == 1


def test_a_mistyped_path_is_told_and_no_empty_county_is_made_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, keys = tmp_path / "county" / "traker.db", tmp_path / "keys.json"
    KeyRing.create(keys)
    settings = config.Settings(database_url=f"sqlite:///{file}", data_key_file=keys, instance=tmp_path)
    monkeypatch.setattr(config, "from_environment", lambda: settings)
    assert str(file) in found()["database"][0]
    assert sorted(tmp_path.iterdir()) == [keys]


def test_the_disk_of_the_database_is_looked_at_too_or_said_to_be_out_of_sight(
    session: Session, well: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disks() -> list[str]:
        told = json.loads(run("--json").stdout)["findings"]
        return [each["words"] for each in told if each["check"] == "disk"]

    assert len(disks()) == 2
    assert "所在的磁盘还有" in disks()[1]
    if session.get_bind().dialect.name == "postgresql":
        monkeypatch.setattr(disk, "LOCAL", text("SELECT false"))
        assert "看不到数据库所在的磁盘" in disks()[1]
        monkeypatch.undo()


def test_a_plain_role_looks_at_the_usual_disk_of_postgresql_and_is_asked_for_no_rights(
    session: Session, well: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # its file is where the address says
    session.execute(text("CREATE ROLE plain LOGIN"))
    session.execute(text("SET ROLE plain"))
    assert session.scalar(disk.SHOWN) is None
    monkeypatch.setattr(disk, "USUAL", (tmp_path / "none", tmp_path))
    told = list(disk.of_database(session.connection(), tmp_path))
    assert [each.check for each in told] == ["disk"]
    assert str(tmp_path) in told[0].words
    monkeypatch.setattr(disk, "USUAL", ())
    assert "df -h" in next(disk.of_database(session.connection(), tmp_path)).remedy
    session.rollback()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("ix_judgement_resident_id", "INDEX ix_judgement_resident_id ON judgement (disease)"),
     ("ix_judgement_resident_id", "UNIQUE INDEX ix_judgement_resident_id ON judgement (resident_id)"),
     ("ix_judgement_resident_id",
      "INDEX ix_judgement_resident_id ON judgement (resident_id) WHERE classification = 1"),
     ("ix_episode_unresolved", "INDEX ix_episode_unresolved ON episode (task_id)"),
     ("uq_card_resident_id_valid",
      "UNIQUE INDEX uq_card_resident_id_valid ON card (resident_id) WHERE printed_at IS NULL")],
)  # fmt: skip
def test_an_index_of_other_columns_or_rows_is_told_though_its_name_is_there(
    session: Session, well: None, name: str, wrong: str
) -> None:
    session.execute(text(f"DROP INDEX {name}"))
    session.execute(text(f"CREATE {wrong}"))
    session.commit()
    words, remedy = found()["indexes"]
    assert name in words
    for statement in remedy.split("; "):
        session.execute(text(statement))
    session.commit()
    assert set(found()) == only(session)


def test_a_service_of_the_clock_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "timedatectl"
    program.write_text("#!/bin/sh\nexec sleep 20\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(host, "PATIENCE", 0.05)
    monkeypatch.setattr(host, "SYNCHRONISED", tmp_path / "none")
    assert host._ntp().state is State.ADVICE


def test_it_speaks_english_in_an_english_terminal(
    well: None, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    monkeypatch.setenv("TRACKER_LOCALE", "en")
    told = run().stdout
    assert "All indexes are there" in told
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in told.replace(str(db.engine.url), ""))
