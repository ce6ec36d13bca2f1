"""How often PostgreSQL tidies the tables that change all day; a share of a million rows would be too seldom."""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

GROWING = ('visit', 'visit_version', 'judgement', 'submission', 'change', 'audit')
"""Rows are added; index-only scans and estimates want them looked at soon."""
CHANGING = ('task', 'web_session')
"""Rows are rewritten in place: their pages keep room for it."""
INSERTS = {'autovacuum_vacuum_insert_scale_factor': '0.02', 'autovacuum_analyze_scale_factor': '0.02'}
UPDATES = {
    'fillfactor': '90',
    'autovacuum_vacuum_scale_factor': '0.02',
    'autovacuum_vacuum_threshold': '500',
    'autovacuum_analyze_scale_factor': '0.02',
}


def upgrade() -> None:
    for table, options in _tables():
        listed = ', '.join(f'{name} = {value}' for name, value in options.items())
        op.execute(f'ALTER TABLE "{table}" SET ({listed})')


def downgrade() -> None:
    for table, options in _tables():
        op.execute(f'ALTER TABLE "{table}" RESET ({", ".join(options)})')


def _tables():
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in GROWING:
        yield table, INSERTS
    for table in CHANGING:
        yield table, UPDATES
