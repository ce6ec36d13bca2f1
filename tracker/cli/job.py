"""`tracker jobs` and `tracker scheduler`: the nightly jobs, by hand and by the clock."""

from __future__ import annotations

import re
from datetime import datetime

import click

from tracker import clock
from tracker.cli.command import application, as_json, tell, working, writing


@click.group()
def jobs() -> None:
    """列出、手工运行定时任务。例：tracker jobs run overdue-scan"""


@jobs.command("list")
@as_json
@working
def list_(as_json: bool) -> None:
    """列出任务、下次运行时间和上次结果。

    例：tracker jobs list
    """
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
        lines.append(
            f"{each.name:<18} {each.rhythm.words:<6} 下次 {planned:%Y-%m-%d %H:%M}  "
            f"上次 {(began or '还没有运行过')[:16]} {state or ''}"
        )
    tell(as_json, {"jobs": found}, "\n".join(lines))


@jobs.command("run")
@click.argument("name")
@click.option("--as-of", help="当作哪一天来算，例如 2026-11-20；默认今天。")
@as_json
@working
def run_(name: str, as_of: str | None, as_json: bool) -> None:
    """现在就运行一个任务；运行两次也不会重复记录。

    例：tracker jobs run overdue-scan --as-of 2026-11-20 --json
    """
    from tracker.jobs.run import HOST
    from tracker.services import job
    from tracker.services.audit import SYSTEM

    try:
        found = job.find(name)
    except LookupError:
        known = "、".join(each.name for each in job.jobs())
        raise click.ClickException(f"没有名叫 {name} 的任务；有：{known}") from None
    day = clock.today()
    if as_of is not None:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
                raise ValueError(as_of)
            day = datetime.strptime(as_of, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise click.ClickException(f"--as-of 要写成 2026-11-20 这样，您填的是 {as_of}") from None
    session, at = writing(), clock.now()
    try:
        result = job.run_by_hand(session, found, day, SYSTEM, at, HOST)
    except Exception as error:
        session.rollback()
        words = job.failed_by_hand(writing(), found, at, HOST, error)
        session.commit()
        raise click.ClickException(f"{name} 没有做完，什么也没有保存：{words}") from error
    session.commit()
    tell(as_json, result, "，".join(f"{key} {value}" for key, value in result.items()))


@click.command()
@as_json
@working
def scheduler(as_json: bool) -> None:
    """按时间运行定时任务，直到被停止；可以在几台机器上同时启动，只有一个在工作。

    例：tracker scheduler
    """
    import os

    from tracker.jobs.scheduler import Process

    if as_json:
        tell(as_json, {"pid": os.getpid()}, "定时任务进程已启动")
    Process(application()).run()
