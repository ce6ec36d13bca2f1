"""The commands of the manuals, run line by line as a reader would type them, in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import xlsxwriter

from tests.county import ROOT, County
from tests.factories import an_id_number
from tests.postgres import free_port
from tracker import clock

BOX = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
EXPORT = re.compile(r"export (\w+)=")
LASTS = re.compile(r"(?:\S*/)?tracker (serve|scheduler|run)\b")
VILLAGE = "411025101201"


def commands(page: Path) -> list[str]:
    """Everything in the `sh` boxes of a page, without remarks."""
    lines = [line for box in BOX.findall(page.read_text(encoding="utf-8")) for line in box.splitlines()]
    return [words for line in lines if (words := re.sub(r"\s+# .*", "", line).strip())]


class Reader:
    """Somebody who follows a page: what lasts keeps running until the reader stops it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        instance = folder / "instance"
        for entry in ROOT.iterdir():
            if entry.name not in ("instance", ".git"):
                (folder / entry.name).symlink_to(entry)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")}
        self.env |= {"PATH": path, "TRACKER_INSTANCE": str(instance)}
        self.running: list[subprocess.Popen[bytes]] = []
        self._materials()

    def _materials(self) -> None:
        """The files that the pages take for granted."""
        clinics = "name,kind,region_code\n大陈庄卫生室,clinic,411025101201\n"
        (self.folder / "clinics.csv").write_text(clinics, encoding="utf-8")
        with xlsxwriter.Workbook(self.folder / "名册.xlsx") as book:
            sheet = book.add_worksheet("名册")
            sheet.write_row(0, 0, ["姓名", "性别", "身份证号", "联系电话", "村"])
            number = an_id_number(clock.today().replace(year=1956, day=1), 101)
            sheet.write_row(1, 0, ["姚春山", "男", number, "13800000101", County.village_name(VILLAGE)])

    def follow(self, command: str) -> None:
        command = re.sub(r"(?<=127\.0\.0\.1:)8000|(?<=--port )8000", str(self.port), command)
        if found := EXPORT.match(command):
            self.env[found[1]] = self._shell(f'{command}; printf %s "${found[1]}"')
        elif command.startswith("make "):
            assert self._shell(f"make -n {command.removeprefix('make ')}") is not None
        elif command.startswith("curl -s "):
            self.fetch(command.split()[-1])
        elif LASTS.match(command):
            self.start(command)
        elif command == "tracker doctor":
            self.again(command)  # the scheduler needs a moment to show that it lives
        else:
            if command.startswith("tracker db "):
                self.stop()  # as the pages say
            self._shell(command)

    def _shell(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            cwd=self.folder, env=self.env, text=True, capture_output=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, command: str) -> None:
        """Begin what lasts; it has to live, and to answer where it serves pages."""
        if "tracker run" in command:
            self.stop()  # it brings its own web server and scheduler
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(command.split(), cwd=self.folder, env=self.env, stdout=log, stderr=log)
        self.running.append(process)
        if "scheduler" not in command:
            self.fetch(f"http://127.0.0.1:{self.port}/healthz")
        assert process.poll() is None, self.log()

    def fetch(self, address: str, seconds: float = 60) -> None:
        """Ask until the answer is 200: processes need a moment to come up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=10).close()
                return
            dead = [process.args for process in self.running if process.poll() is not None]
            assert dead == [], self.log()
            time.sleep(0.2)
        raise AssertionError(f"{address} did not answer 200\n{self.log()}")

    def again(self, command: str, seconds: float = 60) -> None:
        """Until it ends well."""
        until = time.monotonic() + seconds
        while True:
            try:
                self._shell(command)
            except AssertionError:
                if time.monotonic() > until:
                    raise
                time.sleep(1)
            else:
                return

    def log(self) -> str:
        return (self.folder / "log").read_text()[-3000:]

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(30)
        self.running.clear()
