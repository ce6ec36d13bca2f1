"""`tracker tokens`: tokens for programs that call the API."""

from __future__ import annotations

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.services.account import token
from tracker.services.audit import SYSTEM
from tracker.services.workforce import staff


@click.group(help=_("发放接口令牌。"), epilog=example("tracker tokens add --username wang"))
def tokens() -> None:
    """Commands about tokens."""


@tokens.command(
    help=_("发一个令牌，标准输出的唯一一行就是它，只显示这一次。"),
    epilog=example("tracker tokens add --username wang"),
)
@click.option("--username", required=True)
@as_json
@working
def add(username: str, as_json: bool) -> None:
    session = writing()
    secret = token.add(session, SYSTEM, staff.named(session, username), clock.now())
    session.commit()
    if as_json:
        tell(as_json, {"username": username, "token": secret}, _("令牌只显示这一次"))
    else:
        click.echo(secret)
