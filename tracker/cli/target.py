"""`tracker targets`: what a region should reach in a year."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.services.audit import SYSTEM
from tracker.services.target import target


@click.group(help=_("设定年度目标。"), epilog=example("tracker targets set --help"))
def targets() -> None:
    """Commands about targets."""


@targets.command(
    "set",
    help=_("设定一个地区一年的目标；再设一次就是改。"),
    epilog=example("tracker targets set --region 411025 --year 2026 --indicator contract_rate --percent 62"),
)
@click.option("--region", required=True, help=_("地区代码。"))
@click.option("--year", required=True, type=int)
@click.option("--indicator", required=True, help=_("指标，例如 contract_rate。"))
@click.option("--percent", required=True, help=_("到年底应达到的百分数。"))
@click.option("--group", default="", help=_("分组，例如 ELD、hypertension。"))
@as_json
@working
def set_(region: str, year: int, indicator: str, percent: str, group: str, as_json: bool) -> None:
    try:
        number = Decimal(percent)
    except InvalidOperation:
        words = _("--percent 要填数字，您填的是 %(value)s", value=percent)
        raise click.ClickException(words) from None
    session = writing()
    target.put(
        session,
        SYSTEM,
        clock.now(),
        region_code=region,
        year=year,
        indicator=indicator,
        percent=number,
        group=group,
    )
    session.commit()
    result = {"region": region, "year": year, "indicator": indicator, "group": group, "percent": percent}
    words = _("%(region)s %(year)s 年 %(indicator)s %(group)s 目标 %(percent)s%%", **result)
    tell(as_json, result, words)
