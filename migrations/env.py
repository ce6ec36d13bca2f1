"""Runs the migrations on the application's own engine."""

from alembic import context
from flask import current_app

from tracker.database import WRITE
from tracker.models.sealed import KeyRing

db = current_app.extensions["migrate"].db
KeyRing.create(current_app.config["SETTINGS"].data_key_file)  # a database is never without its keys

with db.engine.connect().execution_options(**WRITE) as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        render_as_batch=db.engine.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
