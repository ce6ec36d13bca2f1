"""When an overdue episode was over, and indexes for the nightly scans."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

UNRESOLVED = sa.text('resolved_at IS NULL')


def upgrade() -> None:
    # Left empty: the next scan finds what is over.
    op.add_column('episode', sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        'ix_episode_unresolved', 'episode', ['task_id'], sqlite_where=UNRESOLVED, postgresql_where=UNRESOLVED
    )
    op.create_index('ix_contract_end_on', 'contract', ['end_on'])


def downgrade() -> None:
    op.drop_index('ix_contract_end_on', 'contract')
    op.drop_index('ix_episode_unresolved', 'episode')
    op.drop_column('episode', 'resolved_at')
