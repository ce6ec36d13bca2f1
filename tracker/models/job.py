"""Runs of the nightly jobs, one per (job, slot), and the sign of life of the scheduler."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Json


class JobRun(Base):
    """The claim of a slot; who inserts the row runs the job. A failed one may be claimed again."""

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_job_started_at", "job", "started_at"),)

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    """running, done or failed"""
    attempt: Mapped[int] = mapped_column(default=1)
    host: Mapped[str] = mapped_column(String(120), default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[Json | None] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(String(4000), default="")


class Heartbeat(Base):
    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
