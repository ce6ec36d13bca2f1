"""`tracker population`: how many people live in a region."""

from __future__ import annotations

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.services import population as figures
from tracker.services.audit import SYSTEM


@click.group(help=_("填写人口数（指标的分母）。"), epilog=example("tracker population set --help"))
def population() -> None:
    """Commands about population."""


@population.command(
    "set",
    help=_("填写一个地区一年的人口数；再填一次就是改。"),
    epilog=example("tracker population set --region 411025 --year 2026 --resident 667000"),
)
@click.option("--region", required=True, help=_("地区代码。"))
@click.option("--year", required=True, type=int)
@click.option("--resident", required=True, type=int, help=_("常住人口。"))
@click.option("--registered", type=int, help=_("户籍人口。"))
@click.option("--source", default="", help=_("数字的出处。"))
@as_json
@working
def set_(region: str, year: int, resident: int, registered: int | None, source: str, as_json: bool) -> None:
    session = writing()
    figures.put(
        session,
        SYSTEM,
        clock.now(),
        region_code=region,
        year=year,
        resident=resident,
        registered=registered,
        source=source,
    )
    session.commit()
    result = {"region": region, "year": year, "resident": resident, "registered": registered}
    words = _("%(region)s %(year)s 年常住人口 %(resident)s", region=region, year=year, resident=resident)
    tell(as_json, result, words)
