"""The statuses of one person are found by the person, and not among those of the whole county."""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

OLD, NEW = 'ix_status_period_resident_id', 'ix_status_period_resident_id_condition_id_from_on'


def upgrade() -> None:
    op.create_index(NEW, 'status_period', ['resident_id', 'condition_id', 'from_on'])
    op.drop_index(OLD, 'status_period')


def downgrade() -> None:
    op.create_index(OLD, 'status_period', ['resident_id'])
    op.drop_index(NEW, 'status_period')
