"""What the kernel says of a process: its children, its memory, what it has computed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB. What `ps` shows as RSS counts shared pages in every process; `share` divides them among all."""

    rss: float
    share: float


def children(pid: int) -> list[int]:
    """Processes that this one has started, as long as they run."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return sorted(found)


def memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)


def computed(pid: int) -> float:
    """Seconds of processor time of this process alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def computed_below(pid: int) -> float:
    """Of this process and all that it has started and that still run."""
    return computed(pid) + sum(map(computed_below, children(pid)))


def peak(pid: int) -> float:
    """The most memory that a process has had so far, in MB; 0 when it is over."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
