"""Which people changed when, noted by triggers, so that a phone fetches those alone."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ROWS = (
    "resident_phone", "resident_group", "responsibility", "condition", "visit", "task", "status_period",
    "status_event", "referral_outcome", "contract",
)  # fmt: skip
"""Tables whose rows a phone shows of a person; of `resident` only these columns."""
SHOWN = ("village_code", "name", "sex", "birth_date", "height_cm", "allergies")
STAFFING = ("staff_region", "team_village", "membership")
NAMING = ("team", "region")
EVENTS = ("insert", "update", "delete")
COUNT_ON_SQLITE = """
    CREATE TRIGGER {table}_counted_{event} AFTER {action} ON "{table}"
    BEGIN UPDATE sync_state SET {column} = {column} + 1; END
"""
COUNT_ON_POSTGRESQL = """
    CREATE TRIGGER {table}_counted_{event} AFTER {action} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION count_{column}()
"""


def upgrade() -> None:
    op.create_table(
        "resident_change",
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", "resident_id", name="pk_resident_change"),
    )
    op.create_index("ix_resident_change_place_number", "resident_change", ["place", "number"])
    state = op.create_table(
        "sync_state",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("staffing", sa.BigInteger(), nullable=False),
        sa.Column("naming", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_state"),
    )
    op.bulk_insert(
        state, [{"id": 1, "epoch": secrets.token_hex(16), "number": 0, "staffing": 0, "naming": 0}]
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    # Everybody else is found without a row until something changes.
    team = "team_id" if sqlite else "replace(team_id::text, '-', '')"
    op.execute(f"""
        INSERT INTO resident_change (place, resident_id, number)
        SELECT DISTINCT {team}, resident_id, 0 FROM contract
    """)  # noqa: S608  all names are our own
    if sqlite:
        _note_on_sqlite()
    else:
        _note_on_postgresql()


def _note_on_sqlite() -> None:
    for table in ROWS:
        teams = ("team_id",) if table == "contract" else ()
        for event in EVENTS:
            _sqlite_trigger(table, event, "resident_id", ("village_code", *teams))
    for event in EVENTS:
        _sqlite_trigger("resident", event, "id", ("village_code",))
    for event in EVENTS:
        row = "OLD" if event == "delete" else "NEW"
        op.execute(f"""
            CREATE TRIGGER card_changed_{event} AFTER {event.upper()} ON card BEGIN
            UPDATE sync_state SET number = number + 1;
            INSERT INTO resident_change (place, resident_id, number)
            SELECT r.village_code, r.id, s.number FROM resident r, sync_state s WHERE r.id = {row}.resident_id
            ON CONFLICT (place, resident_id) DO UPDATE SET number = excluded.number; END
        """)  # noqa: S608
    _count(COUNT_ON_SQLITE)


def _sqlite_trigger(table: str, event: str, person: str, places: tuple[str, ...]) -> None:
    """One number for each row; what an update takes from a place is noted there only where it differs."""
    old, new = f"OLD.{person}", f"NEW.{person}"
    notes = []
    for place in places:
        if event != "delete":
            notes.append(_sqlite_note(f"NEW.{place}", new))
        if event == "delete":
            notes.append(_sqlite_note(f"OLD.{place}", old))
        if event == "update":
            left = f"OLD.{place} IS NOT NEW.{place} OR {old} IS NOT {new}"
            notes.append(_sqlite_note(f"OLD.{place}", old, left))
    action = f"UPDATE OF {', '.join(SHOWN)}" if (table, event) == ("resident", "update") else event.upper()
    op.execute(f"""
        CREATE TRIGGER {table}_changed_{event} AFTER {action} ON "{table}" BEGIN
        UPDATE sync_state SET number = number + 1; {"".join(notes)} END
    """)  # noqa: S608


def _sqlite_note(place: str, person: str, when: str = "true") -> str:
    return f"""
        INSERT INTO resident_change (place, resident_id, number)
        SELECT {place}, {person}, number FROM sync_state WHERE {when}
        ON CONFLICT (place, resident_id) DO UPDATE SET number = excluded.number;
    """  # noqa: S608


def _note_on_postgresql() -> None:
    """Once for each statement; a row that this transaction has noted already is left as it is."""
    for side in ("written", "gone"):
        for kind, places in PLACES.items():
            _postgresql_function(f"changed_{kind}_{side}", places.format(rows=side))
    for kind, places in PLACES.items():
        both = f"{places.format(rows='written')} UNION {places.format(rows='gone')}"
        _postgresql_function(f"changed_{kind}_both", both)
    for table in (*ROWS, "resident", "card"):
        kind = table if table in PLACES else "row"
        for event, side, rows in (
            ("insert", "written", "NEW TABLE AS written"),
            ("update", "both", "NEW TABLE AS written OLD TABLE AS gone"),
            ("delete", "gone", "OLD TABLE AS gone"),
        ):
            op.execute(f"""
                CREATE TRIGGER {table}_changed_{event} AFTER {event.upper()} ON {table}
                REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION changed_{kind}_{side}()
            """)
    for column in ("staffing", "naming"):
        op.execute(f"""
            CREATE FUNCTION count_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN UPDATE sync_state SET {column} = {column} + 1; RETURN NULL; END $$
        """)  # noqa: S608
    _count(COUNT_ON_POSTGRESQL)


PLACES = {
    "row": "SELECT village_code, resident_id FROM {rows}",
    "resident": "SELECT village_code, id FROM {rows}",
    "card": "SELECT r.village_code, r.id FROM {rows} g JOIN resident r ON r.id = g.resident_id",
    "contract": """
        SELECT village_code, resident_id FROM {rows}
        UNION SELECT replace(team_id::text, '-', ''), resident_id FROM {rows}
    """,
}


def _postgresql_function(name: str, places: str) -> None:
    op.execute(f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE own bigint := pg_current_xact_id()::text::bigint;
        BEGIN
            INSERT INTO resident_change (place, resident_id, number)
            SELECT DISTINCT w.place, w.person, own FROM ({places}) w(place, person)
            WHERE NOT EXISTS (
                SELECT 1 FROM resident_change c
                WHERE c.place = w.place AND c.resident_id = w.person AND c.number = own
            )
            ORDER BY 1, 2
            ON CONFLICT (place, resident_id) DO UPDATE SET number = excluded.number;
            RETURN NULL;
        END $$
    """)  # noqa: S608


def _count(trigger: str) -> None:
    staffing = [(table, event, event.upper()) for table in STAFFING for event in EVENTS]
    staffing.append(("staff", "update", "UPDATE OF active, role"))
    for table, event, action in staffing:
        op.execute(trigger.format(table=table, event=event, action=action, column="staffing"))
    for table in NAMING:
        op.execute(trigger.format(table=table, event="update", action="UPDATE OF name", column="naming"))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = [(t, f"{t}_changed_{e}") for t in (*ROWS, "resident", "card") for e in EVENTS]
    triggers += [(t, f"{t}_counted_{e}") for t in STAFFING for e in EVENTS]
    triggers += [(t, f"{t}_counted_update") for t in ("staff", *NAMING)]
    for table, name in triggers:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        for name in (f"changed_{kind}_{side}" for kind in PLACES for side in ("written", "gone", "both")):
            op.execute(f"DROP FUNCTION {name}()")
        op.execute("DROP FUNCTION count_staffing()")
        op.execute("DROP FUNCTION count_naming()")
    op.drop_table("sync_state")
    op.drop_table("resident_change")
