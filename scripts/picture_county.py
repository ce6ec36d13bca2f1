"""The made-up county that the pictures of the documentation show, with its two processes."""

from __future__ import annotations

import contextlib
import csv
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from tests.county import REGIONS, ROOT, TRACKER, County
from tracker import clock

DOCTOR, LEAD, TOWN, COMMISSION, SYSADMIN = "d0001", "lead01", "town01", "commission", "sysadmin"
MOST = {"township": 5, "village": 5}
"""How many of a level stay below one parent."""


def prepare(county: County) -> None:
    regions = county.folder / "regions.csv"
    fewer_villages(regions)
    county.run("db", "upgrade")
    county.run("demo", "--county", str(regions), "--residents", "5000", "--seed", "7")
    for job in ("overdue-scan", "contract-expiry", "target-check"):
        county.run("jobs", "run", job)


def fewer_villages(path: Path) -> None:
    """The county with few townships and villages, so that each has people enough for its lists."""
    seen: Counter[str] = Counter()
    kept: set[str] = set()
    with REGIONS.open(encoding="utf-8") as source, path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        for code, name, level, parent in csv.reader(source):
            seen[parent] += 1
            if level in MOST and (seen[parent] > MOST[level] or (level == "village" and parent not in kept)):
                continue
            kept.add(code)
            writer.writerow((code, name, level, parent))


def report(county: County) -> None:
    """What waits for a lead's word: a death that a village doctor reports, and a visit entered very late."""
    token, today = county.token(DOCTOR), clock.today()
    patients = county.call("GET", "/api/v1/residents?disease=hypertension&per_page=200", token)[1][
        "residents"
    ]
    able = [p for p in patients if p["status"] == "active" and p["conditions"][0]["enrolled_on"] < "2026"]
    died, seen = able[-1]["id"], able[-2]["id"]
    death = {"status": "dead", "on": str(today - timedelta(days=2)), "reason": "心肌梗死，儿子电话告知"}
    assert county.call("POST", f"/api/v1/residents/{died}/status", token, death)[0] < 300
    visit = {
        "id": str(uuid4()),
        "resident_id": seen,
        "visit_date": str(today - timedelta(days=40)),
        "recorded_at": clock.now().isoformat(),
        "late_reason": "卫生室停电，先记在纸上",
        "mode": "home",
        "emergency_signs": [],
        "sbp": 136,
        "dbp": 84,
        "hypertension": {"symptoms": [1], "adherence": 1},
    }
    answer = county.call("POST", "/api/v1/visits", token, {"visits": [visit]})[1]
    assert answer["results"][0]["status"] == "accepted", answer


@contextlib.contextmanager
def scheduling(county: County) -> Iterator[None]:
    """The second process of a real set-up, so that the page of the jobs shows them alive."""
    process = subprocess.Popen([str(TRACKER), "scheduler"], cwd=ROOT, env=county.env)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def sign_ins(path: Path) -> dict[str, str]:
    """Passwords by user name."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {username: password for username, password, _role in lines}
