"""Which work goes first where processors are few."""

from __future__ import annotations

import os
import time

BEHIND_PAGES = 10
MOMENT = 0.005


def give_way() -> None:
    """From here on this process takes what the pages leave; where nobody asks for one, nothing changes."""
    os.setpriority(os.PRIO_PROCESS, 0, BEHIND_PAGES)


def let_others_write() -> None:
    """Between two transactions: who asks for SQLite's one lock again at once would always be the first."""
    time.sleep(MOMENT)
