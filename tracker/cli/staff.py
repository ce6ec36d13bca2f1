"""`tracker staff`: people who sign in. Whoever has the command line is trusted."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.domain.roles import Role
from tracker.models import BEGINNING, Staff
from tracker.services.account import account, password
from tracker.services.audit import SYSTEM
from tracker.services.workforce import region, team
from tracker.services.workforce import staff as people

NEEDS_REGION = frozenset(Role) - {Role.SYSADMIN}
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help=_("登记工作人员。"), epilog=example("tracker staff add --help"))
def staff() -> None:
    """Commands about staff."""


@staff.command(
    help=_("登记一个人；不给密码时，标准输出的唯一一行是一次性激活码（24 小时有效）。"),
    epilog=example(
        "tracker staff add --username wang --name 王医生 --role village_doctor "
        "--region 411025101201 --team 颍桥一队"
    ),
)
@click.option("--username", required=True, help=_("登录用的名字。"))
@click.option("--name", required=True, help=_("姓名。"))
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--region", "regions", multiple=True, help=_("负责地区的代码，可写多次。"))
@click.option("--team", "team_name", help=_("所在团队的名字。"))
@click.option("--from", "from_on", type=DAY, help=_("从哪天起在团队里；默认一直如此。"))
@click.option("--phone", help=_("电话。"))
@click.option("--licence-kind", type=click.Choice(people.LICENCES), default=None, help=_("执业证种类。"))
@click.option("--licence-expires", type=DAY, help=_("执业证到期日。"))
@click.option("--password-stdin", is_flag=True, help=_("从标准输入读密码；否则给一个激活码。"))
@as_json
@working
def add(username: str, role: str, regions: tuple[str, ...], password_stdin: bool, **more: Any) -> None:
    kind, expires = more["licence_kind"] or "", more["licence_expires"]
    details = people.Details(
        more["name"], Role(role), regions, more["phone"], kind, expires.date() if expires else None
    )
    if details.role in NEEDS_REGION and not regions and not more["team_name"]:
        raise click.ClickException(_("请用 --region 写明负责的地区"))
    typed = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    hashed = None if typed is None else _hashed(typed, username)
    session = writing()
    added = people.add(session, SYSTEM, clock.now(), username, details)
    if more["team_name"]:
        _join(session, added, more["team_name"], regions, more["from_on"])
    _open(session, added, hashed, more["as_json"])


def _hashed(typed: str, username: str) -> str:
    password.check(typed, username)
    return password.make(typed)


def _join(
    session: Session, added: Staff, name: str, regions: tuple[str, ...], from_on: datetime | None
) -> None:
    county = region.county_of(regions[0]) if regions and len(regions[0]) >= 6 else None
    place = team.named(session, name, county)
    team.join(session, SYSTEM, clock.now(), place, added, from_on.date() if from_on else BEGINNING)


def _open(session: Session, added: Staff, hashed: str | None, as_json: bool) -> None:
    """Store the password, or print an activation code as the only line."""
    code = None
    if hashed is None:
        code = account.issue_code(session, SYSTEM, added, clock.now())
    else:
        account.set_password(session, SYSTEM, added, hashed, clock.now())
    session.commit()
    result = {"id": added.id, "username": added.username, "role": added.role, "activation_code": code}
    if as_json:
        tell(as_json, result, _("已登记 %(name)s", name=added.username))
    elif code is None:
        click.echo(_("已登记 %(name)s", name=added.username), err=True)
    else:
        words = _("已登记 %(name)s；激活码 24 小时内有效，只显示这一次：", name=added.username)
        click.echo(words, err=True)
        click.echo(code)
