"""Whether the product can work: database and migrations, the scheduler, and how its jobs last ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.models import Heartbeat, JobRun

BEAT_HOLDS = timedelta(minutes=2)


def check(session: Session, head: str, at: datetime) -> dict[str, str]:
    """What is wrong, by part; empty when all is well."""
    try:
        found = session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        session.rollback()
        return {"database": "not reachable or never migrated"}
    if found != head:
        return {"migrations": f"at {found}, the program needs {head}"}
    problems = {}
    beat = session.scalar(select(func.max(Heartbeat.at)))
    if beat is None or beat < at - BEAT_HOLDS:
        problems["scheduler"] = "no sign of life for two minutes"
    failed = failed_jobs(session)
    if failed:
        problems["jobs"] = f"last run failed: {', '.join(failed)}"
    return problems


def failed_jobs(session: Session) -> list[str]:
    """Names of the jobs whose latest run failed."""
    latest = select(JobRun.job, func.max(JobRun.started_at).label("at")).group_by(JobRun.job).subquery()
    return list(
        session.scalars(
            select(JobRun.job)
            .join(latest, and_(latest.c.job == JobRun.job, latest.c.at == JobRun.started_at))
            .where(JobRun.state == "failed")
            .order_by(JobRun.job)
        )
    )
