"""`python -m tracker.jobs.roster_child ID`: works one uploaded roster off, in a process of its own.

The command line and the web framework stay outside: they would take as much memory as a small roster.
"""

from __future__ import annotations

import gc
import resource
import sys
from uuid import UUID

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

import config
from tracker import clock, database, journal
from tracker.jobs.priority import give_way
from tracker.jobs.roster_work import work
from tracker.models.sealed import KeyRing, use_keys
from tracker.services.roster.file import Folder
from tracker.services.roster.worker import FOLDER

MEMORY, SECONDS = 2 * 1024**3, 3600
"""A hostile file ends its own process and nothing else."""
RARELY = 100_000
"""Objects between two looks for garbage; those of the program itself never are."""


def main(key: UUID) -> bool:
    """False where there was nothing to do, or another process does it."""
    settings = config.from_environment()
    journal.configure()
    clock.use_zone(settings.timezone)
    use_keys(KeyRing.read(settings.data_key_file))
    engine = _engine(settings.database_url)
    try:
        return work(lambda: Session(engine, expire_on_commit=False), Folder(settings.instance / FOLDER), key)
    finally:
        engine.dispose()


def limit() -> None:
    """What this process may take at most."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _engine(url: str) -> Engine:
    engine = create_engine(url, **database.engine_options(url))
    database.tune(engine, cache=database.IMPORT_CACHE)
    return engine


if __name__ == "__main__":
    gc.set_threshold(RARELY)
    give_way()
    limit()
    main(UUID(sys.argv[1]))
