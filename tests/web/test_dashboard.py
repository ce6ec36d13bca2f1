"""The commission's home, the people behind its figures, targets and population; both databases."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients import Pages
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    a_condition,
    a_contract,
    a_member_of_staff,
    a_region_tree,
    a_resident,
    a_team,
)
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Audit, Population, Target


@pytest.fixture
def county(client: FlaskClient, session: Session) -> Pages:
    return Pages(client, session, a_member_of_staff(session, Role.COMMISSION, region=COUNTY))


def a_small_county(session: Session) -> None:
    team, today = a_team(session), clock.today()
    session.add(Population(region_code=VILLAGE, year=today.year - 1, resident=4))
    for name in ("张秀英", "=1+1"):
        person = a_resident(session, name=name)
        a_condition(session, person, enrolled_on=today)
    a_contract(session, person, team, today)
    session.add(Target(region_code=COUNTY, year=today.year, indicator="contract_rate", percent=90))
    session.commit()


def test_an_empty_county_says_what_is_missing(county: Pages, session: Session) -> None:
    page = county.get("/dashboard")
    assert page.status_code == 200
    assert "襄城县已签约 0 人" in page.text
    assert "还没有设置常住人口" in page.text
    assert "/targets?region=411025" in page.text


def test_one_sentence_says_how_things_stand(county: Pages, session: Session) -> None:
    a_small_county(session)
    page = county.get("/dashboard")
    assert "占常住人口 25.0%，比进度少" in page.text
    assert f"/dashboard?region={TOWN}" in page.text
    assert "/indicators/contract_rate?region=411025" in page.text
    assert "近 12 个月签约率" in page.text
    town = county.get("/dashboard", region=TOWN)
    assert "东村委会" in town.text
    village = county.get("/dashboard", region=VILLAGE)
    assert "东村委会已签约 1 人" in village.text


def test_a_place_outside_is_unknown(client: FlaskClient, session: Session) -> None:
    a_region_tree(session)
    town = Pages(client, session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=OTHER_TOWN))
    assert town.get("/dashboard", region=OTHER_TOWN).status_code == 200
    assert town.get("/dashboard", region=TOWN).status_code == 404
    assert town.get("/dashboard", region="411026").status_code == 404
    assert town.get("/indicators/contract_rate", region=TOWN).status_code == 404
    assert town.get("/indicators/nonsense").status_code == 404


def test_a_doctor_of_one_village_sees_it(client: FlaskClient, session: Session) -> None:
    doctor = a_member_of_staff(session, team=a_team(session, villages=(FAR_VILLAGE,)))
    assert "南村委会" in Pages(client, session, doctor).get("/dashboard").text


def test_a_team_of_some_villages_sees_these_alone(client: FlaskClient, session: Session) -> None:
    lead = a_member_of_staff(session, Role.TEAM_LEAD, team=a_team(session, villages=(VILLAGE, FAR_VILLAGE)))
    page = Pages(client, session, lead).get("/dashboard")
    assert page.status_code == 200


def test_every_number_opens_its_people(county: Pages, session: Session) -> None:
    a_small_county(session)
    page = county.get("/indicators/key_contract_rate", region=COUNTY, group="HTN")
    assert page.status_code == 200
    assert "张*英" in page.text
    assert "未签约" in page.text
    done = county.get("/indicators/key_contract_rate", region=COUNTY, group="HTN", hit="1")
    assert "张*英" not in done.text
    for key in ("contract_rate", "standard_managed_rate", "control_rate", "timely_rate", "renewal_rate"):
        assert county.get(f"/indicators/{key}", region=COUNTY).status_code == 200
    assert county.get("/indicators/managed_rate", region=COUNTY, group="diabetes").status_code == 200


def test_the_workbooks_hold_no_formula(client: FlaskClient, session: Session) -> None:
    lead = a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN)
    a_small_county(session)
    pages = Pages(client, session, lead)
    answer = pages.get("/indicators/key_contract_rate.xlsx", region=TOWN, group="HTN")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["张秀英", "'=1+1"]
    assert b"<f>" not in answer.data
    assert session.scalars(select(Audit.action).where(Audit.action == "export indicator")).one()
    figures = pages.get("/dashboard.xlsx", region=TOWN)
    sheet = CalamineWorkbook.from_filelike(BytesIO(figures.data)).get_sheet_by_index(0).to_python()
    assert sheet[1][:3] == [TOWN, "颍桥镇", "签约率"]
    assert sheet[1][5:8] == [1, 4, 25]


def test_the_commission_sets_targets_and_population(county: Pages, session: Session) -> None:
    year = str(clock.today().year)
    sent = {"region": TOWN, "year": year, "subject": "key_contract_rate/ELD", "percent": "85.5"}
    assert county.post("/targets", sent).status_code == 302
    people = {"region": TOWN, "year": year, "resident": "1200", "hypertension": "200"}
    assert county.post("/targets/population", people).status_code == 302
    shown = county.get("/targets").text
    assert "85.5%" in shown
    assert "65岁及以上签约率" in shown
    assert "1,200" in shown
    assert county.post("/targets", {**sent, "percent": "101"}).status_code == 422
    assert county.post("/targets", {**sent, "year": "26"}).status_code == 422
    assert county.post("/targets/population", {**people, "resident": "-1"}).status_code == 422
    assert county.post("/targets", {**sent, "region": "410000000000"}).status_code == 422


def test_a_place_shows_the_targets_it_goes_by_and_the_people_below_it(
    county: Pages, session: Session
) -> None:
    a_small_county(session)
    town = county.get("/targets", region=TOWN).text
    assert "襄城县（上级）" in town
    assert "下级之和" in town
    assert f"/targets?region={VILLAGE}&amp;year={clock.today().year}" in town
    assert "下级之和" in county.get("/targets").text


def test_a_figure_that_is_none_is_told_so_once(county: Pages, session: Session) -> None:
    a_region_tree(session)
    year = str(clock.today().year)
    people = {"region": TOWN, "year": year, "resident": "12.5", "source": "䶮𠮷普查"}
    page = county.post("/targets/population", people).text
    assert 'id="resident-error">要填整数</p>' in page
    assert "䶮𠮷普查" in page
    target = {"region": TOWN, "year": "x", "subject": "contract_rate", "percent": "abc"}
    page = county.post("/targets", target).text
    assert 'id="percent-error">要填数字</p>' in page
    assert 'id="year-error">要填整数</p>' in page
    assert county.post("/targets/population", people | {"resident": "8０0"}).status_code == 302


def test_targets_of_another_year_are_set_and_seen(county: Pages, session: Session) -> None:
    a_region_tree(session)
    year = clock.today().year + 1
    assert "还没有目标" in county.get("/targets", year=str(year)).text
    sent = {"region": COUNTY, "year": str(year), "subject": "contract_rate", "percent": "72"}
    done = county.post("/targets", sent)
    assert done.location.endswith(f"region={COUNTY}&year={year}")
    assert "72%" in county.get("/targets", year=str(year)).text
    assert "72%" not in county.get("/targets").text
    for odd in ("x", "99999", "-1", "1999"):
        assert f"{clock.today().year}年底目标" in county.get("/targets", year=odd).text


def test_others_read_targets_and_set_none(client: FlaskClient, session: Session) -> None:
    a_region_tree(session)
    town = Pages(client, session, a_member_of_staff(session, Role.TOWNSHIP_ADMIN, region=TOWN))
    assert town.get("/targets").status_code == 200
    assert town.post("/targets", {"region": TOWN}).status_code == 403


def test_odd_addresses_are_refused_and_not_broken(county: Pages, session: Session) -> None:
    a_region_tree(session)
    assert county.get("/dashboard", region="襄城").status_code == 404
    assert county.get("/indicators/control_rate", group="ELD").status_code == 404
    for query in ({"from": "x"}, {"to": "2026-99-01"}, {"to": "9" * 10_000}):
        page = county.get("/dashboard", **query)
        assert page.status_code == 422
        assert "日期要写成 2026-11-20 这样" in page.text
        assert county.get("/indicators/contract_rate", **query).status_code == 422
        assert county.get("/indicators/contract_rate.xlsx", **query).status_code == 404


def test_days_the_wrong_way_round_stay_in_their_fields(county: Pages, session: Session) -> None:
    a_small_county(session)
    page = county.get("/dashboard", **{"from": "2026-05-02", "to": "2026-05-01"})
    assert page.status_code == 422
    assert "结束日期早于开始日期" in page.text
    assert 'value="2026-05-02" aria-invalid="true"' in page.text
    assert "from=2026-05-02" not in page.text


def test_the_phone_of_who_oversees_begins_with_the_figures(county: Pages, session: Session) -> None:
    a_region_tree(session)
    tabs = county.get("/dashboard").text.partition('<nav class="tabs"')[2]
    assert tabs.index("看板") < tabs.index("居民") < tabs.index("消息")
    assert "今日" not in tabs


def test_the_usual_periods_are_one_tap_away(county: Pages, session: Session) -> None:
    a_small_county(session)
    page = county.get("/dashboard", region=TOWN, compare="hypertension")
    for words in ("今年", "本季度", "上季度", "上月", "去年"):
        assert f">{words}</a>" in page.text
    last = clock.today().replace(day=1) - timedelta(days=1)
    assert f"region={TOWN}&amp;compare=hypertension&amp;from={last.replace(day=1)}&amp;to={last}" in page.text


def test_people_visits_and_contracts_are_not_called_alike(county: Pages, session: Session) -> None:
    a_small_county(session)
    assert "名单是在册居民" in county.get("/indicators/contract_rate", region=COUNTY).text
    people = county.get("/indicators/key_contract_rate", region=COUNTY, group="HTN")
    assert "共 2 人" in people.text
    assert "没达到<b>1</b>" in people.text


def test_a_list_that_is_withheld_says_so(county: Pages, session: Session) -> None:
    a_small_county(session)
    page = county.get("/indicators/key_contract_rate", region=COUNTY, group="SMI")
    assert "只给负责他们的人看" in page.text
