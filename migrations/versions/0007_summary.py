"""Summaries of the figures by village, and triggers that note which villages they no longer hold for."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

SOURCES = ('contract', 'residence', 'status_period', 'resident_group', 'judgement', 'task', 'checkup')
"""Tables of which every column may be counted."""
COLUMNS = {
    'condition': ('resident_id', 'village_code', 'disease', 'enrolled_on'),
    'resident': ('village_code', 'birth_date'),
}
"""Of these tables other columns change often and are not counted."""

FUNCTIONS = {
    'touched_by_rows': """
        SELECT w.village_code FROM written w UNION ALL
        SELECT l.village_code FROM residence l JOIN written w ON w.resident_id = l.resident_id
    """,
    'touched_by_residents': """
        SELECT w.village_code FROM written w UNION ALL
        SELECT l.village_code FROM residence l JOIN written w ON w.id = l.resident_id
    """,
    'touched_by_changed_row': """
        SELECT OLD.village_code UNION ALL SELECT NEW.village_code UNION ALL
        SELECT l.village_code FROM residence l WHERE l.resident_id = NEW.resident_id
    """,
    'touched_by_changed_resident': """
        SELECT OLD.village_code UNION ALL SELECT NEW.village_code UNION ALL
        SELECT l.village_code FROM residence l WHERE l.resident_id = NEW.id
    """,
}
"""Of the rows written, and wherever their people ever lived: the day decides where a case is counted."""


def upgrade() -> None:
    op.create_table(
        'summary',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(24), nullable=False),
        sa.Column('village_code', sa.String(12), nullable=False),
        sa.Column('group_code', sa.String(16), nullable=False),
        sa.Column('numerator', sa.Integer(), nullable=False),
        sa.Column('denominator', sa.Integer(), nullable=False),
        sa.Column('young', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('year', 'key', 'village_code', 'group_code', name='pk_summary'),
    )
    op.create_table(
        'summary_state',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('policy_id', sa.String(40), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_summary_state'),
    )
    op.create_table(
        'touched',
        sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('village_code', sa.String(12), nullable=False),
        sa.Column('source', sa.String(24), nullable=False),
        sa.Column('taken', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('seq', name='pk_touched'),
    )
    op.create_index('ix_touched_village_code_source_taken', 'touched', ['village_code', 'source', 'taken'])
    if op.get_bind().dialect.name == 'sqlite':
        _note_on_sqlite()
    else:
        _note_on_postgresql()


def _note_on_sqlite() -> None:
    for table in (*SOURCES, *COLUMNS):
        columns = COLUMNS.get(table, ())
        changed = ' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)
        _sqlite_trigger(table, 'INSERT', 'INSERT', ['NEW'])
        _sqlite_trigger(table, 'DELETE', 'DELETE', ['OLD'])
        event = f"UPDATE OF {', '.join(columns)}" if columns else 'UPDATE'
        _sqlite_trigger(table, 'UPDATE', event, ['OLD', 'NEW'], f'WHEN {changed}' if changed else '')


def _sqlite_trigger(table: str, name: str, event: str, rows: list[str], when: str = '') -> None:
    """One note for each village and table until a summary takes it; there is but one writer at a time."""
    person = 'id' if table == 'resident' else 'resident_id'
    noted = f"""
        SELECT 1 FROM touched WHERE village_code = place.code AND source = '{table}' AND taken = 0
    """  # noqa: S608  all names are our own
    notes = ''.join(
        f"""
            INSERT INTO touched (village_code, source, taken)
            SELECT place.code, '{table}', 0 FROM ({places}) place WHERE NOT EXISTS ({noted});
        """  # noqa: S608
        for row in rows
        for places in (
            f'SELECT {row}.village_code AS code',
            f"""SELECT DISTINCT village_code AS code FROM residence
                WHERE resident_id = {row}.{person} AND village_code <> {row}.village_code""",  # noqa: S608
        )
    )
    trigger = f'{table}_touched_{name.lower()}'
    op.execute(f'CREATE TRIGGER {trigger} AFTER {event} ON "{table}" {when} BEGIN {notes} END')


def _note_on_postgresql() -> None:
    """One note for each village, table and transaction. Nobody looks for another one's note or waits for it:
    whoever counts may already have seen that one and not what is written here.
    """
    for name, body in FUNCTIONS.items():
        op.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO touched (village_code, source, taken)
                SELECT DISTINCT place.code, TG_TABLE_NAME, false FROM ({body}) place(code)
                WHERE NOT EXISTS (
                    SELECT 1 FROM touched t WHERE t.village_code = place.code AND t.source = TG_TABLE_NAME
                    AND NOT t.taken AND t.xmin = pg_current_xact_id()::xid
                );
                RETURN NULL;
            END $$
        """)  # noqa: S608
    for table in (*SOURCES, *COLUMNS):
        kind = 'resident' if table == 'resident' else 'row'
        _postgresql_trigger(table, 'insert', 'NEW', kind)
        _postgresql_trigger(table, 'delete', 'OLD', kind)
        if table not in COLUMNS:
            _postgresql_trigger(table, 'update', 'NEW', kind)
            continue
        changed = ' OR '.join(f'OLD.{column} IS DISTINCT FROM NEW.{column}' for column in COLUMNS[table])
        op.execute(f"""
            CREATE TRIGGER {table}_touched_update AFTER UPDATE OF {', '.join(COLUMNS[table])} ON {table}
            FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION touched_by_changed_{kind}()
        """)
    # A residence may be put right in place: only the old row tells of the village that loses the person.
    op.execute("""
        CREATE TRIGGER residence_touched_left AFTER UPDATE ON residence REFERENCING OLD TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION touched_by_rows()
    """)


def _postgresql_trigger(table: str, event: str, side: str, kind: str) -> None:
    op.execute(f"""
        CREATE TRIGGER {table}_touched_{event} AFTER {event.upper()} ON {table}
        REFERENCING {side} TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION touched_by_{kind}s()
    """)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in (*SOURCES, *COLUMNS):
        for event in ('insert', 'update', 'delete'):
            op.execute(f'DROP TRIGGER {table}_touched_{event}' + ('' if sqlite else f' ON {table}'))
    if not sqlite:
        op.execute('DROP TRIGGER residence_touched_left ON residence')
        for name in FUNCTIONS:
            op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('touched')
    op.drop_table('summary_state')
    op.drop_table('summary')
