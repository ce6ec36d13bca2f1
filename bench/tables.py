"""`python -m bench.tables RESULTS.json…`: a table of all sizes for each database, in Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from bench.result import Growth, Report, Result, growth, people, read
from bench.table import ms, ruled


def tables(reports: list[Report]) -> str:
    known = growth(reports)
    return "\n".join(_of(known, database, reports) for database in known.databases)


def _of(known: Growth, database: str, reports: list[Report]) -> str:
    settings = [report.settings for report in reports if report.database == database][-1]
    head = ("work", *(f"{people(size)}: p50 · p95 · ×" for size in known.sizes))
    rows = []
    for work in known.works:
        by_size = known.of(work, database)
        if by_size:
            rows.append((work, *(_cell(by_size.get(size)) for size in known.sizes)))
    return f"### {settings}\n\n{ruled([head, *rows])}\n"


def _cell(one: Result | None) -> str:
    if one is None:
        return "–"
    times = f"{ms(one.ours.p50)} · {ms(one.ours.p95)}"
    return f"{times} · –" if one.ratio is None else f"{times} · {one.ratio:.1f}"


@click.command(help=__doc__)
@click.argument(
    "results", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(results: tuple[Path, ...]) -> None:
    click.echo(tables(read(results)), nl=False)


if __name__ == "__main__":
    main()
