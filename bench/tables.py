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
    head = ("work", *(f"{people(size)}: p50 · p95 · × floor" for size in known.sizes))
    rows = []
    for work in known.works:
        by_size = known.of(work, database)
        if by_size:
            rows.append((work, *(_cell(by_size.get(size)) for size in known.sizes)))
    how = "\n".join(f"- {_how(report)}" for report in reports if _counts(known, report, database))
    return f"### {settings}\n\n{ruled([head, *rows])}\n\n{how}\n"


def _counts(known: Growth, report: Report, database: str) -> bool:
    """Whether anything of it stands in the table of that database."""
    at = database, report.size
    return report.database == database and any(known.found[one.work, *at] is one for one in report.results)


def _how(report: Report) -> str:
    """One line of how a file of figures came about."""
    runs = sorted({one.runs for one in report.results})
    times = str(runs[0]) if len(runs) == 1 else f"{runs[0]}–{runs[-1]}"
    told = [*(f"{one.said}." for one in report.results if one.said), *(f"{said}." for said in report.failed)]
    version = f" of {report.version}" if report.version else ""
    parts = f"{people(report.size)}: {times} runs{version}.", report.load, f"`{report.command}`", *told
    return " ".join(parts)


def _cell(one: Result | None) -> str:
    if one is None:
        return "–"
    times = f"{ms(one.ours.p50)} · {ms(one.ours.p95)}"
    if one.pieces > 1:
        times += f" · {one.pieces / one.ours.p50:,.0f} a second"
    return f"{times} · –" if one.ratio is None else f"{times} · {one.ratio:.1f} × {ms(one.floors[0].p50)}"


@click.command(help=__doc__)
@click.argument(
    "results", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(results: tuple[Path, ...]) -> None:
    click.echo(tables(read(results)), nl=False)


if __name__ == "__main__":
    main()
