"""Whether the other processes live, the jobs end well, time is the same everywhere and a backup has room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import config
from tracker.cli.doctor.disk import room, size
from tracker.cli.doctor.finding import Finding, advice, fine, mend
from tracker.cli.words import _
from tracker.models import Audit, Heartbeat
from tracker.services.health import BEAT_HOLDS, failed_jobs

APART, FAR = timedelta(seconds=2), timedelta(seconds=30)
SPARE = 1.2
"""A backup is at most as large as the database; a fifth is left over."""


def look(session: Session, settings: config.Settings, at: datetime) -> Iterator[Finding]:
    yield _clock(session, at)
    yield _scheduler(session, at)
    yield _jobs(session)
    yield _backups(session, settings.instance)


def _clock(session: Session, at: datetime) -> Finding:
    """Against the database's own clock, and against what was written last."""
    remedy = _("打开两台机器的自动校时")
    last = session.scalar(select(Audit.at).order_by(Audit.seq.desc()).limit(1))
    if last is not None and last > at + FAR:
        words = _("时钟慢了：最后一条记录写于 %(last)s", last=f"{last:%Y-%m-%d %H:%M} UTC")
        return mend("clock", words, _("先把系统时间改对，再启动"))
    if session.get_bind().dialect.name == "sqlite":
        return fine("clock", _("时钟与记录相符"))
    began = datetime.now(UTC)
    theirs = session.scalar(text("SELECT clock_timestamp()"))
    apart = abs(theirs - (began + (datetime.now(UTC) - began) / 2)) if theirs else timedelta(0)
    words = _("与数据库的时钟相差 %(seconds)s 秒", seconds=f"{apart.total_seconds():.1f}")
    if apart > FAR:
        return mend("clock", words, remedy)
    return advice("clock", words, remedy) if apart > APART else fine("clock", words)


def _scheduler(session: Session, at: datetime) -> Finding:
    beat = session.scalar(select(func.max(Heartbeat.at)))
    if beat is None:
        return mend("scheduler", _("定时任务进程从没有启动过"), "tracker scheduler")
    if beat < at - BEAT_HOLDS:
        words = _("定时任务进程没有动静，最后一次是 %(at)s", at=f"{beat:%Y-%m-%d %H:%M} UTC")
        return mend("scheduler", words, "tracker scheduler")
    return fine("scheduler", _("定时任务进程在运行"))


def _jobs(session: Session) -> Finding:
    failed = failed_jobs(session)
    if not failed:
        return fine("jobs", _("没有失败的任务"))
    words = _("任务上次失败：%(names)s", names=", ".join(failed))
    return mend(
        "jobs", words, _("看“定时任务”页上的原因，改好后运行 tracker jobs run %(name)s", name=failed[0])
    )


def _backups(session: Session, instance: Path) -> Finding:
    """Into `backups` beside the data, as long as nobody keeps them elsewhere."""
    wanted = int(_weight(session) * SPARE)
    found = room("backups", instance / "backups", wanted, wanted)
    words = _("%(words)s，一份备份最多要 %(wanted)s", words=found.words, wanted=size(wanted))
    return Finding("backups", found.state, words, found.remedy)


def _weight(session: Session) -> int:
    asked = "SELECT pg_database_size(current_database())"
    if session.get_bind().dialect.name == "sqlite":
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(session.scalar(text(asked)) or 0)
