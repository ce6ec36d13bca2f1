"""All works by name, in the order in which they are measured: those that only read come first."""

from __future__ import annotations

from collections.abc import Callable

from bench import (
    work_dashboard,
    work_list,
    work_rate,
    work_resident,
    work_roster,
    work_scan,
    work_search,
    work_start,
    work_visit,
)
from bench.county import County
from bench.work import Work

WORKS: dict[str, Callable[[County], Work]] = {
    **work_list.WORKS,
    **work_resident.WORKS,
    **work_search.WORKS,
    **work_rate.WORKS,
    **work_dashboard.WORKS,
    **work_scan.WORKS,
    **work_visit.WORKS,
    **work_start.WORKS,
    **work_roster.WORKS,
}
