"""The command line. A command is a line in COMMANDS; its module is loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "db": ("database:db", "升级、检查数据库结构"),
    "regions": ("region:regions", "导入地区树"),
    "institutions": ("institution:institutions", "登记、导入机构"),
    "teams": ("team:teams", "登记家庭医生团队"),
    "staff": ("staff:staff", "登记工作人员"),
    "tokens": ("token:tokens", "发放接口令牌"),
    "residents": ("resident:residents", "导入居民名册"),
    "imports": ("roster:imports", "处理网页上传的名册"),
    "population": ("population:population", "填写人口数（指标的分母）"),
    "targets": ("target:targets", "设定年度目标"),
    "jobs": ("job:jobs", "列出、手工运行定时任务"),
    "scheduler": ("job:scheduler", "按时间运行定时任务（单独的进程）"),
    "demo": ("demo:demo", "装入编造的示范县"),
    "serve": ("serve:serve", "启动网站（正式设置）"),
    "run": ("run:run", "试用：准备好一切并启动网站和定时任务"),
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
            formatter.write_dl([(name, words) for name, (_where, words) in COMMANDS.items()])


def load(name: str) -> click.Command | None:
    """The command of a name, or None."""
    if name not in COMMANDS:
        return None
    module, _, attribute = COMMANDS[name][0].partition(":")
    found: click.Command = getattr(importlib.import_module(f"tracker.cli.{module}"), attribute)
    return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def tracker() -> None:
    """家医随访：家庭医生签约与慢病随访。

    例：tracker db upgrade；tracker staff add --help
    """


def main(arguments: list[str] | None = None) -> Any:
    """The `tracker` script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    return tracker.main(args=arguments, prog_name="tracker")
