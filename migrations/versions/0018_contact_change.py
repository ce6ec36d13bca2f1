"""What else a phone shows of a person is noted too: tries to reach them, who made them, and the address' group."""

from alembic import op

revision = "0018"
down_revision = "0017"

TABLE = "contact_attempt"
SIDES = {
    "insert": ("written", "NEW TABLE AS written"),
    "update": ("both", "NEW TABLE AS written OLD TABLE AS gone"),
    "delete": ("gone", "OLD TABLE AS gone"),
}
"""By event: the function of 0013 that notes the rows, and the rows that it reads."""
ADDRESS = "resident_changed_address"
"""On PostgreSQL every update of a person is noted anyway."""
LEFT = "OLD.village_code IS NOT NEW.village_code OR OLD.resident_id IS NOT NEW.resident_id"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _note_on_sqlite()
        op.execute(f"""
            CREATE TRIGGER {ADDRESS} AFTER UPDATE OF address ON resident BEGIN
            UPDATE sync_state SET number = number + 1; {_sqlite_note("NEW", person="id")} END
        """)
        count = "BEGIN UPDATE sync_state SET naming = naming + 1; END"
    else:
        _note_on_postgresql()
        count = "FOR EACH STATEMENT EXECUTE FUNCTION count_naming()"
    op.execute(f"CREATE TRIGGER staff_named_update AFTER UPDATE OF name ON staff {count}")


def _note_on_sqlite() -> None:
    for event in SIDES:
        notes = _sqlite_note("OLD" if event == "delete" else "NEW")
        if event == "update":
            notes += _sqlite_note("OLD", LEFT)
        op.execute(f"""
            CREATE TRIGGER {TABLE}_changed_{event} AFTER {event.upper()} ON {TABLE} BEGIN
            UPDATE sync_state SET number = number + 1; {notes} END
        """)


def _sqlite_note(row: str, when: str = "true", person: str = "resident_id") -> str:
    return f"""
        INSERT INTO resident_change (place, resident_id, number)
        SELECT {row}.village_code, {row}.{person}, number FROM sync_state WHERE {when}
        ON CONFLICT (place, resident_id) DO UPDATE SET number = excluded.number;
    """  # noqa: S608  all names are our own


def _note_on_postgresql() -> None:
    for event, (side, rows) in SIDES.items():
        op.execute(f"""
            CREATE TRIGGER {TABLE}_changed_{event} AFTER {event.upper()} ON {TABLE}
            REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION changed_row_{side}()
        """)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    named = [(TABLE, f"{TABLE}_changed_{event}") for event in SIDES] + [("staff", "staff_named_update")]
    if sqlite:
        named.append(("resident", ADDRESS))
    for table, name in named:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
