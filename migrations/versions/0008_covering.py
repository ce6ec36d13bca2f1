"""Indexes that hold all that a count of contracts asks, so that the wide rows are not read for it."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CONTRACT = "ix_contract_resident_id_in_force"
RESIDENCE = "ix_residence_resident_id_village_code"


def upgrade() -> None:
    columns = ["resident_id", "end_on", "start_on", "terminated_on", "evidence", "voided_at", "signed_on"]
    op.create_index(CONTRACT, "contract", columns)
    op.create_index(RESIDENCE, "residence", ["resident_id", "from_on", "to_on", "village_code"])
    op.drop_index("ix_contract_resident_id", "contract")
    op.drop_index("ix_contract_end_on", "contract")  # leads SQLite to read most contracts one by one


def downgrade() -> None:
    op.create_index("ix_contract_end_on", "contract", ["end_on"])
    op.create_index("ix_contract_resident_id", "contract", ["resident_id"])
    op.drop_index(RESIDENCE, "residence")
    op.drop_index(CONTRACT, "contract")
