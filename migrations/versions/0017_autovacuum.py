"""PostgreSQL also tidies the busy tables that came after 0005 more often; they grow with the county, too.

`heartbeat` has a row or two: what PostgreSQL does by itself is sooner than this would be.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

CHANGING = ("alert", "device_nonce", "episode", "resident_change", "touched")
"""Rows are rewritten, or come and go all day: their pages keep room for it."""
UPDATES = {
    "fillfactor": "90",
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_threshold": "500",
    "autovacuum_analyze_scale_factor": "0.02",
}


def upgrade() -> None:
    listed = ", ".join(f"{name} = {value}" for name, value in UPDATES.items())
    _set(f"SET ({listed})")


def downgrade() -> None:
    _set(f"RESET ({', '.join(UPDATES)})")


def _set(what: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in CHANGING:
            op.execute(f"ALTER TABLE {table} {what}")
