"""Village names as rosters write them."""

from __future__ import annotations

import pytest

from tests.rosters import villages
from tracker.domain.reasons import Reason
from tracker.domain.villages import Place, VillageIndex, group_in, village_key


@pytest.mark.parametrize(
    "name",
    ["张庄", "张庄村", "张庄村委会", "张庄村民委员会", "张庄三组", "张庄村第3组", "张 庄", "李集镇张庄村"],
)
def test_the_township_decides_between_namesakes(name: str) -> None:
    assert villages().find(name, "李集镇", "", Place()).value == "999101101201"
    assert villages().find(name, "李集", "", Place()).value == "999101101201"


def test_a_township_is_known_without_the_people_in_its_name() -> None:
    assert villages().find("张庄", "清水乡", "", Place()).value == "999101102201"


def test_a_namesake_without_township_is_refused_with_both() -> None:
    found = villages().find("张庄", "", "", Place())
    assert found.issues[0].reason is Reason.VILLAGE_AMBIGUOUS
    assert "999101101201" in found.issues[0].params["candidates"]
    assert "999101102201" in found.issues[0].params["candidates"]


def test_the_sheets_title_decides_where_the_row_is_silent() -> None:
    index = villages()
    place = index.place(["清水回族乡张庄村委会居民花名册（2026年）", "张庄201"])
    assert place == Place("999101102", "999101102201")
    assert index.find("张庄", "", "", place).value == "999101102201"
    assert index.find("", "", "", place).value == "999101102201"


def test_an_address_may_name_the_village() -> None:
    assert villages().find("", "", "某县李集镇后李村2组15号", Place()).value == "999101101202"


@pytest.mark.parametrize("raw", ["999101102202", 999101102202.0])
def test_the_statistical_code_is_a_name_too(raw: object) -> None:
    assert villages().find(raw, "", "", Place()).value == "999101102202"


@pytest.mark.parametrize(
    ("village", "township", "reason"),
    [
        ("张装", "李集镇", Reason.VILLAGE_UNKNOWN),
        ("后李", "清水乡", Reason.VILLAGE_UNKNOWN_NEAR),
        ("后李", "别的镇", Reason.TOWNSHIP_UNKNOWN),
        ("某村", "", Reason.VILLAGE_NOWHERE),
        ("", "", Reason.VILLAGE_MISSING),
        ("999999999999", "", Reason.VILLAGE_CODE),
    ],
)
def test_what_fits_no_village_is_never_guessed(village: str, township: str, reason: Reason) -> None:
    found = villages().find(village, township, "", Place())
    assert (found.value, found.issues[0].reason) == (None, reason)


def test_an_alias_leads_to_its_code() -> None:
    index = VillageIndex.build(
        [("999101101", "李集镇"), ("999101101201", "张庄村委会")], {"999101101201": ["老张营"]}
    )
    assert index.find("老张营", "李集镇", "", Place()).value == "999101101201"


def test_keys_never_become_empty() -> None:
    assert [village_key(name) for name in ("村", "社区", "三组", "李村")] == ["村", "社区", "三组", "李村"]


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("郭庄3组12号", "3组"),
        ("东头第三村民小组", "第三村民小组"),
        ("３组", "3组"),
        ("二队", "二队"),
        ("东头12号", None),
        ("", None),
        (None, None),
    ],
)
def test_the_group_of_a_village_stands_in_an_address(address: str | None, group: str | None) -> None:
    assert group_in(address) == group
