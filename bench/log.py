"""What saving a county's visits one by one would have left in its logs: the bulk loader writes none."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tracker import database

DASHED = "substr({0}, 1, 8) || '-' || substr({0}, 9, 4) || '-' || substr({0}, 13, 4) || '-' || " + (
    "substr({0}, 17, 4) || '-' || substr({0}, 21)"
)
"""An id as it is written; SQLite stores its digits alone."""
SENT = "FROM visit v WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.visit_id = v.id)"
ACTS = f"""
    INSERT INTO audit (at, staff_id, role, address, device, action, object_type, object_id, village_code,
                       reason, result, details)
    SELECT v.received_at, v.visited_by, 'village_doctor', '', '', 'record visit', 'visit',
           {DASHED.format("v.id")}, v.village_code, '', 'done', '{{}}'
    {SENT} ORDER BY v.received_at, v.id
"""
SUBMISSIONS = f"""
    INSERT INTO submission (id, visit_id, body_hash, resident_id, village_code, status, body, answer,
                            received_at, staff_id, kind, settled_for)
    SELECT lower(hex(randomblob(16))), v.id, randomblob(32), v.resident_id, v.village_code,
           'accepted', 'null',
           json_object('id', {DASHED.format("v.id")}, 'status', 'accepted', 'visit', json(v.body),
                       'errors', NULL),
           v.received_at, v.visited_by, 'visit', ''
    {SENT}
"""


def fill(engine: Engine) -> None:
    """A row of the audit trail and a kept answer for every visit without one; SQLite only."""
    with engine.connect().execution_options(**database.WRITE) as connection, connection.begin():
        connection.execute(text(ACTS))
        connection.execute(text(SUBMISSIONS))
