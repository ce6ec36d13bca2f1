"""A county for tests from outside: its own database and keys, real commands, a real server process."""

from __future__ import annotations

import atexit
import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
TRACKER = Path(sys.executable).with_name("tracker")
PASSWORD = "Corr3ct-horse-battery!"
REGIONS = ROOT / "tracker" / "data" / "regions" / "411025.csv"
TOWN, VILLAGE, TEAM = "411025101", "411025101202", "颍桥一队"


class County:
    """Commands and a server on one database."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")} | {
            "TRACKER_DATABASE_URL": f"sqlite:///{folder}/tracker.db",
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
        """The tables, and the regions of a real county."""
        shutil.copytree(_prepared(), self.folder, dirs_exist_ok=True)
        return self

    def team(self, name: str, *villages: str) -> None:
        """A team of the township and villages."""
        places = ("--township", TOWN, "--villages", ",".join(villages))
        self.run("teams", "add", "--name", name, *places)

    def staff(self, username: str, role: str, region: str, name: str, team: str | None = None) -> None:
        who = ("--username", username, "--name", name, "--role", role, "--region", region)
        own = ("--team", team) if team else ()
        self.run("staff", "add", *who, *own, "--password-stdin", given=PASSWORD + "\n")

    def village(self) -> County:
        """Tables, regions, a team with one village, and its doctor."""
        shutil.copytree(_settled(), self.folder, dirs_exist_ok=True)
        return self

    def lead(self) -> None:
        """Somebody who leads the village's team."""
        self.staff("lead", "team_lead", TOWN, "李夏水", TEAM)

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


@cache
def _prepared() -> Path:
    """What every county begins with, made once in each process."""
    county = County(_kept())
    county.run("db", "upgrade")
    county.run("regions", "import", str(REGIONS))
    return county.folder


@cache
def _settled() -> Path:
    county = County(_kept()).prepare()
    county.team(TEAM, VILLAGE)
    county.staff("doctor", "village_doctor", VILLAGE, "陈春山", TEAM)
    return county.folder


def _kept() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="county-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
