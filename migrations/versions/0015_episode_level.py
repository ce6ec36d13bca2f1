"""What the nightly scan asks of each recorded episode, without reading its row."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NAME = "ix_episode_task_id_level"


def upgrade() -> None:
    op.create_index(NAME, "episode", ["task_id", "level", "resolved_at"])
    bind = op.get_bind()
    if bind.dialect.name == "sqlite" and sa.inspect(bind).has_table("sqlite_stat1"):
        op.execute("ANALYZE episode")  # beside others that are known it would not be chosen


def downgrade() -> None:
    op.drop_index(NAME, "episode")
