"""`python -m bench.picture OUT.svg RESULTS.json…`: how each work grows with the county, beside its floor.

One small picture for each work and database, all on the same logarithmic scales: they can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import click

from bench.result import Growth, Result, growth, people, read

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PAIRS = 2
"""Works beside each other, each with all databases."""
WIDE, HIGH = 214, 118
BETWEEN, ASIDE, LEFT, TOP, BELOW, HEAD = 16, 66, 58, 104, 58, 26
"""Between the databases of a work; between works; for the labels at the sides; for a work's name."""
END = 62
"""Within a small picture, right of the last size: for its time."""
APART = 13.0
"""Labels stand at least so far below each other."""
STYLE = """
:root { --ground: #ffffff; --text: #1c2733; --soft: #5b6875; --line: #e3e8ed; --panel: #f7f9fb;
        --ours: #0b6e75; --floor: #8a5a12; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12181f; --text: #e8edf2; --soft: #a3b0bd; --line: #2b3642; --panel: #19212a;
          --ours: #4fc3c9; --floor: #e0a95a; } }
text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-size: 12px;
       fill: var(--text); }
.title { font-size: 20px; font-weight: 600; } .work { font-size: 14px; font-weight: 600; }
.soft { fill: var(--soft); } .end { text-anchor: end; } .middle { text-anchor: middle; }
.ours { fill: var(--ours); font-weight: 600; } .floor { fill: var(--floor); }
.ground { fill: var(--ground); } .panel { fill: var(--panel); } .grid { stroke: var(--line); }
path.ours { fill: none; stroke: var(--ours); stroke-width: 2.5; }
path.floor { fill: none; stroke-width: 2; stroke: var(--floor); stroke-dasharray: 5 4; }
circle.ours { fill: var(--ours); }
circle.floor { fill: var(--ground); stroke: var(--floor); stroke-width: 2; }
"""


@dataclass(frozen=True, slots=True)
class Scale:
    """From sizes and seconds to places within a small picture; both grow by factors."""

    sizes: Sequence[int]
    least: int
    most: int
    """Powers of ten of the seconds at the lower and the upper edge."""

    def x(self, size: int) -> float:
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        share = (math.log10(size) - first) / (last - first) if last > first else 0.5
        return 14 + share * (WIDE - 14 - END)

    def y(self, seconds: float) -> float:
        return HIGH * (self.most - math.log10(seconds)) / (self.most - self.least)


def picture(known: Growth) -> str:
    """The whole SVG."""
    scale = _scale(known)
    across = len(known.databases)
    pair = across * WIDE + (across - 1) * BETWEEN
    rows = math.ceil(len(known.works) / PAIRS)
    width = LEFT + PAIRS * pair + (PAIRS - 1) * ASIDE + 16
    height = TOP + rows * (HEAD + HIGH + BELOW)
    parts = [*_head(known), *_panels(known, scale, pair)]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="title about">',
        '<title id="title">Time by size of the county</title>',
        f'<desc id="about">{escape(_told(known))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        *parts,
        "</svg>\n",
    ])  # fmt: skip


def _scale(known: Growth) -> Scale:
    every = [f.p50 for one in known.found.values() for f in (one.ours, *one.floors[:1])]
    least, most = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
    return Scale(known.sizes, least, max(most, least + 1))


def _head(known: Growth) -> Iterator[str]:
    """The title, and what the two lines are."""
    sizes = ", ".join(people(size) for size in known.sizes)
    yield _text(LEFT, 34, "Time by size of the county", "title")
    yield _text(LEFT, 56, f"Median of a run, {sizes} residents; both axes logarithmic", "soft")
    yield f'<path class="ours" d="M{LEFT} 78h34"/><circle class="ours" cx="{LEFT + 17}" cy="78" r="4"/>'
    yield _text(LEFT + 42, 82, "the product", "ours")
    at = LEFT + 150
    yield f'<path class="floor" d="M{at} 78h34"/><circle class="floor" cx="{at + 17}" cy="78" r="3.5"/>'
    yield _text(at + 42, 82, "its floor: the least that database and Flask need", "floor")


