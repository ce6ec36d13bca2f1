"""The migrations go up and down on both databases and leave what the models say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from tests.factories import a_condition, a_resident
from tracker.extensions import db
from tracker.migrations import downgrade, upgrade
from tracker.models import Base, Resident


def test_the_migrations_make_exactly_the_tables_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_going_down_leaves_nothing_and_going_up_again_works(app: Flask) -> None:
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT code FROM package")) == "BASIC"


def test_people_stay_when_the_column_of_their_allergies_goes_and_comes(app: Flask, session: Session) -> None:
    person = a_resident(session)
    person.allergies = "青霉素"
    a_condition(session, person)
    key, name = person.id, person.name
    session.commit()
    session.close()
    downgrade(revision="0001")
    with db.engine.connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("resident")}
        assert "allergies" not in columns
        assert connection.scalar(text("SELECT count(*) FROM resident")) == 1
    upgrade()
    again = session.get_one(Resident, key)
    assert (again.name, again.allergies) == (name, None)
    again.allergies = "无"
    session.commit()


def test_the_busy_tables_of_postgresql_are_tidied_sooner_than_usual(app: Flask, session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # it has nothing to set
    set_ = text("SELECT relname FROM pg_class WHERE reloptions::text LIKE '%autovacuum%' ORDER BY relname")
    first = {"audit", "change", "judgement", "submission", "task", "visit", "visit_version", "web_session"}
    later = {"alert", "device_nonce", "episode", "resident_change", "touched"}
    busy = sorted(first | later)
    assert session.scalars(set_).all() == busy
    session.commit()
    downgrade(revision="0016")
    assert session.scalars(set_).all() == sorted(first)
    session.commit()
    downgrade(revision="0004")
    assert session.scalars(set_).all() == []
    session.commit()
    upgrade()
    assert session.scalars(set_).all() == busy


def test_people_and_what_was_noted_of_them_stay_when_the_settings_of_busy_tables_go_and_come(
    app: Flask, session: Session
) -> None:
    a_condition(session, a_resident(session))
    session.commit()
    session.close()
    noted = text("SELECT place, resident_id, number FROM resident_change")
    with db.engine.connect() as connection:
        before = sorted(connection.execute(noted))
    downgrade(revision="0016")
    upgrade()
    with db.engine.connect() as connection:
        assert sorted(connection.execute(noted)) == before != []
