"""The commands of an operator, on both databases, as someone at a terminal meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import COUNTY, FAR_VILLAGE, TOWN, VILLAGE, a_region_tree, a_team
from tracker.cli import COMMANDS, load, tracker
from tracker.extensions import db
from tracker.models import BEGINNING, Membership, Population, Region, Staff, StaffRegion, Target, Team
from tracker.services.account import password, token

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Corr3ct-horse!"
TREE = """code,name,level,parent_code
41,河南省,province,
4110,许昌市,city,41
411025,襄城县,county,4110
411025101,颍桥镇,township,411025
411025101201,东村委会,village,411025101
"""


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(tracker, list(arguments), input=typed)


@pytest.fixture
def county(session: Session) -> None:
    a_region_tree(session)
    session.commit()


def staff_add(username: str, *more: str, role: str = "village_doctor", typed: str | None = None) -> Result:
    return run("staff", "add", "--username", username, "--name", "王", "--role", role, *more, typed=typed)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_its_parts_explain_themselves_with_an_example(name: str) -> None:
    command = load(name)
    assert command is not None
    parts = [[name, part] for part in getattr(command, "commands", {})] or [[name]]
    for part in [[name], *parts]:
        answer = run(*part, "--help")
        assert answer.exit_code == 0, part
        assert "例：" in answer.output, part


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_offers_json(name: str) -> None:
    command = load(name)
    for part in getattr(command, "commands", {"": command}).values():
        assert any("--json" in option.opts for option in part.params), (name, part.name)


def test_help_is_there_without_loading_the_product() -> None:
    program = (
        "import sys; from tracker.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert 'flask' not in sys.modules and 'sqlalchemy' not in sys.modules, 'loaded too much'"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)


def test_regions_are_imported_once_however_often(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "tree.csv"
    file.write_bytes("\ufeff".encode() + TREE.encode())
    assert json.loads(run("regions", "import", str(file), "--json").stdout) == {
        "new": 5,
        "changed": 0,
        "same": 0,
    }
    file.write_bytes(TREE.replace("东村", "新东村").encode("gb18030"))
    assert json.loads(run("regions", "import", str(file), "--json").stdout) == {
        "new": 0,
        "changed": 1,
        "same": 4,
    }
    assert session.get_one(Region, VILLAGE).name == "新东村委会"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("411025101,颍桥镇,township,999999", "parent_code"),
        ("41102510,颍桥镇,township,411025", "code 41102510"),
        ("411025102,颍桥镇,town,411025", "level town"),
        ("411025102,,township,411025", "name"),
        ("411026102,颍桥镇,township,411026", "parent_code 411026"),
    ],
)
def test_a_wrong_tree_is_refused_by_its_line_and_nothing_is_kept(
    session: Session, tmp_path: Path, line: str, word: str
) -> None:
    file = tmp_path / "tree.csv"
    file.write_text(TREE + line + "\n", encoding="utf-8")
    answer = run("regions", "import", str(file))
    assert answer.exit_code == 1
    assert "第 7 行" in answer.stderr
    assert word in answer.stderr
    assert session.scalar(select(Region.code).limit(1)) is None


def test_a_doctor_added_with_a_team_is_in_it_from_the_beginning(session: Session, county: None) -> None:
    a_team(session, "一队")
    session.commit()
    answer = staff_add(
        "wang", "--region", TOWN, "--team", "一队", "--password-stdin", typed="Corr3ct-horse!\n"
    )
    assert answer.exit_code == 0, answer.output
    person = session.scalars(select(Staff).where(Staff.username == "wang")).one()
    assert password.matches(SECRET, person.password_hash)
    member = session.scalars(select(Membership).where(Membership.staff_id == person.id)).one()
    assert (member.from_on, member.to_on) == (BEGINNING, None)
    regions = session.scalars(select(StaffRegion.region_code).where(StaffRegion.staff_id == person.id))
    assert list(regions) == [TOWN]


def test_without_a_password_the_only_line_is_an_activation_code(session: Session, county: None) -> None:
    answer = staff_add("root", role="sysadmin")
    assert answer.exit_code == 0, answer.output
    (line,) = answer.stdout.splitlines()
    assert len(line) == 14
    told = staff_add("chen", "--region", VILLAGE, "--region", TOWN, "--json")
    assert set(json.loads(told.stdout)) == {"id", "username", "role", "activation_code"}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ((), "--region"),
        (("--region", "999999"), "999999"),
        (("--region", TOWN, "--team", "没有这队"), "没有这队"),
        (("--region", TOWN, "--password-stdin"), "10"),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_in_one_sentence(
    session: Session, county: None, more: tuple[str, ...], word: str
) -> None:
    answer = staff_add("li", *more, typed="short\n")
    assert answer.exit_code == 1
    assert word in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert session.scalar(select(Staff.id).where(Staff.username == "li")) is None


def test_a_name_is_given_only_once(session: Session, county: None) -> None:
    assert staff_add("li", "--region", TOWN).exit_code == 0
    again = staff_add("li", "--region", TOWN)
    assert again.exit_code == 1
    assert "li" in again.stderr


def test_a_token_is_printed_once_as_the_only_line(session: Session, county: None) -> None:
    staff_add("li", "--region", TOWN)
    (line,) = run("tokens", "add", "--username", "li").stdout.splitlines()
    session.rollback()
    found = token.find(session.connection(), line)
    assert found is not None
    assert found.username == "li"
    assert run("tokens", "add", "--username", "nobody").exit_code == 1


def test_a_team_needs_a_township_and_villages_of_its_county(session: Session, county: None) -> None:
    def add(township: str, villages: str) -> Result:
        return run("teams", "add", "--name", "新队", "--township", township, "--villages", villages)

    assert "不是乡镇" in add(COUNTY, VILLAGE).stderr
    assert "不是村" in add(TOWN, TOWN).stderr
    assert add(TOWN, "").exit_code == 1
    elsewhere = add(TOWN, f"{VILLAGE},{FAR_VILLAGE}")
    assert elsewhere.exit_code == 1
    assert FAR_VILLAGE in elsewhere.stderr
    assert len(elsewhere.stderr.strip().splitlines()) == 1
    assert session.scalars(select(Team.id)).all() == []
    assert add(TOWN, VILLAGE).exit_code == 0
    assert "新队" in add(TOWN, VILLAGE).stderr


def test_a_team_keeps_its_phone(session: Session, county: None) -> None:
    add = ("teams", "add", "--name", "新队", "--township", TOWN, "--villages", VILLAGE, "--phone")
    assert run(*add, "1" * 41).exit_code == 1
    assert run(*add, "0374-3500001").exit_code == 0
    assert session.scalars(select(Team.phone)).all() == ["0374-3500001"]


def test_expected_patients_are_set_with_the_population_and_kept_when_left_out(
    session: Session, county: None
) -> None:
    put = ("population", "set", "--region", COUNTY, "--year", "2026", "--resident", "667000", "--json")
    first = json.loads(run(*put, "--hypertension", "98000").stdout)
    assert (first["hypertension"], first["diabetes"]) == (98000, None)
    assert json.loads(run(*put, "--diabetes", "41000").stdout)["hypertension"] == 98000
    assert run(*put).exit_code == 0
    session.rollback()
    kept = select(Population.hypertension, Population.diabetes)
    assert session.execute(kept).one() == (98000, 41000)
    for wrong in ("-1", "3000000000", "x"):
        assert run(*put, "--hypertension", wrong).exit_code in (1, 2)
    session.rollback()
    assert session.execute(kept).one() == (98000, 41000)


def test_figures_and_targets_are_set_and_set_again(session: Session, county: None) -> None:
    for people in ("600000", "667000"):
        answer = run(
            "population", "set", "--region", COUNTY, "--year", "2026", "--resident", people, "--json"
        )
        assert json.loads(answer.stdout)["resident"] == int(people)
    assert session.scalars(select(Population.resident)).all() == [667000]
    target = ("targets", "set", "--region", COUNTY, "--year", "2026", "--indicator")
    assert run(*target, "key_contract_rate", "--group", "ELD", "--percent", "75.5").exit_code == 0
    assert run(*target, "key_contract_rate", "--group", "ELD", "--percent", "80").exit_code == 0
    session.rollback()  # to see what the commands wrote since
    assert [str(percent) for percent in session.scalars(select(Target.percent))] == ["80.00"]
    for wrong in (
        ("nothing", "5"),
        ("contract_rate", "101"),
        ("contract_rate", "NaN"),
        ("contract_rate", "x"),
    ):
        assert run(*target, wrong[0], "--percent", wrong[1]).exit_code == 1


def test_institutions_are_added_and_imported(session: Session, county: None, tmp_path: Path) -> None:
    add = ("institutions", "add", "--name", "颍桥镇卫生院", "--kind", "township_hospital", "--region", TOWN)
    assert run(*add).exit_code == 0
    assert run(*add).exit_code == 1
    file = tmp_path / "clinics.csv"
    file.write_text(
        f"name,kind,region_code,parent,county_group\n东村卫生室,clinic,{VILLAGE},颍桥镇卫生院,第一医共体\n",
        encoding="utf-8",
    )
    for new in (1, 0):
        answer = run("institutions", "import", str(file), "--json")
        assert json.loads(answer.stdout) == {"new": new, "same": 1 - new}


def test_the_same_commands_answer_under_flask(tmp_path: Path) -> None:
    environment = {**os.environ, "TRACKER_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "--help"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    listed = {line.split()[0] for line in answer.stdout.splitlines() if line.startswith("  ")}
    assert set(COMMANDS) <= listed


def test_serving_with_a_weak_secret_is_refused() -> None:
    environment = {**os.environ, "TRACKER_SECRET_KEY": "short"}
    command = [sys.executable, "-m", "tracker", "serve"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "TRACKER_SECRET_KEY" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("address", [
    "postgresql://who:hush@127.0.0.1:1/county", "sqlite:////nowhere/at/all/tracker.db", "postgresql+x://a/b",
    "oracle://who:hush@county", "postgresql://127.0.0.1:many/county", "county",
])  # fmt: skip
def test_a_wrong_address_of_the_database_is_said_in_one_line(tmp_path: Path, address: str) -> None:
    answer = _on(address, tmp_path, "db", "upgrade")
    assert answer.returncode == 2
    assert "TRACKER_DATABASE_URL" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "hush" not in answer.stderr


def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_text("this is a letter and no database at all, as anybody can see")
    answer = _on(f"sqlite:///{tmp_path}/tracker.db", tmp_path, "db", "check")
    assert answer.returncode == 2
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_database_that_the_server_does_not_have_is_said_in_one_line(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "sqlite":
        return  # it makes what is missing
    address = url.set(database="nobody_made_this").render_as_string(hide_password=False)
    answer = _on(address, tmp_path, "db", "upgrade")
    assert answer.returncode == 2
    assert "nobody_made_this" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def _on(address: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TRACKER_DATABASE_URL": address, "TRACKER_INSTANCE": str(folder)}
    command = [sys.executable, "-m", "tracker", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_database_that_was_never_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "TRACKER_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "tracker", "population", "set", "--region", "41", "--year", "2026"]
    answer = subprocess.run(
        [*command, "--resident", "1"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "tracker db upgrade" in answer.stderr
    assert "Traceback" not in answer.stderr
