"""Uploading a roster, worked off by a real process, seen and applied on the page."""

from __future__ import annotations

import io
import os
import stat
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import rosters
from tests.clients import Pages
from tests.factories import FAR_VILLAGE, TOWN, a_member_of_staff, a_team
from tests.rosters import HEADER, id_number, person
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.jobs.roster_work import work
from tracker.models import Audit, Resident, Roster, RosterState, Staff
from tracker.services.roster import upload as roster_upload
from tracker.services.roster.file import Folder, plain_name

HERE = {"乡镇": "颍桥镇", "村": "东村委会"}
BORN = date(1956, 3, 2)


@pytest.fixture
def admin(session: Session) -> Staff:
    a_team(session)
    staff = a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN)
    session.commit()
    return staff


@pytest.fixture
def pages(client: FlaskClient, session: Session, admin: Staff) -> Pages:
    return Pages(client, session, admin)


@pytest.fixture
def imports(app: Flask) -> Folder:
    return Folder(app.config["SETTINGS"].instance / "imports")


def a_file(tmp_path: Path) -> bytes:
    rows = [
        person("王一", id_number(BORN), **HERE, 高血压="是", 最近随访时间="2026.8.1", 血压="138/86"),
        person("=1+1", id_number(BORN, 2), **HERE),
        person("李二", id_number(BORN, 3), **HERE, 联系方式="123"),
        person("外人", id_number(BORN, 4), 乡镇="麦岭镇", 村="南村委会"),
    ]
    return rosters.xlsx(tmp_path / "r.xlsx", ("名册", [HEADER.split(), *rows])).read_bytes()


