"""Rows stored column by column are those that SQLAlchemy's own INSERT would have stored."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.factories import AT, COUNTY, VILLAGE, a_region_tree
from tracker.domain.person import Sex
from tracker.models import Resident, ResidentGroup
from tracker.services.store.bulk import row_of, table_of
from tracker.services.store.columns import store
from tracker.services.store.rising import rising


def a_row(serial: int) -> dict[str, Any]:
    person = {
        "id": uuid4(), "county_code": COUNTY, "village_code": VILLAGE, "archive_no": f"{VILLAGE}{serial:05d}",
        "name": "𠮷一", "sex": Sex.FEMALE, "birth_date": date(1956, 3, 2),
        "id_number": f"99910119560302{serial:04d}",
        "identity_key": bytes([serial]) * 16, "id_tail": None, "address": "东头%s" if serial % 2 else None,
        "created_at": AT, "height_cm": 160.5,
    }  # fmt: skip
    return row_of(Resident, person)


def told(session: Session, model: Any) -> list[dict[str, Any]]:
    session.expunge_all()
    columns = [p.key for p in model.__mapper__.column_attrs if p.key not in ("id", "resident_id")]
    found = [{c: getattr(row, c) for c in columns} for row in session.scalars(select(model))]
    return sorted(found, key=str)


def test_every_type_of_column_arrives_as_by_an_insert(session: Session) -> None:
    a_region_tree(session)
    connection, found = session.connection(), []
    for put in (store, lambda connection, table, rows: connection.execute(insert(table), rows)):
        rows = [a_row(serial) for serial in range(1, 4)]
        groups = [
            row_of(
                ResidentGroup,
                {
                    "id": uuid4(), "resident_id": row["id"], "village_code": VILLAGE, "code": "PRG",
                    "from_on": date(2026, 1, 5), "to_on": None,
                    "details": {"lmp": "2026-01-05", "说": [1, 2.5]},
                },
            )
            for row in rows
        ]  # fmt: skip
        put(connection, table_of(Resident), rows)
        put(connection, table_of(ResidentGroup), groups)
        found.append((told(session, Resident), told(session, ResidentGroup)))
        for model in (ResidentGroup, Resident):
            connection.execute(table_of(model).delete())
    assert found[0] == found[1]
    assert found[0][0][0]["created_at"] == AT


def test_new_ids_rise_and_none_comes_twice() -> None:
    ids = rising(AT)
    some = [next(ids) for _ in range(10_000)]
    assert some == sorted(set(some))
    assert {(key.version, key.variant) for key in some} == {(7, "specified in RFC 4122")}
