"""`tracker targets`: what a region should reach in a year."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.services import target
from tracker.services.audit import SYSTEM


@click.group()
def targets() -> None:
    """设定年度目标。例：tracker targets set --help"""


@targets.command("set")
@click.option("--region", required=True, help="地区代码。")
@click.option("--year", required=True, type=int)
@click.option("--indicator", required=True, help="指标，例如 contract_rate。")
@click.option("--percent", required=True, help="到年底应达到的百分数。")
@click.option("--group", default="", help="分组，例如 ELD、hypertension。")
@as_json
@working
def set_(region: str, year: int, indicator: str, percent: str, group: str, as_json: bool) -> None:
    """设定一个地区一年的目标；再设一次就是改。

    例：tracker targets set --region 411025 --year 2026 --indicator contract_rate --percent 62
    """
    try:
        number = Decimal(percent)
    except InvalidOperation:
        raise click.ClickException(f"--percent 要填数字，您填的是 {percent}") from None
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
    tell(as_json, result, f"{region} {year} 年 {indicator} {group} 目标 {percent}%")