def send(pages: Pages, content: bytes, name: str = "名册.xlsx") -> str:
    answer = pages.post("/imports", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 302, answer.text
    return answer.location


def settled(pages: Pages, address: str) -> str:
    """The page once the process is done."""
    for _ in range(600):
        answer = pages.get(f"{address}/progress").json
        assert answer is not None
        if answer["next"]:
            return pages.get(answer["next"]).text
        time.sleep(0.1)
    raise AssertionError(answer)


def people(session: Session) -> int:
    count = session.scalar(select(func.count()).select_from(Resident))
    session.commit()
    return count or 0


def test_a_roster_is_read_by_a_process_of_its_own_shown_and_applied(
    session: Session, pages: Pages, imports: Folder, tmp_path: Path
) -> None:
    content = a_file(tmp_path)
    address = send(pages, content)
    shown = settled(pages, address)
    assert "录入后新增 2 人" in shown
    assert "不在您管理的范围内" in shown
    assert people(session) == 0
    pages.post(f"{address}/apply")
    shown = settled(pages, address)
    assert "已录入" in shown
    assert set(session.scalars(select(Resident.name))) == {"王一", "李二"}
    assert (
        session.scalars(select(Resident.created_by)).all()
        == [session.scalars(select(Roster)).one().staff_id] * 2
    )
    assert not imports.has(UUID(address.rsplit("/", 1)[1]))
    acts = set(session.scalars(select(Audit.action)))
    assert {"upload roster", "read roster", "approve roster", "import residents", "apply roster"} <= acts
    again = settled(pages, send(pages, content))
    assert "录入过" in again
    assert "录入不会改变什么" in again


def test_findings_are_filtered_and_fetched_without_live_formulas(
    session: Session, admin: Staff, pages: Pages, imports: Folder, tmp_path: Path
) -> None:
    key = read(session, admin, imports, a_file(tmp_path))
    assert "不在您管理的范围内" not in pages.get(f"/imports/{key}", result="note").text
    assert "不在您管理的范围内" in pages.get(f"/imports/{key}", result="refused").text
    first = pages.get(f"/imports/{key}").text
    assert "不在您管理的范围内" in first
    assert 'result=refused" aria-current="page"' in first
    assert len(pages.get(f"/imports/{key}", result="all").text) > len(first)
    answer = pages.get(f"/imports/{key}/report.xlsx")
    (tmp_path / "out.xlsx").write_bytes(answer.data)
    lines = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert lines[0] == ["sheet", "row", "column", "value", "result", "reason"]
    assert {line[4] for line in lines[1:]} >= {"refused", "left_empty"}
    assert "=1+1" in {line[3] for line in lines}


def read(session: Session, staff: Staff, imports: Folder, content: bytes, name: str = "r.xlsx") -> UUID:
    """A roster that was uploaded and read, without the page."""
    key = upload(session, staff, imports, content, name)
    assert work(lambda: Session(db.engine, expire_on_commit=False), imports, key)
    session.rollback()  # a new look at what the other sessions have stored
    return key


def upload(session: Session, staff: Staff, imports: Folder, content: bytes, name: str = "r.xlsx") -> UUID:
    from tests.factories import AT
    from tracker.services.audit import SYSTEM
    from tracker.services.workforce.scope import scope_of

    roster = roster_upload.upload(session, SYSTEM, scope_of(session, staff, AT.date()), name, content, AT)
    imports.keep(roster.id, content)
    session.commit()
    return roster.id


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏.xlsx", b"PK\3\4 this is no workbook", "文件已损坏"),
        ("锁.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        ("空.csv", b"a,b,c\n", "没有找到表头"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_in_a_sentence(
    session: Session, admin: Staff, pages: Pages, imports: Folder, name: str, content: bytes, words: str
) -> None:
    key = read(session, admin, imports, content, name)
    assert session.get_one(Roster, key).state is RosterState.FAILED
    shown = pages.get(f"/imports/{key}").text
    assert words in shown
    assert "重新上传" in shown
    assert people(session) == 0


def test_a_roster_without_a_usable_row_waits_for_nobody(
    session: Session, admin: Staff, pages: Pages, imports: Folder
) -> None:
    key = read(session, admin, imports, "姓名,身份证号,村\n".encode(), "只有表头.csv")
    for shown in (pages.get("/imports").text, pages.get(f"/imports/{key}").text):
        assert "没有能录入的行" in shown
        assert "等您确认" not in shown


@pytest.mark.parametrize(("name", "content"), [("r.pdf", b"%PDF"), ("r.xlsx", b""), ("", b"x")])
def test_other_files_are_not_taken(session: Session, pages: Pages, name: str, content: bytes) -> None:
    answer = pages.post("/imports", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 422
    assert session.scalars(select(Roster)).all() == []


def test_a_roster_is_shown_to_nobody_but_who_uploaded_it(
    session: Session, admin: Staff, client: FlaskClient, imports: Folder, tmp_path: Path
) -> None:
    key = upload(session, admin, imports, a_file(tmp_path))
    other = Pages(client, session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN))
    session.commit()
    for path in (f"/imports/{key}", f"/imports/{key}/progress", f"/imports/{key}/report.xlsx"):
        assert other.get(path).status_code == 404
    assert other.post(f"/imports/{key}/apply").status_code == 404
    assert other.get(f"/imports/{uuid4()}").status_code == 404


def test_doctors_do_not_import(session: Session, client: FlaskClient) -> None:
    doctor = Pages(client, session, a_member_of_staff(session, Role.VILLAGE_DOCTOR, region=FAR_VILLAGE))
    session.commit()
    assert doctor.get("/imports").status_code == 403


def test_files_on_disk_are_sealed_and_private(
    session: Session, admin: Staff, imports: Folder, tmp_path: Path
) -> None:
    content = (
        "姓名,身份证号码,乡镇,村\n王一," + id_number(BORN) + ",颍桥镇,东村委会\n李二,12,颍桥镇,东村委会\n"
    )
    key = read(session, admin, imports, content.encode("gb18030"), "名册.csv")
    assert session.get_one(Roster, key).summary["read"]["refused"] == 1
    files = list(imports.path.glob(f"{key}*"))
    assert len(files) == 2
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert id_number(BORN).encode() not in file.read_bytes()
        old = (datetime.now(UTC) - timedelta(days=8)).timestamp()
        os.utime(file, (old, old))
    assert imports.drop_old(datetime.now(UTC)) == 2


def test_only_one_process_does_the_work_and_a_lost_one_is_replaced(
    session: Session, admin: Staff, imports: Folder, tmp_path: Path
) -> None:
    key = upload(session, admin, imports, a_file(tmp_path))
    now = datetime.now(UTC)
    assert roster_upload.claim(session, key, now) is not None
    session.commit()
    assert roster_upload.claim(session, key, now) is None
    assert roster_upload.unfinished(session, now) == []
    later = now + timedelta(minutes=11)
    assert roster_upload.unfinished(session, later) == [key]
    assert roster_upload.claim(session, key, later) is not None
    assert roster_upload.claim(session, key, later + timedelta(minutes=11)) is not None
    assert roster_upload.claim(session, key, later + timedelta(minutes=22)) is None
    assert session.get_one(Roster, key).state is RosterState.FAILED


def test_a_files_name_cannot_lead_anywhere() -> None:
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("C:\\名册\\王\0.xlsx") == "王.xlsx"
    assert plain_name("..") == "roster"
    assert len(plain_name("名" * 500 + ".xlsx")) == 65
