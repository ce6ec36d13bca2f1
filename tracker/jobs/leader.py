"""Who leads: a session lock of PostgreSQL on a connection of its own, or a locked file beside SQLite's.

The lock can lapse for a moment when a connection dies unseen; the claim of each slot still holds then.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

KEY = 4110_2500
"""Of the advisory lock; locks of different databases do not meet."""
LIVELY = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Options of the connection, so that a host that vanished is noticed within seconds."""


class Lead(Protocol):
    """The lead of one scheduler over all others, as long as it is held."""

    def held(self) -> bool: ...

    def release(self) -> None: ...


def take(engine: Engine) -> Lead | None:
    """The lead, or None when somebody else has it or the database cannot be reached."""
    return _Advisory.take(engine) if engine.dialect.name == "postgresql" else _File.take(engine)


class _Advisory:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def take(cls, engine: Engine) -> Lead | None:
        # Not from the pool, and in autocommit: the lock lives as long as this connection does.
        own = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=LIVELY)
        try:
            connection = own.connect()
        except SQLAlchemyError:
            return None
        with contextlib.suppress(SQLAlchemyError):
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
                return cls(connection)
        connection.close()
        return None

    def held(self) -> bool:
        try:
            return bool(self._connection.scalar(text("SELECT 1")))
        except SQLAlchemyError:
            return False

    def release(self) -> None:
        with contextlib.suppress(SQLAlchemyError):
            self._connection.close()


class _File:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, engine: Engine) -> Lead | None:
        handle = os.open(f"{engine.url.database}.leader", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return cls(handle)

    def held(self) -> bool:
        return True  # the kernel holds it as long as the process lives

    def release(self) -> None:
        os.close(self._handle)
