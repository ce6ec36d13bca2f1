"""Whether the embedded database writes as safely as it is meant to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from tracker.cli.doctor.finding import Finding, advice, fine, mend
from tracker.cli.words import _

WANTED = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
"""On every connection of the program; 2 is FULL."""
LONGEST_LOG = 2**30


def look(connection: Connection) -> Iterator[Finding]:
    found = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()).lower() for name in WANTED}
    wrong = {name: value for name, value in found.items() if value != WANTED[name]}
    for name, value in wrong.items():
        words = _(
            "SQLite 的 %(name)s 是 %(value)s，应是 %(wanted)s", name=name, value=value, wanted=WANTED[name]
        )
        yield mend("sqlite", words, _("数据库文件要放在本机磁盘上（不要用网络共享），并且可写；再启动一次"))
    if not wrong:
        yield fine("sqlite", _("SQLite 的设置正确"))
    yield from _log(Path(f"{connection.engine.url.database}-wal"))


def _log(path: Path) -> Iterator[Finding]:
    """It shrinks when nobody reads for a moment; a reader that never ends keeps it."""
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        words = _("%(file)s 超过 1 GB", file=path)
        yield advice("sqlite", words, _("停掉网站和定时任务再启动；若常这样，请换用 PostgreSQL"))
