"""What leads did about refused records, and about pairs of visits to one person."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "submission", sa.Column("kind", sa.String(12), nullable=False, server_default=sa.text("'visit'"))
    )
    op.add_column("submission", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.add_column("submission", sa.Column("settled_by", sa.Uuid(), nullable=True))
    op.add_column(
        "submission", sa.Column("settled_for", sa.String(500), nullable=False, server_default=sa.text("''"))
    )
    op.create_table(
        "visit_pair",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("village_code", sa.String(12), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["visit.id"], name="fk_visit_pair_first_id_visit"),
        sa.ForeignKeyConstraint(["second_id"], ["visit.id"], name="fk_visit_pair_second_id_visit"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name="fk_visit_pair_resident_id_resident"),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name="fk_visit_pair_settled_by_staff"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_visit_pair"),
    )
    op.create_index("ix_visit_pair_village_code", "visit_pair", ["village_code"])


def downgrade() -> None:
    op.drop_table("visit_pair")
    for name in ("settled_for", "settled_by", "device_id", "kind"):
        op.drop_column("submission", name)
