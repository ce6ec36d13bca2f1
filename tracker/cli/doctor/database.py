"""Whether the address of the database names one that the program can use; nothing is made by looking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

import config
from tracker.cli.doctor.finding import Finding, mend
from tracker.cli.words import _

KINDS = ("sqlite", "postgresql")
EXAMPLE = "postgresql+psycopg://tracker:password@127.0.0.1/tracker"


def look(settings: config.Settings) -> Iterator[Finding]:
    """A finding only where it is no use to go on."""
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):  # the port may be no number
        yield unknown(_("读不懂"))
        return
    if url.get_backend_name() not in KINDS:
        yield unknown(_("不认识 %(kind)s", kind=url.get_backend_name()))


def unknown(reason: str) -> Finding:
    """The reason never holds the address: there is a password in it."""
    words = _("TRACKER_DATABASE_URL 不能用（%(reason)s）", reason=reason)
    return mend("database", words, _("写成 %(example)s 这样；不设就用 SQLite", example=EXAMPLE))


def unusable(failed: Exception) -> Finding:
    reason = str(getattr(failed, "orig", None) or failed).splitlines()[0]
    remedy = _("看数据库和 TRACKER_DATABASE_URL；还没有建好就运行 tracker db upgrade")
    return mend("database", _("数据库用不了（%(reason)s）", reason=reason), remedy)


def missing(url: URL) -> Iterator[Finding]:
    """SQLite would make an empty file of a mistyped path, and it would look like a new county."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return
    if not Path(name).exists():
        remedy = _("看 TRACKER_DATABASE_URL 的路径有没有写错；确实是新装的县，就运行 tracker db upgrade")
        yield mend("database", _("没有数据库文件 %(file)s", file=name), remedy)
