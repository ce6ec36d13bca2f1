"""Engine settings of both databases, and how a transaction says that it is going to write.

SQLite: WAL, full sync, foreign keys. Writers queue on a file lock before BEGIN IMMEDIATE, since SQLite's
own busy handler starves them; readers never wait. PostgreSQL needs none of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "synchronous=FULL",
    "cache_size=-32000",  # for each connection, in kB
)
WEB_CACHE, IMPORT_CACHE = 1_000, 8_000
"""Less for the many of web workers, and for rosters: the system keeps the file in memory for all of them."""
WRITE = {"write": "wait"}
IF_FREE = {"write": "if free"}
"""For what may as well be written another time: raises `Busy` where somebody else is writing (SQLite)."""
RESTED = 5.0
"""Seconds of rest after which a connection is asked whether it is still there; a request uses up to three."""
THREADS = 4
"""Requests that a web worker answers at once."""
EVERYWHERE = {"jit": "off"}
"""Compiling takes longer than what is compiled: half a second for each statement of a nightly job."""
WEB = {"statement_timeout": "30s", "lock_timeout": "15s", "idle_in_transaction_session_timeout": "60s"}
"""Where PostgreSQL gives up on a page; people have left long before. Jobs and imports may take their time."""
POOL = {
    "pool_size": THREADS,
    "max_overflow": THREADS,
    "pool_timeout": 10,  # then the answer is 503, which programs and phones try again
    "pool_use_lifo": True,  # few connections, and what they have cached, stay in use
}


class Busy(Exception):
    """Somebody else is writing."""


def begin_write(session: Session) -> None:
    """Start the session's transaction as a writing one; call it before the first statement."""
    session.connection(execution_options=WRITE)


def reader(engine: Engine) -> Session:
    """A short session for one or two reads, apart from the request's own transaction."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    return Session(engine, expire_on_commit=False)


@contextlib.contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """A connection for reads by `trip`, which see what is committed by then; no transaction is begun."""
    with _without_transactions(engine).connect() as connection:
        yield connection


@lru_cache(maxsize=4)
def _without_transactions(engine: Engine) -> Engine:
    """On SQLite none is begun before somebody asks SQLAlchemy for one."""
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.name == "postgresql" else engine


def engine_options(url: str, *, web: bool = False) -> dict[str, Any]:
    """A connection for each thread, and as many again for short reads apart from a request's transaction."""
    # Parameters hold personal data and must not reach a log through an error's message.
    own: dict[str, Any] = {"hide_parameters": True, "json_serializer": to_store}
    own["json_deserializer"] = from_stored
    if url.startswith("sqlite"):
        return {**own, **POOL, "connect_args": {"check_same_thread": False, "timeout": 10}}
    return {**own, **POOL, "pool_recycle": 1800, "connect_args": _postgres(url, web)}


def to_store(value: Any) -> str:
    """JSON for the database, by the same parser; Chinese takes half the room of Python's own way."""
    from pydantic_core import to_json

    try:
        return to_json(value).decode()
    except ValueError:
        return json.dumps(value)  # half a character


def from_stored(text: str | bytes) -> Any:
    """JSON from the database, read by the parser that pydantic brings, five times as fast as Python's own."""
    from pydantic_core import from_json  # takes long to load, and many commands read no JSON

    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)  # a refused body may hold half a character


def _postgres(url: str, web: bool) -> dict[str, str]:
    """What the address itself says about `options` or the name goes before."""
    given = make_url(url).query
    wanted = {"application_name": "tracker web" if web else "tracker", "connect_timeout": "10"}
    settings = EVERYWHERE | WEB if web else EVERYWHERE
    wanted["options"] = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {name: value for name, value in wanted.items() if name not in given}


def tune(engine: Engine, *, cache: int | None = None) -> None:
    """Attach the hooks of the engine's database. `cache`: kB of SQLite's own, if not those of jobs."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", lambda *given: _look_after_rest(engine.dialect, *given))
    if engine.dialect.name == "sqlite":
        own = () if cache is None else (f"cache_size=-{cache}",)
        event.listen(engine, "connect", partial(_set_pragmas, (*PRAGMAS, *own)))
        event.listen(engine, "begin", _begin)
        event.listen(engine, "checkin", _leave_queue)


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _look_after_rest(
    dialect: Any, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A connection that lay idle may be gone, by a firewall or a restart: then new ones are made."""
    now = time.monotonic()
    if now - record.info.get("rests_since", now) < RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _set_pragmas(pragmas: Sequence[str], connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("write")
    if how:
        _join_queue(connection, wait=how == "wait")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _join_queue(connection: Connection, *, wait: bool) -> None:
    path = connection.engine.url.database
    if not path or path == ":memory:" or "queue" in connection.info:
        return
    handle = os.open(f"{path}.queue", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy from None
    connection.info["queue"] = handle


def _leave_queue(_connection: object, record: ConnectionPoolEntry) -> None:
    # When the connection goes back to the pool its transaction is over: only then may the next writer start.
    handle = record.info.pop("queue", None)
    if handle is not None:
        os.close(handle)
