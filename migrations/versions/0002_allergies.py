"""A person's allergies, encrypted like the address; empty where nobody has asked."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('resident', sa.Column('allergies', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    # Not in a batch: both databases drop a column themselves, and copying the table would meet its references.
    op.drop_column('resident', 'allergies')
