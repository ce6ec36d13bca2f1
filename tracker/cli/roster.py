"""`tracker imports`: works off what was uploaded; the web server and the scheduler start it."""

from __future__ import annotations

from uuid import UUID

import click
from flask import current_app
from sqlalchemy.orm import Session

from tracker.cli.command import as_json, tell, working
from tracker.cli.words import _, example
from tracker.extensions import db
from tracker.jobs import roster_child
from tracker.jobs.roster_work import work as work_off
from tracker.services.roster.file import Folder
from tracker.services.roster.worker import FOLDER


@click.group(help=_("处理网页上传的名册。"), epilog=example("tracker imports work --help"))
def imports() -> None:
    """Commands about imports."""


@imports.command(
    help=_("试读或录入一份上传的名册；别的进程正在做时什么也不做。"),
    epilog=example("tracker imports work 6f1c2d3e-0000-4000-8000-000000000001"),
)
@click.argument("key", type=click.UUID)
@as_json
@working
def work(key: UUID, as_json: bool) -> None:
    roster_child.limit()
    folder = Folder(current_app.config["SETTINGS"].instance / FOLDER)
    done = work_off(lambda: Session(db.engine, expire_on_commit=False), folder, key)
    tell(as_json, {"roster": str(key), "worked": done}, _("已处理") if done else _("不用处理"))
