"""A county for tests from outside: its own database and keys, real commands, a real server process."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
TRACKER = Path(sys.executable).with_name("tracker")
PASSWORD = "Corr3ct-horse-battery!"
REGIONS = ROOT / "tracker" / "data" / "regions" / "411025.csv"


class County:
    """Commands and a server on one database."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")} | {
            "TRACKER_DATABASE_URL": database_url or f"sqlite:///{folder}/tracker.db",
            "TRACKER_DATA_KEY_FILE": str(folder / "keys.json"),
            "TRACKER_INSTANCE": str(folder),
            "TRACKER_SECRET_KEY": "made up for the tests only, 0123456789",
            "TRACKER_BASE_URL": f"http://127.0.0.1:{self.port}",
        }

    @property
    def url(self) -> str:
        return self.env["TRACKER_BASE_URL"]

    def run(
        self, *arguments: str, given: str | None = None, code: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; fail unless it ends with `code` (None: any)."""
        done = subprocess.run(
            [str(TRACKER), *arguments],
            cwd=ROOT,
            env=self.env,
            text=True,
            capture_output=True,
            input=given,
            timeout=300,
        )
        assert code is None or done.returncode == code, (
            f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done

    def prepare(self) -> County:
        self.run("db", "upgrade")
        self.run("regions", "import", str(REGIONS))
        return self

    def staff(self, username: str, role: str, region: str, name: str, team: str | None = None) -> None:
        arguments = [
            "staff",
            "add",
            "--username",
            username,
            "--name",
            name,
            "--role",
            role,
            "--region",
            region,
        ]
        arguments += ["--team", team] if team else []
        self.run(*arguments, "--password-stdin", given=PASSWORD + "\n")

    def token(self, username: str) -> str:
        return self.run("tokens", "add", "--username", username).stdout.split()[-1]

    def call(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    @staticmethod
    def village_name(code: str) -> str:
        with REGIONS.open(encoding="utf-8") as file:
            return next(row["name"] for row in csv.DictReader(file) if row["code"] == code)

    @contextlib.contextmanager
    def serving(self, workers: int = 1) -> Iterator[County]:
        log = (self.folder / "serve.log").open("w")
        arguments = [str(TRACKER), "serve", "--port", str(self.port), "--workers", str(workers)]
        process = subprocess.Popen(arguments, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        try:
            self._wait(process)
            yield self
        finally:
            process.terminate()
            process.wait(20)
            log.close()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/healthz", timeout=5).close()
                return
            assert process.poll() is None, (self.folder / "serve.log").read_text()[-2000:]
            time.sleep(0.1)
        raise RuntimeError("the server did not come up")
