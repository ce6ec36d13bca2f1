"""`tracker demo`: a made-up county to try the product with, the same one each time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker import clock
from tracker.cli.command import application, as_json, tell, working, writing
from tracker.cli.words import _, example

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tracker.demo.loader import Loaded


@click.command(
    help=_("装入一个编造的县：居民、签约、慢病和一年的随访；中断后再运行会接着装。"),
    epilog=example("tracker demo --residents 2000"),
)
@click.option(
    "--county",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("地区文件；默认用自带的襄城县。"),
)
@click.option(
    "--residents", default=20_000, show_default=True, type=click.IntRange(1, 5_000_000), help=_("人数。")
)
@click.option("--seed", default=1, show_default=True, help=_("同一个数字总是生成同样的人。"))
@as_json
@working
def demo(county: Path | None, residents: int, seed: int, as_json: bool) -> None:
    settings = application().config["SETTINGS"]
    if settings.secure:
        raise click.ClickException(_("这是正式环境（TRACKER_BASE_URL 是 https），不能装演示数据"))
    loaded = _load(county, residents, seed)
    made = _sign_ins(settings.instance, loaded)
    result = {key: str(value) if key == "today" else value for key, value in asdict(loaded).items()}
    words = _(
        "演示县 %(county)s：居民 %(residents)s 人，慢病 %(patients)s 人",
        county=loaded.county, residents=loaded.residents, patients=loaded.patients,
    )  # fmt: skip
    tell(as_json, result | {"sign_ins": made["file"]}, f"{words}\n{made['text']}".rstrip())


def _load(county: Path | None, residents: int, seed: int) -> Loaded:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from tracker.demo.loader import load
    from tracker.demo.places import PACKAGED

    shown = (TextColumn(_("生成居民")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("", total=residents)
        return load(
            _session,
            clock.today(),
            file=county or PACKAGED,
            residents=residents,
            seed=seed,
            progress=lambda done: bar.update(line, completed=done),
        )


def _session() -> Session:
    """A session of its own for each part: a transaction is over when its part is stored."""
    from sqlalchemy.orm import Session

    from tracker.extensions import db

    return Session(db.engine, expire_on_commit=False)


def _sign_ins(instance: Path, loaded: Loaded) -> dict[str, str]:
    """Fresh passwords when people were added or nobody has the old ones any more."""
    from tracker.demo import signins

    path = instance / signins.FILE
    if path.exists() and not loaded.added:
        return {"file": str(path), "text": path.read_text()}
    session = writing()
    made = signins.make(session, clock.now())
    session.commit()
    return {"file": str(path), "text": signins.write(path, made)}
