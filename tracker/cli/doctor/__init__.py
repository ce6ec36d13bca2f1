"""`tracker doctor`: looks at everything a county needs to run well, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import click
from flask import current_app, has_app_context
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import config
from tracker import clock
from tracker.cli.command import application, as_json, tell
from tracker.cli.doctor import database, disk, host, postgresql, running, sqlite, structure
from tracker.cli.doctor.finding import Finding, State
from tracker.cli.words import _, example

MARKS = {State.FINE: "✓", State.ADVICE: "·", State.MEND: "✗"}


@click.command(
    help=_("检查设置、数据库、索引、时钟、磁盘和定时任务，说明该怎么办；有要修的以 1 退出，只是建议不算。"),
    epilog=example("tracker doctor --json"),
)
@as_json
def doctor(as_json: bool) -> None:
    found = list(_look(_settings()))
    count = {state.value: sum(1 for each in found if each.state is state) for state in State}
    lines = [line for each in found for line in _lines(each)]
    if count[State.MEND] or count[State.ADVICE]:
        known = {"mend": count[State.MEND], "advice": count[State.ADVICE]}
        lines.append(_("要修的 %(mend)s 处，建议 %(advice)s 条", **known))
    else:
        lines.append(_("一切正常"))
    tell(as_json, {**count, "findings": [each.as_json() for each in found]}, "\n".join(lines))
    if count[State.MEND]:
        raise SystemExit(1)


def _settings() -> config.Settings:
    """Those of the application, if one is there already: `flask --app wsgi doctor`."""
    if has_app_context():
        return cast(config.Settings, current_app.config["SETTINGS"])
    return config.from_environment()


def _lines(found: Finding) -> list[str]:
    told = [f"{MARKS[found.state]} {found.words}"]
    return [*told, "  → " + found.remedy] if found.remedy else told


def _look(settings: config.Settings) -> Iterator[Finding]:
    yield from host.look(settings)
    useless = list(database.look(settings))
    yield from useless
    if useless:
        return
    try:
        app = application()
    except ImportError as failed:  # the driver that the address names
        yield database.unknown(str(failed))
        return
    except SQLAlchemyError as failed:
        yield database.unusable(failed)
        return
    except (LookupError, ValueError, TypeError, OSError):
        return  # without a time zone or with a broken key file, as was said
    try:
        with app.app_context():
            yield from _database(settings)
    except SQLAlchemyError as failed:
        yield database.unusable(failed)


def _database(settings: config.Settings) -> Iterator[Finding]:
    from tracker.extensions import db

    if missing := list(database.missing(db.engine.url)):
        yield from missing
        return
    with Session(db.engine) as session:
        connection = session.connection()
        yield from (sqlite if connection.dialect.name == "sqlite" else postgresql).look(connection)
        yield from disk.of_database(connection, settings.instance)
        found = list(structure.look(connection))
        yield from found
        if found[0].state is State.FINE:  # what follows reads the tables
            yield from running.look(session, settings, clock.now())
