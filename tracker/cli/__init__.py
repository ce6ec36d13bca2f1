"""The command line. A command is a line in COMMANDS; its module is loaded when it is called."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any

import click

from tracker.cli.words import _, _l, example

COMMANDS: dict[str, tuple[str, str]] = {
    "db": ("database:db", _l("升级、检查数据库结构")),
    "regions": ("region:regions", _l("导入地区树")),
    "institutions": ("institution:institutions", _l("登记、导入机构")),
    "teams": ("team:teams", _l("登记家庭医生团队")),
    "staff": ("staff:staff", _l("登记工作人员")),
    "tokens": ("token:tokens", _l("发放接口令牌")),
    "residents": ("resident:residents", _l("导入居民名册")),
    "imports": ("roster:imports", _l("处理网页上传的名册")),
    "population": ("population:population", _l("填写人口数（指标的分母）")),
    "targets": ("target:targets", _l("设定年度目标")),
    "jobs": ("job:jobs", _l("列出、手工运行定时任务")),
    "scheduler": ("job:scheduler", _l("按时间运行定时任务（单独的进程）")),
    "doctor": ("doctor:doctor", _l("检查设置、数据库、时钟、磁盘，说明该怎么办")),
    "demo": ("demo:demo", _l("装入编造的示范县")),
    "serve": ("serve:serve", _l("启动网站（正式设置）")),
    "run": ("run:run", _l("试用：准备好一切并启动网站和定时任务")),
}
"""Name → module and attribute in this package, and the line that `tracker --help` shows."""


class LazyGroup(click.Group):
    """Knows its commands by name and loads one only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        return load(name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, _(words)) for name, (_where, words) in COMMANDS.items()])


def load(name: str) -> click.Command | None:
    """The command of a name, or None."""
    if name not in COMMANDS:
        return None
    module, _, attribute = COMMANDS[name][0].partition(":")
    found: click.Command = getattr(importlib.import_module(f"tracker.cli.{module}"), attribute)
    return found


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("家医随访 · 家庭医生签约与慢病随访"),
    epilog=example("tracker staff add --help"),
)
def tracker() -> None:
    """All commands."""


def main(arguments: list[str] | None = None) -> Any:
    """The `tracker` script."""
    gc.set_threshold(100_000)  # looking for garbage while the program loads takes a fifth of its start
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    return tracker.main(args=arguments, prog_name="tracker")
