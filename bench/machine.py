"""What the figures were measured on, and what else the machine was doing."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
from pathlib import Path

from bench.plain import Plain
from bench.recommended import recommended
from bench.server import ROOT

SHOWN = ("fsync", "synchronous_commit", "shared_buffers")
GUIDING = "shared_buffers", "work_mem", "max_wal_size", "random_page_cost"
"""What tells the recommended settings from those of the installation."""


def describe() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, Python {platform.python_version()}"


def database(plain: Plain) -> str:
    """The database with the settings that decide what a commit costs."""
    if not plain.postgres:
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"
    version = plain.all("SHOW server_version")[0][0].split()[0]
    settings = ", ".join(f"{name}={_shown(plain, name)}" for name in SHOWN)
    wanted = recommended()
    alike = all(_shown(plain, name) == wanted[name] for name in GUIDING)
    return f"PostgreSQL {version}, {'recommended' if alike else 'default'} settings, {settings}"


def _shown(plain: Plain, name: str) -> str:
    return str(plain.all(f"SHOW {name}")[0][0])


def version() -> str:
    """The commit that is measured, with a + where something has been changed since; empty without git."""
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        return ""
    return "+".join([_git("rev-parse", "--short", "HEAD"), *([""] if _git("status", "--porcelain") else [])])


def _git(*asked: str) -> str:
    return subprocess.run(
        ["git", *asked], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def load() -> str:
    """Processes that wanted to run, over the last one, five and fifteen minutes."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()
