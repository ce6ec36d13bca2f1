"""`tracker regions`: the region tree from a CSV file."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.services.workforce import region


@click.group(help=_("导入地区树。"), epilog=example("tracker regions import 411025.csv"))
def regions() -> None:
    """Commands about regions."""


@regions.command(
    "import",
    help=_("导入地区树，列为 code,name,level,parent_code；重复导入不会改变什么。"),
    epilog=example("tracker regions import 411025.csv"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@working
def import_(file: Path, as_json: bool) -> None:
    session = writing()
    found = region.import_csv(session, region.decode(file.read_bytes()))
    session.commit()
    result = {"new": found.new, "changed": found.changed, "same": found.same}
    tell(as_json, result, _("新增 %(new)s 个，改名 %(changed)s 个，不变 %(same)s 个", **result))
