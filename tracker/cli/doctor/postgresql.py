"""PostgreSQL's own settings against what is recommended for a county on two cores and 8 GB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from tracker.cli.doctor.finding import Finding, State, advice, fine, mend
from tracker.cli.words import _

OLDEST = 15


@dataclass(frozen=True, slots=True)
class Setting:
    """`least` counts sizes in bytes and times in milliseconds; without it the text has to be the same."""

    name: str
    wanted: str
    least: float | None = None
    state: State = State.ADVICE
    solid_state: bool = False
    """Only where the disk is one; it cannot be seen from here."""


KB, MB, GB = 2**10, 2**20, 2**30
SECOND = 1000
SAFE = State.MEND
SETTINGS = (
    Setting("fsync", "on", state=SAFE),
    Setting("synchronous_commit", "on", state=SAFE),
    Setting("full_page_writes", "on", state=SAFE),
    Setting("autovacuum", "on", state=SAFE),
    Setting("max_connections", "60", 60),
    Setting("shared_buffers", "2GB", GB),
    Setting("effective_cache_size", "5GB", 2 * GB),
    Setting("work_mem", "16MB", 8 * MB),
    Setting("maintenance_work_mem", "256MB", 128 * MB),
    Setting("max_wal_size", "4GB", 2 * GB),
    Setting("checkpoint_timeout", "15min", 600 * SECOND),
    Setting("random_page_cost", "1.1", solid_state=True),
    Setting("jit", "off"),
)
"""Those that `docs/postgresql.md` explains; a larger machine may have more than the least.

What the log keeps is looked at apart. How many processes serve the web cannot be seen from here.
"""
UNITS = {"B": 1, "kB": KB, "8kB": 8 * KB, "MB": MB, "GB": GB, "ms": 1, "s": SECOND, "min": 60 * SECOND}
ASKED = text(
    "SELECT name, setting, unit, current_setting(name), pending_restart FROM pg_settings WHERE name IN :names"
).bindparams(bindparam("names", expanding=True))
STALE = text(
    "SELECT relname FROM pg_stat_user_tables WHERE last_analyze IS NULL AND last_autoanalyze IS NULL"
    " AND n_live_tup > 10000 ORDER BY relname"
)
WASTE = text(
    "SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 50000 AND n_dead_tup > n_live_tup / 5"
    " ORDER BY relname"
)


def look(connection: Connection) -> Iterator[Finding]:
    yield _version(connection)
    yield _encoding(connection)
    found = {row[0]: row[1:] for row in connection.execute(ASKED, {"names": [s.name for s in SETTINGS]})}
    wrong = [each for each in SETTINGS if not _holds(each, *found[each.name][:2])]
    yield from (_told(each, found[each.name][2]) for each in wrong)
    if not wrong:
        yield fine("postgresql", _("PostgreSQL 的设置合适"))
    yield from _logged(connection)
    yield from _waiting([name for name, row in found.items() if row[3]])
    yield from _tables(connection)


def _told(wanted: Setting, value: str) -> Finding:
    statement = f"ALTER SYSTEM SET {wanted.name} = '{wanted.wanted}';"
    known = {"name": wanted.name, "value": value, "wanted": wanted.wanted}
    if wanted.solid_state:
        words = _("PostgreSQL 的 %(name)s 是 %(value)s：固态硬盘建议 %(wanted)s，机械硬盘这样就好", **known)
        return advice("postgresql", words, _("固态硬盘才运行：%(statement)s", statement=statement))
    words = _("PostgreSQL 的 %(name)s 是 %(value)s，建议 %(wanted)s", **known)
    return Finding("postgresql", wanted.state, words, statement)


def _version(connection: Connection) -> Finding:
    number = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if number < OLDEST:
        return mend(
            "version", f"PostgreSQL {number}", _("升级到 PostgreSQL %(oldest)s 或更新", oldest=OLDEST)
        )
    return fine("version", f"PostgreSQL {number}")


def _encoding(connection: Connection) -> Finding:
    found = str(connection.scalar(text("SHOW server_encoding")))
    if found != "UTF8":
        return mend(
            "encoding", _("数据库的编码是 %(found)s", found=found), _("用 --encoding UTF8 重新建库再导入")
        )
    return fine("encoding", "UTF8")


def _holds(wanted: Setting, value: str, unit: str | None) -> bool:
    if wanted.least is None:
        return value == wanted.wanted
    return float(value) * UNITS.get(unit or "", 1) >= wanted.least


def _logged(connection: Connection) -> Iterator[Finding]:
    """Values of statements are names and ID numbers; they do not belong into a log."""
    asked = "SHOW log_min_duration_statement", "SHOW log_statement", "SHOW log_parameter_max_length"
    slow, every, length = (str(connection.scalar(text(each))) for each in asked)
    if (slow != "-1" or every not in ("none", "ddl")) and length != "0":
        words = _("PostgreSQL 的日志里会有姓名和证件号")
        yield mend("log", words, "ALTER SYSTEM SET log_parameter_max_length = '0'; SELECT pg_reload_conf();")


def _waiting(names: list[str]) -> Iterator[Finding]:
    if names:
        words = _("改过的设置还没有生效：%(names)s", names=", ".join(names))
        yield advice("postgresql", words, _("重新启动 PostgreSQL"))


def _tables(connection: Connection) -> Iterator[Finding]:
    if stale := connection.scalars(STALE).all():
        words = _("没有统计过的表，查询会选错路：%(names)s", names=", ".join(stale))
        yield advice("tables", words, "ANALYZE;")
    if waste := connection.scalars(WASTE).all():
        words = _("留着很多废行的表：%(names)s", names=", ".join(waste))
        yield advice("tables", words, f"VACUUM (ANALYZE) {', '.join(waste)};")
