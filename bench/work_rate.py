"""The contract rate of every township."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.county import County
from bench.work import Rows, Side, Work
from bench.work_list import IN_FORCE
from tracker.domain.indicator import Key, Period
from tracker.models import Level, Region
from tracker.services.indicator import Figure, figures

RATES = f"""
    SELECT people.code, coalesce(held.number, 0), people.number
    FROM (SELECT substr(region_code, 1, 9) AS code, sum(resident) AS number
          FROM population WHERE year = :year GROUP BY 1) people
    LEFT JOIN (
        SELECT substr(l.village_code, 1, 9) AS code, count(*) AS number
        FROM contract c JOIN residence l
          ON l.resident_id = c.resident_id AND l.from_on <= :day AND (l.to_on IS NULL OR l.to_on > :day)
        WHERE {IN_FORCE} AND c.signed_on <= :day
          AND NOT EXISTS (SELECT 1 FROM status_period p WHERE p.resident_id = c.resident_id
                          AND p.condition_id IS NULL AND p.status IN ('dead', 'moved_out')
                          AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on > :day))
        GROUP BY 1) held ON held.code = people.code
    ORDER BY 1
"""


def contract(county: County) -> Work:
    with Session(county.engine) as session:
        townships = select(Region.code).where(Region.level == Level.TOWNSHIP).order_by(Region.code)
        codes = list(session.scalars(townships))
    period = Period(date(county.day.year, 1, 1), county.day, county.day)

    def ours() -> list[Figure]:
        with Session(county.engine) as session:
            return figures(session, codes, period, [Key.CONTRACT])

    def floor() -> Rows:
        found = county.plain.all(RATES, day=county.day.isoformat(), year=county.day.year)
        return [(code, int(held), int(people)) for code, held, people in found]

    return Work(
        "contract-rates",
        "contract rate of every township",
        Side(
            "figures()",
            lambda: ours,
            lambda found: [(f.region_code, f.numerator, f.denominator) for f in found],
        ),
        (Side("one SELECT of the same figures", lambda: floor, list),),
        repeat=30,
    )


WORKS = {"contract-rates": contract}
