"""`tracker db`: the key file and the migrations."""

from __future__ import annotations

import click

from tracker.cli.command import application, as_json, tell, working


@click.group()
def db() -> None:
    """升级、检查数据库结构。例：tracker db upgrade"""


@db.command()
@as_json
@working
def upgrade(as_json: bool) -> None:
    """升级到最新结构；没有密钥文件时先生成一个（0600）。

    例：tracker db upgrade
    """
    from flask_migrate import upgrade

    from tracker.models.sealed import KeyRing, use_keys

    path = application().config["SETTINGS"].data_key_file
    KeyRing.create(path)
    use_keys(KeyRing.read(path))
    upgrade()
    revision = _current()
    tell(as_json, {"revision": revision}, f"数据库结构已是最新（{revision}）")


@db.command()
@click.argument("revision", default="-1")
@as_json
@working
def downgrade(revision: str, as_json: bool) -> None:
    """退回到较早的结构，会丢数据。

    例：tracker db downgrade 0001
    """
    from flask_migrate import downgrade

    downgrade(revision=revision)
    found = _current()
    tell(as_json, {"revision": found}, f"数据库结构退回到 {found}")


@db.command()
@as_json
@working
def check(as_json: bool) -> None:
    """看数据库结构是不是最新；不是则以 1 退出。

    例：tracker db check
    """
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(application().extensions["migrate"].directory).get_current_head()
    current = _current()
    tell(as_json, {"revision": current, "head": head}, f"数据库 {current}，程序 {head}")
    if current != head:
        raise SystemExit(1)


def _current() -> str | None:
    from alembic.migration import MigrationContext

    from tracker.extensions import db

    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
