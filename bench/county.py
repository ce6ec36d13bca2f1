"""A county of its own to measure on, made by the demo's loader; gone afterwards, or kept for the next time.

PostgreSQL's county is copied from SQLite's row by row, so that both hold the same people and visits.
"""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

import config
from bench import log, region
from bench.call import call
from bench.copy import copy
from bench.plain import Plain
from bench.recommended import recommended
from tests import postgres
from tests.clients import form_token
from tracker import clock, create_app, database
from tracker.demo.loader import Loaded, load
from tracker.extensions import db
from tracker.migrations import upgrade
from tracker.models import Membership, Staff
from tracker.models.sealed import KeyRing
from tracker.services.account import token, web_session
from tracker.services.account.web_session import Client
from tracker.services.audit import SYSTEM

KINDS = ("sqlite", "postgresql")
RECOMMENDED = "recommended"
SETTINGS = (RECOMMENDED, "default")
"""Of PostgreSQL: those that the manual gives a county, or those it is installed with."""
DOCTOR, LEAD, COMMISSION = "d0001", "lead01", "commission"
Progress = Callable[[str, int, int], None]
"""What is being made, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class County:
    """An application on a full database, and a plain connection to the same one."""

    app: Flask
    engine: Engine
    plain: Plain
    loaded: Loaded

    @property
    def day(self) -> date:
        return self.loaded.today

    @property
    def team(self) -> str:
        """The id of the team that the lead and the doctor belong to, as both databases read it."""
        with Session(self.engine) as session:
            found = select(Membership.team_id).join(Staff).where(Staff.username == LEAD)
            return session.scalars(found).one().hex

    @property
    def villages(self) -> list[str]:
        """The codes of that team's villages."""
        covered = "SELECT village_code FROM team_village WHERE team_id = :team ORDER BY 1"
        return [code for (code,) in self.plain.all(covered, team=self.team)]

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            database.begin_write(session)
            yield session
            session.commit()

    def api(self, username: str) -> dict[str, str]:
        """The headers of a program that calls as this member of staff."""
        with self.writing() as session:
            secret = token.add(session, SYSTEM, _named(session, username), clock.now())
        return {"Authorization": f"Bearer {secret}"}

    def browser(self, username: str) -> tuple[dict[str, str], str]:
        """The headers of a browser that is signed in, and the token that its forms carry."""
        with self.writing() as session:
            value = web_session.start(session, _named(session, username), clock.now(), Client(), {})
        headers = {"Cookie": f"session={value}"}
        return headers, form_token(call(self.app, "/me", headers=headers)().body.decode())


def _named(session: Session, username: str) -> Staff:
    return session.scalars(select(Staff).where(Staff.username == username)).one()


@contextlib.contextmanager
def county(
    kind: str,
    size: int,
    today: date,
    progress: Progress = lambda *_: None,
    keep: Path | None = None,
    settings: str = RECOMMENDED,
) -> Iterator[County]:
    """Made on disk, and commits wait for the disk: a figure from memory would say nothing.

    Counties lie under `keep` by size, and one that is there is used as it is: the works of earlier
    runs have left their visits in it. `settings` are those of the PostgreSQL server.
    """
    with (
        _folder(keep, size) as folder,
        _address(kind, folder, size, today, progress, settings) as url,
        _opened(url, folder) as (app, engine),
        contextlib.closing(Plain(url)) as plain,
    ):
        yield County(app, engine, plain, _load(engine, folder, size, today, lambda *_: None))


@contextlib.contextmanager
def _folder(keep: Path | None, size: int) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name:
            Path(name).chmod(0o711)  # PostgreSQL runs as somebody else
            yield Path(name)
    else:
        folder = keep.resolve() / str(size)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


@contextlib.contextmanager
def _address(
    kind: str, folder: Path, size: int, today: date, progress: Progress, settings: str
) -> Iterator[str]:
    """Where the full county is; whatever of it is missing is made first."""
    lite = f"sqlite:///{folder}/tracker.db"
    if kind == "sqlite":
        with _opened(lite, folder) as (_, engine):
            _load(engine, folder, size, today, progress)
        yield lite
        return
    given = recommended() if settings == RECOMMENDED else {}
    with postgres.server(durable=True, home=folder / "postgresql", settings=given) as server:
        url = f"{server}/county"
        if not postgres.exists(server, "county"):
            with _opened(lite, folder) as (_, engine):
                _load(engine, folder, size, today, progress)
            with _opened(postgres.create(server, "filling"), folder):
                copy(folder / "tracker.db", f"{server}/filling", progress)
            postgres.rename(server, "filling", "county")
        yield url


@contextlib.contextmanager
def _opened(url: str, folder: Path) -> Iterator[tuple[Flask, Engine]]:
    """The application on a database of today's structure."""
    app = _application(url, folder)
    with app.app_context():
        upgrade()
        pages = db.engine
    engine = create_engine(url, **database.engine_options(url))  # as jobs have it, with a larger cache
    database.tune(engine)
    try:
        yield app, engine
    finally:
        engine.dispose()
        pages.dispose()


def _load(engine: Engine, folder: Path, size: int, today: date, progress: Progress) -> Loaded:
    """Makes what is missing; of a county that is complete it only says what is in it."""
    loaded = load(
        lambda: Session(engine, expire_on_commit=False),
        today,
        file=region.write(folder / "regions.csv", size),
        residents=size,
        villages_per_team=region.VILLAGES_PER_TEAM,
        progress=lambda done: progress("county", done, size),
    )
    if loaded.added:
        log.fill(engine)
    return loaded


def _application(url: str, folder: Path) -> Flask:
    keys = folder / "keys.json"
    if not keys.exists():
        KeyRing.create(keys)
    settings: dict[str, Any] = {"database_url": url, "data_key_file": keys, "instance": folder}
    return create_app(config.Settings(secret_key=secrets.token_hex(32), **settings))
