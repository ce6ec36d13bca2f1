"""A roster's import that is killed goes on where it stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import rosters
from tests.county import ROOT, TRACKER
from tests.factories import COUNTY, a_team
from tests.rosters import HEADER, id_number, person
from tracker.models import Condition, Contract, Resident, Visit

PEOPLE = 900


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    rows = [
        person(
            "王" + "甲乙丙丁戊己庚辛壬癸"[n % 10], id_number(date(1956, 3, 1 + n % 28), n % 1000),
            乡镇="颍桥镇", 村="东村委会", 高血压="是", 最近随访时间="2026.8.1", 血压="138/86",
            签约日期="2026.1.5", 到期日期="2027.1.4",
        )
        for n in range(PEOPLE)
    ]  # fmt: skip
    return rosters.xlsx(tmp_path / "r.xlsx", ("名册", [HEADER.split(), *rows]))


def start(app: Flask, roster: Path, *more: str) -> subprocess.Popen[str]:
    settings = app.config["SETTINGS"]
    environment = {
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_DATA_KEY_FILE": str(settings.data_key_file),
        "TRACKER_INSTANCE": str(settings.instance),
        "PATH": "/usr/bin:/bin",
    }
    arguments = [str(TRACKER), "residents", "import", str(roster), "--county", COUNTY, "--apply", *more]
    return subprocess.Popen(
        arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_import_killed_between_two_parts_is_completed_by_the_next_one(
    app: Flask, session: Session, roster: Path
) -> None:
    a_team(session)
    session.commit()
    process = start(app, roster)
    for _ in range(600):
        if count(session, Resident):
            break
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    stored = count(session, Resident)
    assert 0 < stored < PEOPLE
    assert count(session, Contract) == count(session, Condition) == count(session, Visit) == stored
    session.rollback()
    out, err = start(app, roster, "--json").communicate()
    told = json.loads(out)
    assert (told["created"], told["changed"], told["accepted"]) == (PEOPLE - stored, 0, PEOPLE), err
    for model in (Resident, Contract, Condition, Visit):
        assert count(session, model) == PEOPLE
