"""`tracker institutions`: hospitals, branches and clinics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker import clock
from tracker.cli.command import as_json, tell, working, writing
from tracker.cli.words import _, example
from tracker.models import InstitutionKind
from tracker.services.audit import SYSTEM
from tracker.services.workforce import institution, region


@click.group(help=_("登记、导入机构。"), epilog=example("tracker institutions import clinics.csv"))
def institutions() -> None:
    """Commands about institutions."""


@institutions.command(
    help=_("登记一个机构。"),
    epilog=example(
        "tracker institutions add --name 颍桥镇卫生院 --kind township_hospital --region 411025101"
    ),
)
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice([str(kind) for kind in InstitutionKind]))
@click.option("--region", required=True, help=_("所在地区的代码。"))
@click.option("--parent", default="", help=_("上级机构的名字。"))
@click.option("--county-group", default="", help=_("所属医共体的名字。"))
@click.option("--licence-no", default="", help=_("执业许可证号。"))
@click.option("--phone", default="")
@as_json
@working
def add(as_json: bool, **typed: Any) -> None:
    session = writing()
    kind, place = InstitutionKind(typed.pop("kind")), typed.pop("region")
    new = institution.NewInstitution(typed.pop("name"), kind, place, **typed)
    added = institution.add(session, SYSTEM, clock.now(), new)
    session.commit()
    tell(as_json, {"id": added.id, "name": added.name}, _("已登记 %(name)s", name=added.name))


@institutions.command(
    "import",
    help=_("导入机构，列为 name,kind,region_code，可另有 parent,county_group,licence_no,phone。"),
    epilog=example("tracker institutions import clinics.csv"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@working
def import_(file: Path, as_json: bool) -> None:
    session = writing()
    text = region.decode(file.read_bytes())
    added, there = institution.import_csv(session, SYSTEM, clock.now(), text)
    session.commit()
    tell(
        as_json, {"new": added, "same": there}, _("新增 %(new)s 个，已有 %(same)s 个", new=added, same=there)
    )
