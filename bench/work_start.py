"""How long somebody waits before anything happens: the command line, the web server's first answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.county import County
from bench.process import computed_below
from bench.server import ROOT, TRACKER, Server, bare, environment, launch, product
from bench.work import Side, Work
from tests.postgres import free_port

CLICK = "import click; click.group(help='x')(lambda: None)(['--help'])"


def command_line(_county: County) -> Work:
    ours = _command("tracker --help", [TRACKER, "--help"])
    floor = _command("a command line of one line, made with click", [sys.executable, "-c", CLICK])
    return Work("start-help", "the help of the command line", ours, (floor,), repeat=20)


def server(county: County) -> Work:
    """From calling the program to the first answer, with two workers; stopping it is outside the clock."""
    folder = Path(county.app.config["SETTINGS"].instance)
    hello = partial(bare, "bench.hello:app")
    return Work(
        "start-server",
        "the web server's first answer",
        _server(county, "tracker serve: /healthz", product, folder / "serve.log"),
        (_server(county, "bare Flask under the same gunicorn", hello, folder / "hello.log"),),
        repeat=10,
    )


def _command(what: str, command: list[str]) -> Side:
    env = _kept(dict(os.environ))

    def run() -> float:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        return used.ru_utime + used.ru_stime

    return Side(what, lambda: run, lambda _: [0], elsewhere=float)


def _server(county: County, what: str, command: Callable[[int], list[str]], log: Path) -> Side:
    def prepare() -> Callable[[], Server]:
        port = free_port()
        env = _kept(environment(county.app, port)) | {"PROMETHEUS_MULTIPROC_DIR": str(log) + ".metrics"}

        def run() -> Server:
            started = launch(command(port), env, port, log)
            started.wait()
            return started

        return run

    def stopped(started: Server) -> list[int]:
        started.stop()
        return [started.process.returncode]

    return Side(what, prepare, stopped, elsewhere=lambda started: computed_below(started.process.pid))


def _kept(env: dict[str, str]) -> dict[str, str]:
    """An installed program has its modules compiled; the first run, which does not count, writes them."""
    return {key: value for key, value in env.items() if key != "PYTHONDONTWRITEBYTECODE"}


WORKS = {"start-help": command_line, "start-server": server}
