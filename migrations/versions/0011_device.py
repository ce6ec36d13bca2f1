"""Phones that sign what they send, and when an account was disabled: both may deliver for a while after."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("staff", sa.Column("disabled_at", MOMENT, nullable=True))
    op.add_column("visit", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("visit", sa.Column("clock_offset", sa.BigInteger(), nullable=True))
    _devices()
    op.create_table(
        "device_nonce",
        sa.Column("nonce_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name="pk_device_nonce"),
    )
    op.create_index("ix_device_nonce_device_id", "device_nonce", ["device_id"])
    op.create_index("ix_device_nonce_address_expires_at", "device_nonce", ["address", "expires_at"])
    op.create_index("ix_device_nonce_expires_at", "device_nonce", ["expires_at"])


def _devices() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("public_key", sa.LargeBinary(65), nullable=False),
        sa.Column("share", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_for", sa.String(500), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("arrived_to", sa.Integer(), nullable=False),
        sa.Column("arrived_later", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_device_staff_id_staff"),
        sa.ForeignKeyConstraint(["revoked_by"], ["staff.id"], name="fk_device_revoked_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_index("ix_device_staff_id", "device", ["staff_id"])


def downgrade() -> None:
    # Not in a batch: both databases drop a column themselves, and copying the table would meet its references.
    op.drop_table("device_nonce")
    op.drop_table("device")
    op.drop_column("visit", "clock_offset")
    op.drop_column("visit", "device_id")
    op.drop_column("staff", "disabled_at")
