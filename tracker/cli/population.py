"""`tracker population`: how many people live in a region."""

from __future__ import annotations

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.domain.terms import Disease
from tracker.services.audit import SYSTEM
from tracker.services.indicator import estimate
from tracker.services.target import population as figures


@click.group(help=_("填写人口数（指标的分母）。"), epilog=example("tracker population set --help"))
def population() -> None:
    """Commands about population."""


@population.command(
    "set",
    help=_("填写一个地区一年的人口数和应管患者数；再填一次就是改，没写的患者数不变。"),
    epilog=example(
        "tracker population set --region 411025 --year 2026 --resident 667000"
        " --hypertension 98000 --diabetes 41000"
    ),
)
@click.option("--region", required=True, help=_("地区代码。"))
@click.option("--year", required=True, type=int)
@click.option("--resident", required=True, type=int, help=_("常住人口。"))
@click.option("--registered", type=int, help=_("户籍人口。"))
@click.option("--hypertension", type=int, help=_("应管高血压患者数，管理率的分母。"))
@click.option("--diabetes", type=int, help=_("应管糖尿病患者数，管理率的分母。"))
@click.option("--source", default="", help=_("数字的出处。"))
@as_json
@working
def set_(
    region: str,
    year: int,
    resident: int,
    registered: int | None,
    hypertension: int | None,
    diabetes: int | None,
    source: str,
    as_json: bool,
) -> None:
    session, now = writing(), clock.now()
    row = figures.put(
        session,
        SYSTEM,
        now,
        region_code=region,
        year=year,
        resident=resident,
        registered=registered,
        source=source,
    )
    given = {Disease.HYPERTENSION: hypertension, Disease.DIABETES: diabetes}
    expected = {d: getattr(row, d.value) if number is None else number for d, number in given.items()}
    if any(number is not None for number in given.values()):
        estimate.put(session, SYSTEM, now, region, year, expected)
    session.commit()
    result = {"region": region, "year": year, "resident": resident, "registered": registered}
    result |= {disease.value: number for disease, number in expected.items()}
    words = _("%(region)s %(year)s 年常住人口 %(resident)s", region=region, year=year, resident=resident)
    tell(as_json, result, words)
