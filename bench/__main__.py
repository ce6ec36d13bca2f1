"""`python -m bench`: makes a county, measures each work beside its floors, prints a table.

Exits with 1 where a work failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bench.county import KINDS, RECOMMENDED, SETTINGS
from bench.report import report
from bench.result import Report, write
from bench.works import WORKS


@click.command(help=__doc__)
@click.option("--size", default=10_000, show_default=True, type=click.IntRange(100, 5_000_000))
@click.option("--database", default="both", show_default=True, type=click.Choice([*KINDS, "both"]))
@click.option(
    "--work", "names", multiple=True, type=click.Choice(list(WORKS)), help="All of them by default."
)
@click.option(
    "--repeat", type=click.IntRange(1), help="Runs of each work; each has its own number by default."
)
@click.option(
    "--settings",
    default=RECOMMENDED,
    show_default=True,
    type=click.Choice(SETTINGS),
    help="Of the PostgreSQL server: as docs/postgresql.sql says, or as it is installed.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Leave the counties in this folder, and use those that are there.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the tables here too, and the figures beside them as JSON, after each work.",
)
def main(
    size: int,
    database: str,
    names: tuple[str, ...],
    repeat: int | None,
    settings: str,
    keep: Path | None,
    out: Path | None,
) -> None:
    done: dict[str, tuple[str, Report]] = {}
    wanted = [name for name in WORKS if not names or name in names]
    for kind in KINDS if database == "both" else [database]:

        def kept(text: str, data: Report, kind: str = kind) -> None:
            done[kind] = text, data
            if out is not None:
                _write(out, list(done.values()))

        text, _ = report(kind, size, wanted, repeat, keep, kept, settings)
        click.echo(text)
    if any(data.failed for _, data in done.values()):
        raise SystemExit(1)


def _write(out: Path, reports: Sequence[tuple[str, Report]]) -> None:
    """What is known so far: an error or a power cut later loses nothing of it."""
    out.write_text("\n".join(text for text, _ in reports), encoding="utf-8")
    write(out.with_suffix(".json"), [data for _, data in reports])


if __name__ == "__main__":
    main()
