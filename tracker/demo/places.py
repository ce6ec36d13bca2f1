"""Where the made-up people live: the region file, how many people each village has, the rules of chance."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tracker.models import Level
from tracker.services.workforce import region

PACKAGED = Path(str(files("tracker") / "data" / "regions" / "411025.csv"))
PEOPLE_AT_LEAST = 20
"""Of a village: fewer people than that in all villages live in fewer villages."""
Place = dict[str, Any]


class Unusable(RuntimeError):
    """The region file, or the wish, cannot be made into a county; the message says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made: everything follows from these four."""

    county: str
    residents: int
    seed: int
    today: date

    def chance(self, *what: object) -> Random:
        """The dice for one thing; others do not move them."""
        return Random("/".join(map(str, (self.seed, self.county, *what))))

    def id(self, *what: object) -> UUID:
        return uuid5(NAMESPACE_URL, "/".join(map(str, ("demo", self.seed, self.county, *what))))


@dataclass(frozen=True, slots=True)
class Village:
    index: int
    code: str
    name: str
    people: int

    @property
    def township(self) -> str:
        return self.code[:9]

    @property
    def short_name(self) -> str:
        return self.name.removesuffix("委会").removesuffix("民")


def read(path: Path) -> list[Place]:
    """The rows of a region file, parents first. Unusable where it is not one county."""
    rows = csv.DictReader(io.StringIO(region.decode(path.read_bytes())))
    try:
        places = [
            {
                "code": row["code"],
                "name": row["name"],
                "level": Level(row["level"]),
                "parent_code": row["parent_code"] or None,
            }
            for row in rows
        ]
    except (KeyError, ValueError, TypeError):
        raise Unusable(f"{path.name} 不是地区文件：要有 code,name,level,parent_code 四列") from None
    if sum(place["level"] is Level.COUNTY for place in places) != 1:
        raise Unusable(f"{path.name} 里应当正好有一个县")
    return sorted(places, key=lambda place: (len(place["code"]), place["code"]))


def county_of(places: list[Place]) -> str:
    return str(next(place["code"] for place in places if place["level"] is Level.COUNTY))


def villages_of(plan: Plan, places: list[Place]) -> list[Village]:
    """The villages that get people, in the order of their codes, with the number for each."""
    found = [place for place in places if place["level"] is Level.VILLAGE]
    if not found or plan.residents < 1:
        raise Unusable("至少要有一个村和一名居民")
    count = max(1, min(len(found), plan.residents // PEOPLE_AT_LEAST))
    step = len(found) / count
    chosen = [int(n * step) for n in range(count)]
    random = plan.chance("sizes")
    sizes = [random.lognormvariate(0, 0.4) for _ in chosen]
    shares = _shares(plan.residents, sizes)
    return [
        Village(index, found[at]["code"], found[at]["name"], people)
        for index, (at, people) in enumerate(zip(chosen, shares, strict=True))
    ]


def _shares(total: int, sizes: list[float]) -> list[int]:
    """Whole numbers in proportion to `sizes` that add up to `total`."""
    whole, shares, done = sum(sizes), [], 0
    passed = 0.0
    for size in sizes:
        passed += size
        upto = round(total * passed / whole)
        shares.append(upto - done)
        done = upto
    return shares
