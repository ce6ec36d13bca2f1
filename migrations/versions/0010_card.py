"""Cards by which a person is found: a random code each, one of them valid for a person."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

VALID = sa.text('replaced_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'card',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('resident_id', sa.Uuid(), nullable=False),
        sa.Column('code', sa.String(8), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by', sa.Uuid(), nullable=True),
        sa.Column('printed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replaced_by', sa.Uuid(), nullable=True),
        sa.Column('replaced_reason', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name='fk_card_resident_id_resident'),
        sa.ForeignKeyConstraint(['made_by'], ['staff.id'], name='fk_card_made_by_staff'),
        sa.ForeignKeyConstraint(['replaced_by'], ['staff.id'], name='fk_card_replaced_by_staff'),
        sa.PrimaryKeyConstraint('id', name='pk_card'),
        sa.UniqueConstraint('code', name='uq_card_code'),
    )
    op.create_index('ix_card_resident_id', 'card', ['resident_id'])
    op.create_index(
        'uq_card_resident_id_valid', 'card', ['resident_id'], unique=True, sqlite_where=VALID, postgresql_where=VALID
    )


def downgrade() -> None:
    op.drop_table('card')
