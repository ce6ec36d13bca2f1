"""What a load came to: each page's times, and each process's memory and computing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bench.table import ms, ruled
from bench.visitor import Asked
from bench.work import place

if TYPE_CHECKING:
    from bench.load import Loaded

ALL = "all"


def pages(found: Loaded) -> str:
    """One row a page; where something ran beside, its 95th percentile then and in the quiet apart."""
    names = list(dict.fromkeys(each.page for each in found.asked))
    rows = [_row(name, [each for each in found.asked if each.page == name], found) for name in names]
    rows.append(_row(ALL, found.asked, found))
    head = ("page", "requests", "a second", "p50", "p95", "p99", "longest", "errors")
    beside = ("p95 in the quiet", "p95 beside") if found.beside else ()
    told = [ruled([(*head, *beside), *rows])]
    wrong = Counter(each.wrong for each in found.asked if each.wrong)
    told += [f"{number} × {what[:500]}" for what, number in wrong.most_common(5)]
    ran = ", ".join(f"{each.name} {each.ended - each.began:.1f} s" for each in found.beside)
    return "\n".join([*told, *([f"Beside: {ran}."] if ran else [])])


def _row(name: str, asked: Sequence[Asked], found: Loaded) -> tuple[str, ...]:
    times = sorted(each.seconds for each in asked)
    row = [name, str(len(asked)), f"{len(asked) / found.seconds:.1f}"]
    row += [ms(times[place(percent, len(times))]) for percent in (50, 95, 99)]
    row += [ms(times[-1]), str(sum(1 for each in asked if each.wrong))]
    if found.beside:
        row += [_p95([each for each in asked if _beside(each, found) is then]) for then in (False, True)]
    return tuple(row)


def _beside(asked: Asked, found: Loaded) -> bool:
    """Whether something ran at any moment between question and answer."""
    return any(each.began < asked.at and asked.at - asked.seconds < each.ended for each in found.beside)


def _p95(asked: Sequence[Asked]) -> str:
    times = sorted(each.seconds for each in asked)
    return ms(times[place(95, len(times))]) if times else "–"


def processes(found: Loaded) -> str:
    """RSS counts what the processes share in each of them; `share` divides it among them."""
    head = ("process", "RSS at the start", "in the middle", "at the end", "share at the end", "cores used")
    rows = []
    for number, worker in enumerate(found.workers, 1):
        sizes = [f"{each.rss:.1f} MB" for each in worker.memory]
        cores = f"{worker.computed / found.seconds:.2f}"
        rows.append((f"web worker {number}", *sizes, f"{worker.memory[-1].share:.1f} MB", cores))
    rows.append(("this generator", "", "", "", "", f"{found.own / found.seconds:.2f}"))
    return ruled([head, *rows])
