"""Indexes that tell who is away or reported dead without reading the rows: lists and the scan ask often."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

OLD = {
    "ix_status_period_resident_id_condition_id_from_on": (
        "status_period",
        ["resident_id", "condition_id", "from_on"],
    ),
    "ix_status_event_resident_id": ("status_event", ["resident_id"]),
}
NEW = {
    "ix_status_period_resident_id_status": (
        "status_period",
        ["resident_id", "condition_id", "from_on", "to_on", "status"],
    ),
    "ix_status_event_resident_id_status": ("status_event", ["resident_id", "status"]),
}
Indexes = dict[str, tuple[str, list[str]]]


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(old: Indexes, new: Indexes) -> None:
    for name, (table, columns) in new.items():
        op.create_index(name, table, columns)
    for name, (table, _) in old.items():
        op.drop_index(name, table)
    bind = op.get_bind()
    if bind.dialect.name == "sqlite" and sa.inspect(bind).has_table("sqlite_stat1"):
        for table, _ in new.values():
            op.execute(f"ANALYZE {table}")  # beside others that are known they would not be chosen
