"""The database structure that this version needs, and the way there. Alembic is loaded only to go there:
it takes a tenth of a second and ten megabytes that web workers and other commands can do without."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, text

import config
from tracker.extensions import db

FOLDER = Path(config.__file__).resolve().parent / "migrations"
NAMED = re.compile(r"^(down_revision|revision)\b[^=\n]*= *['\"](\w+)['\"]", re.M)


@cache
def head() -> str:
    """The latest structure: the revision that no other one follows."""
    named = [
        found
        for path in sorted((FOLDER / "versions").glob("*.py"))
        for found in NAMED.findall(path.read_text(encoding="utf-8"))
    ]
    followed: set[str] = {revision for what, revision in named if what == "down_revision"}
    last: str
    (last,) = {revision for what, revision in named if what == "revision"} - followed
    return last


def current(connection: Connection) -> str | None:
    """The structure of this database, or None where it was never migrated."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(revision: str = "head") -> None:
    import flask_migrate

    _bind()
    flask_migrate.upgrade(revision=revision)


def downgrade(revision: str = "-1") -> None:
    import flask_migrate

    _bind()
    flask_migrate.downgrade(revision=revision)


def _bind() -> None:
    import flask_migrate

    if "migrate" not in current_app.extensions:
        flask_migrate.Migrate(current_app, db, directory=str(FOLDER))
