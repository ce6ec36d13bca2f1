"""A small region file, and the county made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.demo.loader import Loaded, load
from tracker.demo.places import PACKAGED
from tracker.extensions import db
from tracker.models import ContractPackage, Package
from tracker.models.base import Base

TODAY = date(2026, 11, 22)
NUMBERED = {"audit", "change"}
"""Tables whose key is a running number, which a broken run may leave gaps in."""
Dump = dict[str, list[str]]


@pytest.fixture
def region_file(tmp_path: Path) -> Path:
    """The packaged county with two townships and three villages in each."""
    lines = PACKAGED.read_text().splitlines()
    kept = [line for line in lines if len(line.split(",")[0]) < 9]
    for township in ("411025101", "411025102"):
        inside = [line for line in lines if line.startswith(township)]
        kept += inside[:4]
    path = tmp_path / "regions.csv"
    path.write_text("\n".join(kept) + "\n")
    return path


@pytest.fixture
def make(app: Flask, region_file: Path) -> Iterator[Callable[..., Loaded]]:
    """Load a county of a few hundred people."""

    def county(**wish: Any) -> Loaded:
        options: dict[str, Any] = {"file": region_file, "residents": 360, **wish}
        return load(new_session, options.pop("today", TODAY), **options)

    yield county
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(delete(ContractPackage))
        connection.execute(delete(Package).where(Package.code != "BASIC"))
        connection.commit()


def new_session() -> Session:
    return Session(db.engine, expire_on_commit=False)


NOTED = {"touched", "resident_change", "sync_state"}
"""What the database notes of writing itself: there is more of it where more was stored at once."""


def dump() -> Dump:
    """Every row of every table, decrypted, without running numbers and passwords."""
    found: Dump = {}
    with new_session() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in NOTED:
                continue
            columns = [c for c in table.c if not (c.name == "seq" and table.name in NUMBERED)]
            rows = session.execute(select(*columns))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found
