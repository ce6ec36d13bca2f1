"""`tracker jobs` and `tracker scheduler`: the nightly jobs, by hand and by the clock."""

from __future__ import annotations

import importlib
import re
from datetime import datetime

import click

from tracker import clock
from tracker.cli.command import application, as_json, tell, working, writing
from tracker.cli.words import _, example


@click.group(help=_("列出、手工运行定时任务。"), epilog=example("tracker jobs run overdue-scan"))
def jobs() -> None:
    """Commands about jobs."""


@jobs.command("list", help=_("列出任务、下次运行时间和上次结果。"), epilog=example("tracker jobs list"))
@as_json
@working
def list_(as_json: bool) -> None:
    from tracker.extensions import db
    from tracker.services import job

    last = job.latest(db.session())
    found: list[dict[str, str | None]] = []
    lines: list[str] = []
    for each, planned in job.planned(clock.now()):
        ended = last.get(each.name)
        began = None if ended is None else ended.started_at.astimezone(clock.zone()).isoformat()
        state = None if ended is None else ended.state
        found.append({"job": each.name, "next": planned.isoformat(), "last": began, "state": state})
        told = _("上次 %(at)s", at=began[:16]) if began else _("还没有运行过")
        ahead = _("下次 %(at)s", at=f"{planned:%Y-%m-%d %H:%M}")
        lines.append(f"{each.name:<18} {each.rhythm.words:<6} {ahead}  {told} {state or ''}")
    tell(as_json, {"jobs": found}, "\n".join(lines))


@jobs.command(
    "run",
    help=_("现在就运行一个任务；运行两次也不会重复记录。"),
    epilog=example("tracker jobs run overdue-scan --as-of 2026-11-20 --json"),
)
@click.argument("name")
@click.option("--as-of", help=_("当作哪一天来算，例如 2026-11-20；默认今天。"))
@as_json
@working
def run_(name: str, as_of: str | None, as_json: bool) -> None:
    from tracker.jobs.priority import give_way
    from tracker.jobs.run import HOST
    from tracker.services import job
    from tracker.services.audit import SYSTEM

    try:
        found = job.find(name)
    except LookupError:
        known = ", ".join(each.name for each in job.jobs())
        words = _("没有名叫 %(name)s 的任务；有：%(known)s", name=name, known=known)
        raise click.ClickException(words) from None
    day = clock.today()
    if as_of is not None:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
                raise ValueError(as_of)
            day = datetime.strptime(as_of, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            words = _("--as-of 要写成 2026-11-20 这样，您填的是 %(value)s", value=as_of)
            raise click.ClickException(words) from None
    give_way()
    importlib.import_module(found.module)  # before anybody has to wait for this transaction
    session, at = writing(), clock.now()
    try:
        result = job.run_by_hand(session, found, day, SYSTEM, at, HOST)
    except Exception as error:
        session.rollback()
        reason = job.failed_by_hand(writing(), found, at, HOST, error)
        session.commit()
        words = _("%(name)s 没有做完，什么也没有保存：%(reason)s", name=name, reason=reason)
        raise click.ClickException(words) from error
    session.commit()
    tell(as_json, result, _("，").join(f"{key} {value}" for key, value in result.items()))


@click.command(
    help=_("按时间运行定时任务，直到被停止；可以在几台机器上同时启动，只有一个在工作。"),
    epilog=example("tracker scheduler"),
)
@as_json
@working
def scheduler(as_json: bool) -> None:
    import os

    from tracker.jobs.priority import give_way
    from tracker.jobs.scheduler import Process

    give_way()
    if as_json:
        tell(as_json, {"pid": os.getpid()}, _("定时任务进程已启动"))
    Process(application()).run()
