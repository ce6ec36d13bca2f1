"""`tracker institutions`: hospitals, branches and clinics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.models import InstitutionKind
from tracker.services import institution, region
from tracker.services.audit import SYSTEM


@click.group()
def institutions() -> None:
    """登记、导入机构。例：tracker institutions import clinics.csv"""


@institutions.command()
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice([str(kind) for kind in InstitutionKind]))
@click.option("--region", required=True, help="所在地区的代码。")
@click.option("--parent", default="", help="上级机构的名字。")
@click.option("--county-group", default="", help="所属医共体的名字。")
@click.option("--licence-no", default="", help="执业许可证号。")
@click.option("--phone", default="")
@as_json
@working
def add(as_json: bool, **typed: Any) -> None:
    """登记一个机构。

    例：tracker institutions add --name 颍桥镇卫生院 --kind township_hospital --region 411025101
    """
    session = writing()
    kind, place = InstitutionKind(typed.pop("kind")), typed.pop("region")
    new = institution.NewInstitution(typed.pop("name"), kind, place, **typed)
    added = institution.add(session, SYSTEM, clock.now(), new)
    session.commit()
    tell(as_json, {"id": added.id, "name": added.name}, f"已登记 {added.name}")


@institutions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@working
def import_(file: Path, as_json: bool) -> None:
    """导入机构，列为 name,kind,region_code，可另有 parent,county_group,licence_no,phone。

    例：tracker institutions import clinics.csv
    """
    session = writing()
    text = region.decode(file.read_bytes())
    added, there = institution.import_csv(session, SYSTEM, clock.now(), text)
    session.commit()
    tell(as_json, {"new": added, "same": there}, f"新增 {added} 个，已有 {there} 个")
