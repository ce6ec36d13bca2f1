"""`tracker regions`: the region tree from a CSV file."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.cli.command import as_json, tell, working, writing
from tracker.services import region


@click.group()
def regions() -> None:
    """导入地区树。例：tracker regions import 411025.csv"""


@regions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@working
def import_(file: Path, as_json: bool) -> None:
    """导入地区树，列为 code,name,level,parent_code；重复导入不会改变什么。

    例：tracker regions import 411025.csv
    """
    session = writing()
    found = region.import_csv(session, region.decode(file.read_bytes()))
    session.commit()
    result = {"new": found.new, "changed": found.changed, "same": found.same}
    tell(as_json, result, f"新增 {found.new} 个，改名 {found.changed} 个，不变 {found.same} 个")
