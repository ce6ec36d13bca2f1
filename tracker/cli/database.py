"""`tracker db`: the key file and the migrations."""

from __future__ import annotations

import click

from tracker.cli.command import application, as_json, tell, working
from tracker.cli.words import _, example


@click.group(help=_("升级、检查数据库结构。"), epilog=example("tracker db upgrade"))
def db() -> None:
    """Commands about db."""


@db.command(
    help=_("升级到最新结构；没有密钥文件时先生成一个（0600）。"), epilog=example("tracker db upgrade")
)
@as_json
@working
def upgrade(as_json: bool) -> None:
    from tracker import migrations
    from tracker.models.sealed import KeyRing, use_keys

    path = application().config["SETTINGS"].data_key_file
    existed = path.exists()
    if KeyRing.create(path) and existed:
        click.echo(_("密钥文件 %(file)s 多了一对手机用的密钥，请重新另存一份", file=path), err=True)
    use_keys(KeyRing.read(path))
    migrations.upgrade()
    revision = _current()
    tell(as_json, {"revision": revision}, _("数据库结构已是最新（%(revision)s）", revision=revision))


@db.command(help=_("退回到较早的结构，会丢数据。"), epilog=example("tracker db downgrade 0001"))
@click.argument("revision", default="-1")
@as_json
@working
def downgrade(revision: str, as_json: bool) -> None:
    from tracker import migrations

    migrations.downgrade(revision)
    found = _current()
    tell(as_json, {"revision": found}, _("数据库结构退回到 %(revision)s", revision=found))


@db.command(help=_("看数据库结构是不是最新；不是则以 1 退出。"), epilog=example("tracker db check"))
@as_json
@working
def check(as_json: bool) -> None:
    from tracker import migrations

    head = migrations.head()
    current = _current()
    tell(
        as_json,
        {"revision": current, "head": head},
        _("数据库 %(current)s，程序 %(head)s", current=current, head=head),
    )
    if current != head:
        raise SystemExit(1)


@db.command(help=_("恢复备份以后运行：手机会把以后的记录再传一次。"), epilog=example("tracker db restored"))
@as_json
@working
def restored(as_json: bool) -> None:
    from tracker.extensions import db
    from tracker.services.sync import change

    epoch = change.begin_anew(db.session())
    db.session.commit()
    tell(as_json, {"epoch": epoch}, _("手机下次联网会重新下载名单，并把服务器没有的记录再传一次"))


def _current() -> str | None:
    from tracker import migrations
    from tracker.extensions import db

    with db.engine.connect() as connection:
        return migrations.current(connection)
