"""What the commission enters: the population of each village and the targets of the year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.demo.places import Plan, Village
from tracker.models import Population, Target
from tracker.models.base import Base

TARGETS = (
    ("contract_rate", "", 70),
    ("key_contract_rate", "ANY", 80),
    ("key_contract_rate", "ELD", 80),
    ("key_contract_rate", "HTN", 85),
    ("key_contract_rate", "T2D", 85),
    ("managed_rate", "hypertension", 60),
    ("managed_rate", "diabetes", 60),
    ("standard_managed_rate", "hypertension", 64),
    ("standard_managed_rate", "diabetes", 64),
    ("control_rate", "hypertension", 60),
    ("control_rate", "diabetes", 55),
    ("timely_rate", "hypertension", 75),
    ("timely_rate", "diabetes", 75),
    ("renewal_rate", "", 85),
)


def figures(plan: Plan, villages: list[Village]) -> Iterator[Base]:
    """Population rows of this year and the last, and the targets of this year."""
    for village in villages:
        random = plan.chance("population", village.code)
        resident = round(village.people * random.uniform(1.02, 1.08))
        for year in (plan.today.year - 1, plan.today.year):
            yield Population(
                id=plan.id("population", village.code, year),
                region_code=village.code,
                year=year,
                resident=resident,
                registered=round(resident * random.uniform(1.08, 1.25)),
                source="演示数据",
            )
            resident = max(village.people, round(resident * random.uniform(0.98, 1.0)))
    for indicator, group, percent in TARGETS:
        yield Target(
            id=plan.id("target", plan.today.year, indicator, group),
            region_code=plan.county,
            year=plan.today.year,
            indicator=indicator,
            group_code=group,
            percent=Decimal(percent),
        )
