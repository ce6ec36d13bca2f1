"""The figures as a table, one row for each floor."""

from __future__ import annotations

from collections.abc import Sequence

from bench.work import Measured, Times

HEAD = ("work", "ours p50", "p95", "cpu", "floor", "floor p50", "p95", "cpu", "ratio", "runs")


def table(found: Sequence[Measured]) -> str:
    """In Markdown, in columns that stand below each other."""
    return ruled([HEAD, *(row for each in found for row in _rows(each))])


def ruled(rows: Sequence[Sequence[str]]) -> str:
    """The first row is the head."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *lines[1:]])


def _rows(measured: Measured) -> list[tuple[str, ...]]:
    ours, rows = measured.ours, []
    said: tuple[str, ...] = (measured.work.name, *_times(ours))
    for side, floor in zip(measured.work.floors, measured.floors, strict=True):
        ratio = f"{ours.median / floor.median:.1f}"
        rows.append((*said, side.what, *_times(floor), ratio, str(len(ours.seconds))))
        said = ("",) * len(said)
    return rows or [(*said, "–", "–", "–", "–", "–", str(len(ours.seconds)))]


def _times(times: Times) -> tuple[str, str, str]:
    return ms(times.median), ms(times.p95), ms(times.cpu)


def sentences(measured: Measured) -> list[str]:
    """What the table has no column for."""
    work, told = measured.work, []
    if work.pieces > 1:
        sides = zip(
            ("ours", *(side.what for side in work.floors)), (measured.ours, *measured.floors), strict=True
        )
        rates = ", ".join(
            f"{what} {work.pieces / times.median:,.0f} a second ({work.pieces / times.cpu:,.0f} by cpu)"
            for what, times in sides
        )
        told.append(f"{work.name}, {work.pieces:,}: {rates}")
    if len(measured.ours.seconds) == 1:
        told.append(
            f"{work.name}: one run, before which nothing was warm: that it can be done, not what it takes"
        )
    return [*told, *filter(None, [work.more()])]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.1f} ms"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
