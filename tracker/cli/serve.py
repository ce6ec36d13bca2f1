"""`tracker serve`: the web server alone, with production settings."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

import config
from tracker.cli.words import _, example


@click.command(
    help=_("启动网站；定时任务要另外用 tracker scheduler 启动。"),
    epilog=example("tracker serve --host 127.0.0.1 --port 8000 --workers 2"),
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help=_("进程数。"))
@click.option("--json", "as_json", is_flag=True, help=_("启动前在标准输出写一个 JSON 对象。"))
def serve(host: str, port: int, workers: int, as_json: bool) -> None:
    try:
        config.refuse_weak_secret(config.from_environment())
    except ValueError as weak:
        raise click.ClickException(str(weak)) from None
    if as_json:
        click.echo(f'{{"host": "{host}", "port": {port}, "workers": {workers}, "pid": {os.getpid()}}}')
    _become_server(host, port, workers)


def _become_server(host: str, port: int, workers: int) -> None:
    """Replace this process by gunicorn, so that signals reach it and nothing stands between."""
    metrics = tempfile.mkdtemp(prefix="tracker-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
    # Python's threads take turns: pools of memory for each of them would only lie idle.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    settings = Path(__file__).with_name("gunicorn_settings.py")
    arguments = [
        "--config", f"file:{settings}",
        "--bind", f"{host}:{port}",
        "--workers", str(workers),
        "--no-control-socket",
        "wsgi:app",
    ]  # fmt: skip
    gunicorn = Path(sys.executable).with_name("gunicorn")
    program = str(gunicorn) if gunicorn.exists() else shutil.which("gunicorn") or "gunicorn"
    sys.stdout.flush()
    os.execv(program, [program, *arguments])  # noqa: S606 - our own program, no shell
