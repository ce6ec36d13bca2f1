"""The regions of a county to measure: part of the packaged one, so that villages are of real size."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from tracker.demo.places import PACKAGED

PEOPLE_PER_VILLAGE = 2000
"""A million people under five hundred village doctors."""
VILLAGES_PER_TOWNSHIP = 25
VILLAGES_PER_TEAM = 3
"""A team for about 6,000 people at every size, so that its lists are of the same length."""
FEWEST = 2


def write(path: Path, residents: int) -> Path:
    """A region file with as many villages and townships as the size asks for, or all there are."""
    villages = max(FEWEST, round(residents / PEOPLE_PER_VILLAGE))
    townships = max(FEWEST, -(-villages // VILLAGES_PER_TOWNSHIP))
    with PACKAGED.open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    kept = {row["code"] for row in _largest(rows, townships)}
    below: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        for row in rows:
            below[row["parent_code"]] += 1
            if _stays(row, kept, below[row["parent_code"]], -(-villages // len(kept))):
                writer.writerow(row)
    return path


def _largest(rows: list[dict[str, str]], townships: int) -> list[dict[str, str]]:
    """The townships that have the most villages."""
    size = Counter(row["parent_code"] for row in rows if row["level"] == "village")
    found = [row for row in rows if row["level"] == "township"]
    return sorted(found, key=lambda row: (-size[row["code"]], row["code"]))[:townships]


def _stays(row: dict[str, str], townships: set[str], place: int, most: int) -> bool:
    if row["level"] == "township":
        return row["code"] in townships
    return row["level"] != "village" or (row["parent_code"] in townships and place <= most)
