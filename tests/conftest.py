"""Every test that touches storage asks for `database` and so runs on SQLite and on PostgreSQL.

One migrated database of each kind is made per worker and session; a test gets it empty again, apart from
what the migrations bring.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config
from tests import postgres
from tracker import create_app
from tracker.extensions import db
from tracker.migrations import upgrade
from tracker.models import Base
from tracker.models.sealed import KeyRing, use_keys

os.environ["TRACKER_LOCALE"] = "zh_Hans_CN"  # whatever language the terminal speaks
SECRET = "made up for the tests only, 0123456789"
KINDS = ("sqlite", "postgresql")
KEPT = {"package", "sync_state"}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    # In memory where the system allows: every commit of SQLite waits for the disk otherwise.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tracker-test-", dir=memory) as name:
        yield Path(name)


class Browser(FlaskClient):
    """Each request in an application context of its own, as on a server, after the test's commit."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


def _application(url: str, folder: Path) -> Flask:
    keys = folder / "keys.json"
    KeyRing.create(keys)
    settings = config.Settings(database_url=url, secret_key=SECRET, data_key_file=keys, instance=folder)
    app = create_app(settings)
    app.config["TESTING"] = True
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(scope="session")
def apps(folder: Path, postgres_url: str) -> dict[str, Flask]:
    """An application per kind of database, migrated."""
    name = f"test_{os.getpid()}"
    return {
        "sqlite": _application(f"sqlite:///{folder}/tracker.db", folder),
        "postgresql": _application(postgres.create(postgres_url, name), folder),
    }


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that this run of the test is on."""
    return str(request.param)


@pytest.fixture
def app(apps: dict[str, Flask], database: str) -> Iterator[Flask]:
    app = apps[database]
    use_keys(KeyRing.read(app.config["SETTINGS"].data_key_file))  # other tests of this process may use others
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()
        _empty()


def _empty() -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        if connection.dialect.name == "postgresql":
            # Deleting a few rows is much quicker than truncating as many tables.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in Base.metadata.tables:
            if table not in KEPT:
                connection.execute(text(f'DELETE FROM "{table}"'))
        connection.commit()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
