"""The pages of lists, messages and jobs as each role sees them; both databases."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Api, Pages
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    TOWN,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_region_tree,
    a_resident,
    a_status,
    a_team,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.domain.terms import Status
from tracker.models import (
    AlertKind,
    AttemptOutcome,
    Audit,
    ContactAttempt,
    JobRun,
    Resident,
    ResidentPhone,
    Responsibility,
    Staff,
    Team,
)
from tracker.models.sealed import blind_index
from tracker.services import alert, job
from tracker.services.audit import SYSTEM
from tracker.services.job import Job


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def lead(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, Role.TEAM_LEAD, team=team)


def overdue_by(session: Session, days: int, village: str = VILLAGE, name: str | None = None) -> Resident:
    resident = a_resident(session, village=village, name=name)
    a_condition(session, resident, enrolled_on=clock.today() - timedelta(days=14 + days))
    session.commit()
    return resident


def counts(page: str) -> dict[str, int]:
    """The line of counts over a list."""
    line = re.search(r'<ul class="counts".*?</ul>', page, re.S)
    assert line is not None
    return {w: int(n) for w, n in re.findall(r">([^<>]+?) <b>(\d+)</b>", line[0])}


def a_number(session: Session, resident: Resident, number: str, position: int = 0) -> None:
    keys = {"number_key": blind_index("phone", number), "tail_key": blind_index("phone", number[-4:])}
    session.add(
        ResidentPhone(resident_id=resident.id, village_code=VILLAGE, number=number, position=position, **keys)
    )


def test_an_empty_day_names_who_comes_next(client: FlaskClient, session: Session, doctor: Staff) -> None:
    overdue_by(session, -10, name="王秀英")
    page = Pages(client, session, doctor).get("/worklist").text
    day = clock.today() + timedelta(days=10)
    assert "今天没有到期的随访。" in page
    assert f"下一位：王秀英，{day.month}月{day.day}日。" in page


def test_today_counts_filter_and_lead_to_the_visit(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    late, soon, away = overdue_by(session, 3), overdue_by(session, -2), overdue_by(session, 9)
    a_status(session, away, Status.AWAY, clock.today(), until=clock.today())
    a_number(session, late, "13800000001")
    session.commit()
    pages = Pages(client, session, doctor)
    page = pages.get("/worklist").text
    assert counts(page) == {"应访": 3, "转诊": 0, "复访": 0, "逾期": 2, "本周": 1}
    assert f"/residents/{late.id}/visits/new" in page
    assert 'href="tel:13800000001"' in page
    assert page.index(late.name) < page.index(soon.name) < page.index("暂不催访") < page.index(away.name)
    assert f"/residents/{away.id}/visits/new" not in page
    narrowed = pages.get("/worklist", view="week").text
    assert soon.name in narrowed
    assert late.name not in narrowed
    assert pages.get("/worklist", view="everything").status_code == 400


def test_the_first_number_and_the_last_try_are_shown_to_who_may_call(
    client: FlaskClient, session: Session, doctor: Staff, lead: Staff
) -> None:
    late = overdue_by(session, 3)
    a_number(session, late, "13800000001")
    session.flush()
    a_number(session, late, "13800000002", 1)
    for ago, outcome in ((1, AttemptOutcome.REFUSED), (5, AttemptOutcome.UNREACHABLE)):
        at = clock.now() - timedelta(days=ago)
        about = {"resident_id": late.id, "village_code": VILLAGE, "outcome": outcome}
        session.add(ContactAttempt(**about, attempted_at=at, recorded_at=at))
    watching = a_member_of_staff(session, Role.COMMISSION, region=COUNTY)
    session.commit()
    for reader in (doctor, lead, watching):
        for path in ("/worklist", "/overdue"):
            page = Pages(client, session, reader).get(path).text
            assert "联系：不愿来" in page, (reader.role, path)
            assert "联系不上" not in page
            called = re.findall(r'href="tel:(\d+)"', page)
            assert called == ([] if reader is watching else ["13800000001"]), (reader.role, path)


def test_the_counts_of_the_page_are_those_of_the_api(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    for days in (-3, 0, 1, 8, 40):
        overdue_by(session, days)
    api = Api(client, session, doctor)
    shown = counts(Pages(client, session, doctor).get("/worklist").text)
    assert shown["应访"] == api.get("/worklist").json["total"] == 5
    assert shown["逾期"] == api.get("/overdue").json["total"] == 3


def test_a_long_list_shows_thirty_and_then_more(client: FlaskClient, session: Session, doctor: Staff) -> None:
    for _n in range(31):
        overdue_by(session, 1)
    pages = Pages(client, session, doctor)
    first, second = pages.get("/worklist").text, pages.get("/worklist", page=2).text
    assert "共 31 项随访，已显示 30 项" in first
    assert "page=2" in first
    assert "已显示 31 项" in second


def test_the_board_adds_up_and_narrows(client: FlaskClient, session: Session, lead: Staff) -> None:
    overdue_by(session, 3), overdue_by(session, 10), overdue_by(session, 95, NEXT_VILLAGE)
    overdue_by(session, 5, FAR_VILLAGE)
    pages = Pages(client, session, lead)
    page = pages.get("/overdue").text
    assert counts(page) == {"1–6 天": 1, "7–29 天": 1, "30–89 天": 0, "90 天以上": 1}
    assert re.search(r"village=411025101201[^>]*><span>东村委会</span> <b>2</b>", page)
    assert "南村委会" not in page
    narrowed = pages.get("/overdue", village=NEXT_VILLAGE, bucket="90+").text
    assert counts(pages.get("/overdue", bucket="90+").text) == counts(page)
    assert "去掉全部筛选" in narrowed
    assert "共 1 项" in narrowed
    assert "这样筛选没有逾期的随访" in pages.get("/overdue", village=FAR_VILLAGE).text


def test_a_lead_gives_people_to_a_doctor(
    client: FlaskClient, session: Session, lead: Staff, team: Team
) -> None:
    person, foreign = overdue_by(session, 3), overdue_by(session, 3, FAR_VILLAGE)
    doctor = a_member_of_staff(session, team=team, region=NEXT_VILLAGE)
    pages = Pages(client, session, lead)
    nobody = pages.post("/overdue/assign", {"doctor": str(doctor.id)})
    assert nobody.status_code == 422
    assert "请先勾选居民" in nobody.text
    assert f'value="{doctor.id}" selected' in nobody.text
    nowhere = pages.post("/overdue/assign?bucket=1-6", {"resident": str(person.id)})
    assert 'aria-describedby="assign-error"' in nowhere.text
    assert f'value="{person.id}" checked' in nowhere.text
    assert 'href="/overdue?bucket=7-29"' in nowhere.text
    stranger = a_member_of_staff(session, region=FAR_VILLAGE)
    strange = {"doctor": str(stranger.id), "resident": str(person.id)}
    assert pages.post("/overdue/assign", strange).status_code == 404
    assert pages.get("/overdue", page="9").location == "/overdue"
    sent = {"doctor": str(doctor.id), "resident": [str(person.id), str(foreign.id)]}
    answer = pages.post("/overdue/assign?bucket=1-6", sent, follow_redirects=True)
    assert "已把 1 人交给这位医生" in answer.text
    assert answer.request.args["bucket"] == "1-6"
    assert "本来就归这位医生" in pages.post("/overdue/assign", sent, follow_redirects=True).text
    (row,) = session.scalars(select(Responsibility)).all()
    assert (row.resident_id, row.staff_id, row.from_on) == (person.id, doctor.id, clock.today())
    assert session.scalars(select(Audit).where(Audit.action == "assign doctor")).one()
    assert "共 1 项" in pages.get("/overdue", doctor=str(doctor.id)).text


def test_the_phone_of_a_lead_begins_with_the_board(
    client: FlaskClient, session: Session, lead: Staff
) -> None:
    tabs = Pages(client, session, lead).get("/overdue").text.partition('<nav class="tabs"')[2]
    assert tabs.index("逾期") < tabs.index("居民") < tabs.index("消息")


def test_only_leads_give_people_away(client: FlaskClient, session: Session, doctor: Staff) -> None:
    person = overdue_by(session, 3)
    pages = Pages(client, session, doctor)
    assert "勾选" not in pages.get("/overdue").text
    assert pages.post("/overdue/assign", {"resident": str(person.id)}).status_code == 403


def test_the_workbook_holds_the_list_and_no_formula(
    client: FlaskClient, session: Session, lead: Staff
) -> None:
    overdue_by(session, 3, name="=1+1"), overdue_by(session, 40)
    answer = Pages(client, session, lead).get("/overdue.xlsx", bucket="1-6")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][0] == "'=1+1"
    assert rows[1][7] == 3
    assert session.scalars(select(Audit).where(Audit.action == "export overdue")).one()


def test_the_commission_sees_masked_names_and_no_phone(client: FlaskClient, session: Session) -> None:
    person = overdue_by(session, 3, name="王秀英")
    over = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    for path in ("/worklist", "/overdue"):
        page = over.get(path).text
        assert "王*英" in page
        assert "王秀英" not in page
        assert f"/residents/{person.id}/visits/new" not in page


def test_messages_are_by_kind_and_by_reader(
    client: FlaskClient, session: Session, doctor: Staff, lead: Staff
) -> None:
    person = overdue_by(session, 3)
    pages = Pages(client, session, doctor)
    assert "没有新消息" in pages.get("/alerts").text
    job.run_by_hand(session, job.find("overdue-scan"), clock.today(), SYSTEM, clock.now(), "here")
    session.commit()
    page = pages.get("/alerts").text
    assert person.name in page
    assert "高血压随访已逾期 3 天" in page
    assert person.name not in pages.get("/alerts", kind="target").text
    above = Pages(client, session, lead)
    assert person.name not in above.get("/alerts").text
    assert person.name in above.get("/alerts", all="1").text
    assert above.get("/alerts", kind="nothing").status_code == 400


def test_a_job_can_be_run_from_its_page(client: FlaskClient, session: Session) -> None:
    pages = Pages(client, session, a_member_of_staff(session, Role.SYSADMIN, region=COUNTY))
    assert "定时任务的进程没有在运行" in pages.get("/admin/jobs").text
    answer = pages.post("/admin/jobs/overdue-scan/run", follow_redirects=True)
    assert "运行完了" in answer.text
    assert session.scalars(select(JobRun)).one().state == "done"
    assert pages.post("/admin/jobs/nothing/run").status_code == 404


def test_a_failing_job_says_why_on_its_page(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Job("failing", job.JOBS[0].rhythm, "tests.jobs.cases:fail")
    monkeypatch.setattr(job, "JOBS", (failing,))
    pages = Pages(client, session, a_member_of_staff(session, Role.SYSADMIN, region=COUNTY))
    answer = pages.post("/admin/jobs/failing/run", follow_redirects=True)
    assert "没有做完" in answer.text
    assert "没有目标文件" in answer.text
    assert "failing" in client.get("/readyz").json["problems"]["jobs"]


def test_only_those_who_run_the_product_see_its_jobs(
    client: FlaskClient, session: Session, doctor: Staff
) -> None:
    assert Pages(client, session, doctor).get("/admin/jobs").status_code == 403


def test_a_region_behind_its_target_is_told_in_words(client: FlaskClient, session: Session) -> None:
    over = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    row = {
        "kind": AlertKind.TARGET, "key": "target:2026-11:411025", "role": Role.COMMISSION,
        "region_code": COUNTY, "code": "behind_target", "raised_on": clock.today(), "raised_at": clock.now(),
        "params": {
            "indicator": "contract_rate", "group": None, "rate": "58.10", "pace": "60.00", "target": "62.00",
        },
    }  # fmt: skip
    alert.raise_each(session, [row])
    session.commit()
    assert "签约率 58.1%，低于进度 60%（全年目标 62%）" in over.get("/alerts").text


def test_the_commission_is_told_of_townships_that_fell_behind(client: FlaskClient, session: Session) -> None:
    a_region_tree(session)
    over = Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))
    params = {
        "indicator": "key_contract_rate", "group": "ELD", "rate": "50.00", "pace": "60.55", "target": "62.00",
        "numerator": 1000, "denominator": 2000,
    }  # fmt: skip
    rows = [
        {
            "kind": AlertKind.TARGET, "key": f"target:{code}", "role": Role.TOWNSHIP_ADMIN,
            "region_code": code, "code": "behind_target", "raised_on": clock.today(),
            "raised_at": clock.now(), "params": params,
        }
        for code in (TOWN, VILLAGE)
    ]  # fmt: skip
    alert.raise_each(session, rows)
    session.commit()
    mine = over.get("/alerts").text
    assert "65岁及以上签约率 50%，低于进度 60.6%（全年目标 62%）：1,000/2,000" in mine
    behind = f"/indicators/key_contract_rate?region={TOWN}&amp;group=ELD&amp;as_of={clock.today()}&amp;hit=0"
    assert behind in mine
    assert f"region={VILLAGE}" not in mine
    assert f"region={VILLAGE}" in over.get("/alerts", all="1").text


def test_a_village_doctor_begins_with_the_people_they_answer_for(
    client: FlaskClient, session: Session
) -> None:
    team = a_team(session)
    own = a_member_of_staff(session, region=VILLAGE, team=team)
    a_member_of_staff(session, region=NEXT_VILLAGE, team=team)
    for name, village in (("张本村", VILLAGE), ("张邻村", NEXT_VILLAGE)):
        a_condition(session, a_resident(session, village=village, name=name))
    pages = Pages(client, session, own)
    home, team_list = pages.get("/worklist").text, pages.get("/worklist", whose="team").text
    assert "张本村" in home
    assert "张邻村" not in home
    assert "张邻村" in team_list
