"""What was measured, as data: written beside the tables, read again for growth over several sizes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.work import Measured, Times


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of one side: median, 95th percentile, and computing."""

    what: str
    p50: float
    p95: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Result:
    """One work; the first of its floors is the one that it is compared with."""

    work: str
    runs: int
    ours: Figure
    floors: Sequence[Figure]
    pieces: int = 1
    """Persons or visits that a run brings."""
    said: str = ""
    """What else was found, as a sentence."""

    @property
    def ratio(self) -> float | None:
        return self.ours.p50 / self.floors[0].p50 if self.floors else None


@dataclass(frozen=True, slots=True)
class Report:
    """All works of one county, and what they were measured on."""

    database: str
    settings: str
    size: int
    county: str
    machine: str
    load: str
    command: str
    results: Sequence[Result]
    failed: Sequence[str] = ()
    """Works that have no figures, and why."""
    version: str = ""
    """The commit that was measured."""


def result(measured: Measured) -> Result:
    work = measured.work
    floors = [_figure(side.what, f) for side, f in zip(work.floors, measured.floors, strict=True)]
    runs, ours = len(measured.ours.seconds), _figure(work.what, measured.ours)
    return Result(work.name, runs, ours, floors, work.pieces, work.more())


def _figure(what: str, times: Times) -> Figure:
    return Figure(what, times.median, times.p95, times.cpu)


def write(file: Path, reports: Sequence[Report]) -> None:
    told = json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=1)
    file.write_text(told + "\n", encoding="utf-8")


def read(files: Iterable[Path]) -> list[Report]:
    """Of several files, in their order."""
    return [_report(each) for file in files for each in json.loads(file.read_text(encoding="utf-8"))]


def _report(told: dict[str, Any]) -> Report:
    results = [
        Result(**{**each, "ours": Figure(**each["ours"]), "floors": [Figure(**f) for f in each["floors"]]})
        for each in told["results"]
    ]
    return Report(**{**told, "results": results})


@dataclass(frozen=True, slots=True)
class Growth:
    """What is known of each work in each database, by size. Of two figures of the same the later counts."""

    works: Sequence[str]
    sizes: Sequence[int]
    databases: Sequence[str]
    found: dict[tuple[str, str, int], Result]

    def of(self, work: str, database: str) -> dict[int, Result]:
        """By size, the smallest first."""
        every = ((size, self.found.get((work, database, size))) for size in self.sizes)
        return {size: one for size, one in every if one is not None}


def growth(reports: Sequence[Report]) -> Growth:
    """Works in the order in which they were measured first."""
    found = {(one.work, r.database, r.size): one for r in reports for one in r.results}
    return Growth(
        works=list(dict.fromkeys(work for work, _, _ in found)),
        sizes=sorted({size for _, _, size in found}),
        databases=sorted({database for _, database, _ in found}, reverse=True),
        found=found,
    )


def people(size: int) -> str:
    """10k, 100k, 1M residents."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if size >= unit:
            return f"{size / unit:g}{letter}"
    return str(size)
