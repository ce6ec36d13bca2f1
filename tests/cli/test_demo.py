"""`tracker demo`: the sign-ins it makes, and where it refuses."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select

from tracker.cli.demo import demo
from tracker.extensions import db
from tracker.models import ContractPackage, Package, Staff
from tracker.services.account import password


@pytest.fixture
def own_instance(app: Flask, tmp_path, monkeypatch):
    """An instance folder of the test's own."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], instance=tmp_path))
    yield tmp_path
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(delete(ContractPackage))
        connection.execute(delete(Package).where(Package.code != "BASIC"))
        connection.commit()


def run(*arguments: str):
    return CliRunner().invoke(demo, ["--residents", "60", *arguments])


def test_one_person_of_each_role_can_sign_in_and_nobody_else(own_instance, session):
    result = run("--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["residents"], told["added"]) == (60, 60)
    path = own_instance / "demo-signins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [line.split() for line in path.read_text().splitlines()]
    people = {staff.username: staff for staff in session.scalars(select(Staff))}
    assert {role for _, _, role in lines} == {str(staff.role) for staff in people.values()}
    for username, word, role in lines:
        assert password.matches(word, people[username].password_hash)
        assert str(people[username].role) == role
    assert sum(staff.password_hash is not None for staff in people.values()) == len(lines) == 7


def test_running_it_again_keeps_the_passwords(own_instance):
    run()
    before = (own_instance / "demo-signins.txt").read_text()
    again = run()
    assert again.exit_code == 0
    assert (own_instance / "demo-signins.txt").read_text() == before
    assert before.split()[1] in again.stdout


def test_a_site_under_https_refuses(own_instance, app: Flask, monkeypatch):
    settings = replace(app.config["SETTINGS"], base_url="https://county.example")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    result = run()
    assert result.exit_code == 1
    assert "正式环境" in result.output


def test_a_file_that_is_no_region_file_is_refused_in_one_sentence(own_instance, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n")
    result = run("--county", str(path))
    assert result.exit_code == 1
    assert "不是地区文件" in result.output
