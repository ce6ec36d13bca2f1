"""`tracker residents import`: its answers, its exit codes, and files that are none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import rosters
from tests.factories import COUNTY, a_team
from tests.rosters import HEADER, id_number, person
from tracker.cli import tracker
from tracker.models import Resident

HERE = {"乡镇": "颍桥镇", "村": "东村委会"}
GOOD = person("王一", id_number(date(1956, 3, 2)), **HERE)
BAD = person("李二", "123", **HERE)


@pytest.fixture(autouse=True)
def _county(session: Session) -> None:
    a_team(session)
    session.commit()


def run(file: Path, *more: str) -> Result:
    return CliRunner().invoke(tracker, ["residents", "import", str(file), "--county", COUNTY, *more])


def a_file(tmp_path: Path, *rows: list[object]) -> Path:
    return rosters.xlsx(tmp_path / "r.xlsx", ("名册", [HEADER.split(), *rows]))


def people(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Resident)) or 0


def test_nothing_is_written_without_apply(session: Session, tmp_path: Path) -> None:
    answer = run(a_file(tmp_path, GOOD))
    assert (answer.exit_code, people(session)) == (0, 0), answer.output
    assert "试读" in answer.output
    assert run(a_file(tmp_path, GOOD), "--apply").exit_code == 0
    assert people(session) == 1


def test_refused_rows_end_with_three_and_stand_in_the_report(session: Session, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    answer = run(a_file(tmp_path, GOOD, BAD), "--apply", "--report", str(report), "--json")
    assert answer.exit_code == 3, answer.output
    told = json.loads(answer.stdout)
    assert told == {
        "applied": True, "rows": 2, "accepted": 1, "created": 1, "changed": 0, "refused": 1, "left_empty": 0,
        "notes": 0,
    }  # fmt: skip
    book = CalamineWorkbook.from_path(report)
    lines = book.get_sheet_by_index(0).to_python()
    assert lines[0] == ["sheet", "row", "column", "value", "result", "reason"]
    assert lines[1][:5] == ["名册", 3.0, "身份证号码", "123", "refused"]
    assert book.get_sheet_by_index(1).to_python()[1] == ["accepted", 1.0]


def test_a_file_without_a_usable_row_ends_with_one(session: Session, tmp_path: Path) -> None:
    assert run(a_file(tmp_path, BAD), "--apply").exit_code == 1
    assert people(session) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("broken.xlsx", b"PK\3\4 this is no workbook"),
        ("locked.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("form.pdf", b"%PDF-1.7"),
        ("noise.csv", b"\xff\xfe\x00\x01" * 50),
        ("words.csv", "你好".encode()),
        ("huge.csv", b"a" * (21 * 1024 * 1024)),
        ("missing.xlsx", None),
    ],
)
def test_a_file_that_is_no_roster_is_one_sentence_and_exit_one(
    session: Session, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    answer = run(tmp_path / name, "--apply")
    assert answer.exit_code == 1, answer.output
    assert "Traceback" not in answer.output
    assert len(answer.stderr.strip().splitlines()) == 1
    assert people(session) == 0


def test_an_unknown_county_or_an_unwritable_report_is_a_sentence_too(tmp_path: Path, app: Flask) -> None:
    file = a_file(tmp_path, GOOD)
    unknown = CliRunner().invoke(tracker, ["residents", "import", str(file), "--county", "999999"])
    assert (unknown.exit_code, "999999" in unknown.stderr) == (1, True)
    unwritable = run(file, "--report", str(tmp_path / "nowhere" / "r.xlsx"))
    assert unwritable.exit_code == 1
    assert "nowhere" in unwritable.stderr
