"""Whether enough is free where the program and its database write."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from tracker.cli.doctor.finding import Finding, advice, fine, mend
from tracker.cli.words import _

GIGABYTE = 2**30
SCARCE, LITTLE = 1 * GIGABYTE, 5 * GIGABYTE
SHOWN = text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
"""Without a row for roles that may not know it, such as the owner of one database."""
USUAL = (Path("/var/lib/postgresql"), Path("/var/lib/pgsql"))
"""Where Debian and Red Hat keep PostgreSQL's data; how full that disk is may be asked by everybody."""
LOCAL = text("SELECT inet_server_addr() IS NOT DISTINCT FROM inet_client_addr()")


def enough(folder: Path) -> Finding:
    return room("disk", folder, LITTLE, SCARCE)


def room(check: str, folder: Path, little: int, scarce: int) -> Finding:
    """Whether enough is free where `folder` lies, or will lie."""
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if os.access(path, os.F_OK))
    free = shutil.disk_usage(there).free
    words = _("%(folder)s 所在的磁盘还有 %(free)s", folder=there, free=size(free))
    if free >= little:
        return fine(check, words)
    remedy = _("清理或加大磁盘，至少留出 %(wanted)s", wanted=size(little))
    return mend(check, words, remedy) if free < scarce else advice(check, words, remedy)


def size(number: int) -> str:
    return f"{number / GIGABYTE:.1f} GB" if number >= GIGABYTE else f"{number / 2**20:.0f} MB"


def of_database(connection: Connection, instance: Path) -> Iterator[Finding]:
    """Where the database itself writes, if that is another folder than the program's."""
    if connection.dialect.name == "sqlite":
        folder = Path(connection.engine.url.database or "").resolve().parent
        if folder != instance.resolve():
            yield enough(folder)
        return
    there = _of_postgresql(connection) if connection.scalar(LOCAL) else None
    if there is not None:
        yield enough(there)
    else:  # on another machine, in a container, behind a tunnel, or in a folder that is shut
        unseen = _("从这里看不到数据库所在的磁盘还有多少")
        yield advice("disk", unseen, _("在数据库那台机器上看：df -h"))


def _of_postgresql(connection: Connection) -> Path | None:
    """A folder of this machine on the disk of the data, as far as a plain role can know it."""
    named = connection.scalar(SHOWN)
    places = USUAL if named is None else (Path(named),)
    return next((place for place in places if os.access(place, os.F_OK)), None)
