"""`tracker teams`: family-doctor teams."""

from __future__ import annotations

from datetime import datetime

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.models import BEGINNING
from tracker.services.audit import SYSTEM
from tracker.services.workforce import team


@click.group(help=_("登记家庭医生团队。"), epilog=example("tracker teams add --help"))
def teams() -> None:
    """Commands about teams."""


@teams.command(
    help=_("登记一个团队和它负责的村。"),
    epilog=example(
        "tracker teams add --name 颍桥一队 --township 411025101 --villages 411025101201,411025101202"
    ),
)
@click.option("--name", required=True, help=_("团队名，全县唯一。"))
@click.option("--township", required=True, help=_("所在乡镇的 9 位代码。"))
@click.option("--villages", required=True, help=_("负责的村，12 位代码，用逗号隔开。"))
@click.option("--phone", default="", help=_("团队电话。"))
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), help=_("从哪天起；默认一直如此。"))
@as_json
@working
def add(name: str, township: str, villages: str, phone: str, from_on: datetime | None, as_json: bool) -> None:
    session = writing()
    codes = [code.strip() for code in villages.split(",") if code.strip()]
    new = team.NewTeam(name, township, codes, phone, from_on=from_on.date() if from_on else BEGINNING)
    added = team.add(session, SYSTEM, clock.now(), new)
    session.commit()
    words = _("已登记团队 %(name)s，%(n)s 个村", name=name, n=len(codes))
    tell(as_json, {"id": added.id, "name": name, "villages": codes}, words)
