"""PostgreSQL's settings as the manual recommends them, read from the file that a county runs."""

from __future__ import annotations

import re
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "postgresql.sql"
SETTING = re.compile(r"^ALTER SYSTEM SET (\w+) = '([^']*)';$", re.MULTILINE)


def recommended() -> dict[str, str]:
    return dict(SETTING.findall(FILE.read_text(encoding="utf-8")))