def _panels(known: Growth, scale: Scale, pair: int) -> Iterator[str]:
    for number, work in enumerate(known.works):
        row, column = divmod(number, PAIRS)
        left, top = LEFT + column * (pair + ASIDE), TOP + row * (HEAD + HIGH + BELOW)
        yield _text(left, top + 14, work, "work")
        for place, database in enumerate(known.databases):
            x = left + place * (WIDE + BETWEEN)
            yield f'<g transform="translate({x} {top + HEAD})">'
            yield from _panel(known.of(work, database), database, scale, first=place == 0)
            yield "</g>"


def _panel(found: dict[int, Result], database: str, scale: Scale, *, first: bool) -> Iterator[str]:
    yield f'<rect class="panel" width="{WIDE}" height="{HIGH}" rx="3"/>'
    for power in range(scale.least, scale.most + 1):
        y = scale.y(10.0**power)
        yield f'<line class="grid" x1="0" x2="{WIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        if first:
            yield _text(-7, y + 4, _seconds(10.0**power), "soft end")
    for size in scale.sizes:
        yield _text(scale.x(size), HIGH + 16, people(size), "soft middle")
    yield _text(0, HIGH + 34, NAMES.get(database, database), "")
    if not found:
        yield _text(WIDE / 2, HIGH / 2 + 4, "not measured", "soft middle")
        return
    yield from _lines(found, scale)
    last = list(found.values())[-1]
    if last.ratio is not None:
        said = f"× {last.ratio:.1f} at {people(list(found)[-1])}"
        yield _text(WIDE, HIGH + 34, said, "soft end")


def _lines(found: dict[int, Result], scale: Scale) -> Iterator[str]:
    """The floor below, the product above it, and the last time of each beside its end."""
    ours = {size: one.ours.p50 for size, one in found.items()}
    floor = {size: one.floors[0].p50 for size, one in found.items() if one.floors}
    ends: list[tuple[str, float, float]] = []
    for name, line in (("floor", floor), ("ours", ours)):
        if not line:
            continue
        points = [(scale.x(size), scale.y(seconds), seconds) for size, seconds in line.items()]
        yield f'<path class="{name}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)}"/>'
        for x, y, seconds in points:
            said = escape(_seconds(seconds))
            yield f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{said}</title></circle>'
        ends.append((name, points[-1][1], points[-1][2]))
    x = scale.x(list(found)[-1]) + 8
    for (name, _, seconds), y in zip(ends, _spread([y for _, y, _ in ends]), strict=True):
        yield _text(x, y + 4, _seconds(seconds), name)


def _spread(places: Sequence[float]) -> list[float]:
    """One or two labels, moved until they neither touch each other nor leave the picture."""
    if len(places) == 2 and abs(places[0] - places[1]) < APART:
        half = APART / 2
        middle = min(max(sum(places) / 2, 6 + half), HIGH - 6 - half)
        sign = 1 if places[0] >= places[1] else -1
        places = [middle + sign * half, middle - sign * half]
    return [min(max(place, 6.0), HIGH - 6.0) for place in places]


def _told(known: Growth) -> str:
    """The same in words, for those who do not see it."""
    said = []
    for (work, database, size), one in known.found.items():
        floor = f", floor {_seconds(one.floors[0].p50)}" if one.floors else ""
        where = f"{work}, {NAMES.get(database, database)}, {people(size)}"
        said.append(f"{where}: {_seconds(one.ours.p50)}{floor}")
    return "; ".join(said)


def _seconds(seconds: float) -> str:
    """Two digits that count: 0.52 ms, 12 ms, 1.4 s."""
    value, unit = (seconds, "s") if seconds >= 0.9995 else (seconds * 1000, "ms")
    return f"{value:.0f} {unit}" if value >= 9.95 else f"{float(f'{value:.2g}'):g} {unit}"


def _text(x: float, y: float, said: str, style: str) -> str:
    return f'<text x="{x:g}" y="{y:.1f}" class="{style}">{escape(said)}</text>'


@click.command(help=__doc__)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.argument(
    "results", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(out: Path, results: tuple[Path, ...]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(picture(growth(read(results))), encoding="utf-8")


if __name__ == "__main__":
    main()
