"""Initials are found village by village: who looks for them sees a few villages of a county."""

from alembic import op

revision = "0004"
down_revision = "0003"

NAME = "ix_resident_initials_village_code_initials"


def upgrade() -> None:
    op.create_index(NAME, "resident_initials", ["village_code", "initials"])


def downgrade() -> None:
    op.drop_index(NAME, "resident_initials")
