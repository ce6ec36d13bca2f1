"""Which work goes first where processors are few."""

from __future__ import annotations

import os

BEHIND_PAGES = 10


def give_way() -> None:
    """From here on this process takes what the pages leave; where nobody asks for one, nothing changes."""
    os.setpriority(os.PRIO_PROCESS, 0, BEHIND_PAGES)
