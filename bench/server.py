"""The product as a county runs it: `tracker serve` as a process of its own, on a county that was made."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench.process import children
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
TRACKER = str(Path(sys.executable).with_name("tracker"))
GUNICORN = str(Path(sys.executable).with_name("gunicorn"))
SETTINGS = ROOT / "tracker" / "cli" / "gunicorn_settings.py"
HOST = "127.0.0.1"
WORKERS = 2
"""As many as the product has when nobody says otherwise."""
ASK = b"GET /healthz HTTP/1.0\r\n\r\n"
LONGEST_START = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def workers(self) -> list[int]:
        return children(self.process.pid)

    def wait(self) -> None:
        """Until the first answer; the asking costs next to nothing."""
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 5) as asked:
                asked.sendall(ASK)
                if b" 200 " in asked.recv(64):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise RuntimeError(f"no server: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(40)


def environment(app: Flask, port: int) -> dict[str, str]:
    """What commands need to work on the county of this application."""
    settings = app.config["SETTINGS"]
    plain = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    return plain | {
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_DATA_KEY_FILE": str(settings.data_key_file),
        "TRACKER_INSTANCE": str(settings.instance),
        "TRACKER_SECRET_KEY": settings.secret_key,
        "TRACKER_BASE_URL": f"http://{HOST}:{port}",
    }


def product(port: int, workers: int = WORKERS) -> list[str]:
    """The command that serves the product."""
    return [TRACKER, "serve", "--port", str(port), "--workers", str(workers)]


def bare(application: str, port: int) -> list[str]:
    """The command that serves another application by the same server with the same settings."""
    given = ["--config", f"file:{SETTINGS}", "--no-control-socket", "--workers", str(WORKERS)]
    return [GUNICORN, *given, "--bind", f"{HOST}:{port}", application]


def launch(command: list[str], env: dict[str, str], port: int, log: Path) -> Server:
    """Begin to serve; what the process says goes to `log`."""
    with log.open("wb") as out:
        return Server(subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out), port, log)


@contextlib.contextmanager
def serving(app: Flask, workers: int = WORKERS) -> Iterator[Server]:
    port = free_port()
    log = Path(app.config["SETTINGS"].instance) / "serve.log"
    server = launch(product(port, workers), environment(app, port), port, log)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
