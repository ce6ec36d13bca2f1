"""Last digits are found village by village: in a county thousands of people may share four of them."""

from alembic import op

revision = "0009"
down_revision = "0008"

INDEXES = {
    "ix_resident_village_code_id_tail": ("resident", ["village_code", "id_tail"]),
    "ix_resident_phone_village_code_tail_key": ("resident_phone", ["village_code", "tail_key"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
