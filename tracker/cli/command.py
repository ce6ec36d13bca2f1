"""What every command shares: an application context, one commit, `--json`, errors in one sentence."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import click
from flask import Flask, current_app, has_app_context
from flask_babel import force_locale
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

import config
from tracker import create_bare_app, database
from tracker.cli.words import _
from tracker.extensions import db
from tracker.schemas.problem import Refused
from tracker.words.problems import text

Body = TypeVar("Body", bound=Callable[..., Any])
as_json = click.option("--json", "as_json", is_flag=True, help=_("结果是标准输出上的一个 JSON 对象。"))


class Unreachable(click.ClickException):
    """No database answers at the address that is set."""

    exit_code = 2


def application() -> Flask:
    """The application of this process; the one of `flask --app wsgi` when that runs the command."""
    if has_app_context():
        return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]
    return create_bare_app()


def working(body: Callable[..., None]) -> Callable[..., None]:
    """Run a command inside an application; bad input ends it with one sentence and exit code 1.

    A database that cannot be reached ends it with 2.
    """

    @functools.wraps(body)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            with _inside():
                try:
                    body(*args, **kwargs)
                except Refused as refused:
                    raise click.ClickException(_("；").join(text(p) for p in refused.problems)) from None
                except DatabaseError as failed:
                    raise _of_database(failed) from None
        except RuntimeError as failed:
            raise click.ClickException(str(failed)) from None

    return run


@contextlib.contextmanager
def _inside() -> Iterator[None]:
    try:
        app = application()
    except (ArgumentError, ImportError, ValueError) as failed:
        raise _of_address(failed) or failed from None
    with app.app_context(), force_locale(config.console_locale()):
        yield


def _of_address(failed: Exception) -> Unreachable | None:
    """What is wrong with the address, which itself is not told: there is a password in it."""
    from tracker.cli.doctor import database as address

    found = next(address.look(config.from_environment()), None)
    if found is None and isinstance(failed, ImportError | ArgumentError):  # the driver that it names
        found = address.unknown(str(failed))
    return None if found is None else Unreachable(_("；").join((found.words, found.remedy)))


def _of_database(failed: DatabaseError) -> Exception:
    """In a sentence for whoever runs the database; other errors are the program's own."""
    reason = str(failed.orig).splitlines()[0]
    try:
        db.engine.connect().close()
    except DatabaseError:
        return Unreachable(_("连不上数据库（%(reason)s）；请看 TRACKER_DATABASE_URL", reason=reason))
    if not isinstance(failed, OperationalError | ProgrammingError):
        return failed
    words = _("数据库用不了（%(reason)s）；若还没有建好，请先运行 tracker db upgrade", reason=reason)
    return click.ClickException(words)


def writing() -> Session:
    """The session of a command that writes; commit it once."""
    session = db.session()
    database.begin_write(session)
    return session


def tell(as_json: bool, result: Mapping[str, Any], words: str) -> None:
    """The result: an object on standard output, or words for people."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
        click.echo(words, err=True)
    else:
        click.echo(words)
