"""`tracker run`: everything for a try-out on one machine; `make run` calls it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

import config
from tracker.cli import COMMANDS
from tracker.cli.words import _, example

SIGN_INS = "demo-signins.txt"


@click.command(
    help=_("试用：生成密钥、升级数据库、空库时装入示范县，然后启动网站和定时任务。"),
    epilog=example("tracker run --port 8000"),
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help=_("网站的进程数。"))
@click.option("--json", "as_json", is_flag=True, help=_("准备好后在标准输出写一个 JSON 对象。"))
def run(host: str, port: int, workers: int, as_json: bool) -> None:
    _refuse_taken(host, port)
    os.environ["TRACKER_BASE_URL"] = os.environ.get("TRACKER_BASE_URL") or f"http://{host}:{port}"
    os.environ["TRACKER_SECRET_KEY"] = os.environ.get("TRACKER_SECRET_KEY") or _secret(config.INSTANCE)
    _step("db", "upgrade")
    if "demo" in COMMANDS and not _has_residents():
        _step("demo")
    children = [_start("serve", "--host", host, "--port", str(port), "--workers", str(workers))]
    if "scheduler" in COMMANDS:
        children.append(_start("scheduler"))
    _wait(host, port, children[0])
    _announce(f"http://{host}:{port}", as_json)
    _watch(children)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            words = _(
                "%(address)s 用不了（%(reason)s）；请先停掉占用它的程序，或用 --port 换一个端口",
                address=f"{host}:{port}", reason=taken.strerror,
            )  # fmt: skip
            raise click.ClickException(words) from None


def _secret(instance: Path) -> str:
    """The secret of this machine's try-out, made once."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32))
    return path.read_text().strip()


def _has_residents() -> bool:
    """Whether nothing is left for the demo to do: real people, or all made-up ones and their sign-ins."""
    from sqlalchemy import select

    from tracker import create_bare_app
    from tracker.demo import person, setting
    from tracker.extensions import db
    from tracker.models import Resident

    with create_bare_app().app_context():
        real = db.session.scalar(select(Resident.id).where(Resident.source != person.SOURCE).limit(1))
        complete = setting.finished(db.session()) and (config.INSTANCE / SIGN_INS).exists()
        return real is not None or complete


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tracker", *arguments]


def _step(*arguments: str) -> None:
    # What steps print is for people here; standard output is kept for the result.
    if subprocess.run(_command(*arguments), stdout=sys.stderr, check=False).returncode:  # noqa: S603
        words = _("%(command)s 没有成功，见上面的说明", command=f"tracker {' '.join(arguments)}")
        raise click.ClickException(words)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    """A child of its own group, so that Ctrl-C reaches only this process, which stops both in order."""
    return subprocess.Popen(_command(*arguments), stdout=sys.stderr, start_new_session=True)  # noqa: S603


def _wait(host: str, port: int, web: subprocess.Popen[bytes]) -> None:
    for _tenth in range(600):
        if web.poll() is not None:
            raise click.ClickException(_("网站没有启动起来，见上面的说明"))
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    raise click.ClickException(_("网站一分钟内没有启动起来"))


def _announce(address: str, as_json: bool) -> None:
    sign_ins = config.INSTANCE / SIGN_INS
    if as_json:
        click.echo(f'{{"address": "{address}"}}')
    words = "\n  " + _("家医随访已启动：%(address)s", address=address) + "\n"
    if sign_ins.exists():
        words += "\n  " + _("示范账号（%(file)s）：", file=sign_ins) + "\n"
        words += sign_ins.read_text(encoding="utf-8")
    click.echo(words + "\n  " + _("按 Ctrl-C 停止") + "\n", err=as_json)


def _watch(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Run until told to stop or until a child ends; then stop both."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(25)
        except subprocess.TimeoutExpired:
            child.kill()
    if not stopping:
        raise click.ClickException(_("有一个进程意外结束，已全部停止"))
