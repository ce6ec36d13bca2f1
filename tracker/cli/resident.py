"""`tracker residents`: a county's roster of people."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session

import config
from tracker import clock
from tracker.cli.command import as_json, tell, working
from tracker.cli.words import _, example
from tracker.extensions import db
from tracker.jobs.priority import give_way
from tracker.jobs.roster import Counts, Run
from tracker.jobs.roster import Progress as Told
from tracker.services.audit import SYSTEM
from tracker.services.roster.draft import Setting
from tracker.services.roster.place import county as county_of
from tracker.services.roster.refusal import WorkbookRefused
from tracker.services.roster.report import write_report

REFUSED_SOME = 3


@click.group(help=_("导入居民名册。"), epilog=example("tracker residents import --help"))
def residents() -> None:
    """Commands about residents."""


@residents.command(
    "import",
    help=_("导入居民名册（.xlsx、.xls 或 .csv），重复导入不会改变什么。先试读，看过说明后再加 --apply。")
    + "\n\n"
    + _("退出码：0 全部录入，3 有几行不能录入，1 整个文件用不了。"),
    epilog=example("tracker residents import 名册.xlsx --county 411025 --report 说明.xlsx"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--county", required=True, help=_("县的 6 位代码。"))
@click.option("--apply", is_flag=True, help=_("写入数据库；不加只是试读，什么也不写。"))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=_("逐格说明的 .xlsx 文件。"))
@as_json
@working
def import_(file: Path, county: str, apply: bool, report: Path | None, as_json: bool) -> None:
    give_way()
    with _bar() as progress, Session(db.engine) as session:
        setting = Setting(county_of(session, county), clock.today(), clock.now())
        session.close()
        run = Run(lambda: Session(db.engine), file, setting, SYSTEM if apply else None, progress)
        try:
            _work(run, report)
        except WorkbookRefused as refused:
            raise click.ClickException(refused.text(config.console_locale())) from None
    tell(as_json, {"applied": apply, **run.counts.summary()}, _words(run.counts, applied=apply))
    if run.counts.accepted == 0:
        raise SystemExit(1)
    if run.counts.refused:
        raise SystemExit(REFUSED_SOME)


def _work(run: Run, report: Path | None) -> None:
    if report is None:
        deque(run.findings(), maxlen=0)
        return
    try:
        report.touch()
    except OSError as unwritable:
        words = _("不能写 %(file)s：%(reason)s", file=report, reason=unwritable.strerror)
        raise click.ClickException(words) from None
    write_report(report, run.findings(), run.counts.summary)


def _words(counts: Counts, *, applied: bool) -> str:
    done = _("已录入") if applied else _("试读（未写入，加 --apply 才写入）")
    return _(
        "%(done)s：%(rows)s 行，可用 %(accepted)s 人，新增 %(created)s 人，更新 %(changed)s 人；"
        "拒绝 %(refused)s 行，留空 %(left_empty)s 格，提示 %(notes)s 条",
        done=done,
        **counts.summary(),
    )


@contextmanager
def _bar() -> Iterator[Told]:
    """On standard error, and only for people."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Console(stderr=True)
    with Progress(*columns, console=shown, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(_("读取名册"), total=None)

        def told(done: int, total: int | None) -> None:
            if total is not None:
                progress.update(task, description=_("处理居民"), completed=done, total=total)

        yield told
