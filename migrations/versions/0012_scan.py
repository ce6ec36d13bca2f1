"""What the nightly scan writes no longer points at people and teams: their tasks and contracts do."""

from alembic import op

revision = "0012"
down_revision = "0011"

POINTING = {"alert": ("resident", "team"), "episode": ("resident",)}


def upgrade() -> None:
    for table, others in POINTING.items():
        with op.batch_alter_table(table) as batch:
            for other in others:
                batch.drop_constraint(f"fk_{table}_{other}_id_{other}", type_="foreignkey")


def downgrade() -> None:
    for table, others in POINTING.items():
        with op.batch_alter_table(table) as batch:
            for other in others:
                batch.create_foreign_key(f"fk_{table}_{other}_id_{other}", other, [f"{other}_id"], ["id"])
