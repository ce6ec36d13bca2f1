"""Contract rates, of everybody and by key group: of every township, and of the villages of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.county import County
from bench.work import Rows, Side, Work
from bench.work_list import IN_FORCE
from tracker.domain.indicator import Key, Period
from tracker.models import Level, Region, SummaryState
from tracker.services.indicator import Figure, figures
from tracker.services.workforce.scope import ends

GONE = """
    EXISTS (SELECT 1 FROM status_period p WHERE p.resident_id = l.resident_id
            AND p.condition_id IS NULL AND p.status IN ('dead', 'moved_out')
            AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on > :day))
"""
HERE = f"""
    l.from_on <= :day AND (l.to_on IS NULL OR l.to_on > :day) AND NOT {GONE}
    AND l.village_code >= :first AND l.village_code < :after
"""
MEMBERS = """
    SELECT id AS resident_id, 'ELD' AS code FROM resident WHERE birth_date <= :elderly {residents}
    UNION ALL
    SELECT id, 'CH6' FROM resident WHERE birth_date > :child AND birth_date <= :day {residents}
    UNION ALL
    SELECT k.resident_id, CASE k.disease WHEN 'hypertension' THEN 'HTN' ELSE 'T2D' END
    FROM condition k WHERE k.enrolled_on <= :day AND NOT EXISTS (
        SELECT 1 FROM status_period p WHERE p.condition_id = k.id
        AND p.status IN ('dead', 'moved_out', 'refused', 'misdiagnosed')
        AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on > :day)) {rows}
    UNION ALL
    SELECT DISTINCT resident_id, code FROM resident_group
    WHERE from_on <= :day AND (to_on IS NULL OR to_on >= :day) {rows}
"""
KEY_SET = "('ELD', 'PRG', 'CH6', 'HTN', 'T2D', 'TB', 'SMI', 'DIS', 'POV', 'FPS')"
RATES = f"""
    WITH member AS ({{members}})
    SELECT substr(l.village_code, 1, {{width}}), '', count(*), count(*)
    FROM contract c JOIN residence l ON l.resident_id = c.resident_id
    WHERE {IN_FORCE} AND c.signed_on <= :day AND {HERE} {{contracts}}
    GROUP BY 1
    UNION ALL
    SELECT substr(l.village_code, 1, {{width}}), m.code, count(c.id), count(*)
    FROM (SELECT resident_id, code FROM member UNION ALL
          SELECT DISTINCT resident_id, 'ANY' FROM member WHERE code IN {KEY_SET}) m
    JOIN residence l ON l.resident_id = m.resident_id
    LEFT JOIN contract c ON c.resident_id = m.resident_id AND {IN_FORCE} AND c.signed_on <= :day
    WHERE {HERE}
    GROUP BY 1, 2
"""


def townships(county: County) -> Work:
    codes = _codes(county, Level.TOWNSHIP)
    return _rates(
        county, "contract-rates", "contract rates of every township and key group", codes[0][:6], codes
    )


def villages(county: County) -> Work:
    township = _codes(county, Level.TOWNSHIP)[0]
    codes = [code for code in _codes(county, Level.VILLAGE) if code.startswith(township)]
    what = "contract rates of the villages of a township and key group"
    return _rates(county, "contract-rates-villages", what, township, codes)


def _rates(county: County, name: str, what: str, region: str, codes: Sequence[str]) -> Work:
    period = Period(date(county.day.year, 1, 1), county.day, county.day)
    statement, values = _statement(county, region, len(codes[0]))

    def ours() -> list[Figure]:
        with Session(county.engine) as session:
            return figures(session, codes, period, [Key.CONTRACT, Key.KEY_CONTRACT])

    def in_full() -> Callable[[], Any]:
        """Without the summaries that earlier works may have left."""
        with county.writing() as session:
            session.execute(update(SummaryState).values(day=None))
        return ours

    return Work(
        name,
        what,
        Side("figures(), counted in full", in_full, _figures),
        (
            Side(
                "one SELECT of the same numbers", lambda: lambda: county.plain.all(statement, **values), _rows
            ),
        ),
        repeat=30,
    )


def _statement(county: County, region: str, width: int) -> tuple[str, dict[str, str]]:
    """Below a county the rows of its people alone are read; nobody has moved in these counties."""
    inside = "AND {}village_code >= :first AND {}village_code < :after"
    narrow = width > len("411025001")
    members = MEMBERS.format(
        residents=inside.format("", "") if narrow else "", rows=inside.format("", "") if narrow else ""
    )
    contracts = inside.format("c.", "c.") if narrow else ""
    day = county.day
    values = {
        "day": day.isoformat(),
        "elderly": day.replace(year=day.year - 65).isoformat(),
        "child": day.replace(year=day.year - 7).isoformat(),
    }
    first, after = ends(region)
    return RATES.format(members=members, width=width, contracts=contracts), values | {
        "first": first,
        "after": after,
    }


def _codes(county: County, level: Level) -> Sequence[str]:
    with Session(county.engine) as session:
        return session.scalars(select(Region.code).where(Region.level == level).order_by(Region.code)).all()


def _figures(found: Sequence[Figure]) -> Rows:
    """Those with anybody in them; of everybody the numerator alone, for the people are entered."""
    return sorted(
        (f.region_code, f.group or "", f.numerator, f.numerator if f.group is None else f.denominator)
        for f in found
        if f.numerator or (f.group and f.denominator)
    )


def _rows(found: Sequence[Any]) -> Rows:
    return sorted((code, group, int(held), int(people)) for code, group, held, people in found)


WORKS = {"contract-rates": townships, "contract-rates-villages": villages}
