"""The process that works an upload off."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import tracker.jobs.roster_child
print(*(name for name in ("flask", "flask_babel", "click", "jinja2") if name in sys.modules))
"""


def test_the_process_of_a_roster_does_without_pages_and_commands() -> None:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
