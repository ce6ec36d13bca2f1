"""An index of open tasks that holds all that the nightly scan asks of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NAME, OPEN = "ix_task_due_on_open", sa.text("ended_on IS NULL")
COLUMNS = ["due_on", "opened_on", "id", "resident_id", "condition_id"]


def upgrade() -> None:
    _replace(COLUMNS)


def downgrade() -> None:
    _replace(COLUMNS[:1])


def _replace(columns: list[str]) -> None:
    op.drop_index(NAME, "task")
    op.create_index(NAME, "task", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    bind = op.get_bind()
    if bind.dialect.name == "sqlite" and sa.inspect(bind).has_table("sqlite_stat1"):
        op.execute("ANALYZE task")  # beside others that are known it would not be chosen
