"""One person's page: who they are, their registers, contract and history."""

from __future__ import annotations

import re
from uuid import UUID

from bench.call import Answer, ready
from bench.county import DOCTOR, County
from bench.floor import ids, plain_id, selecting
from bench.work import Rows, Side, Work
from tracker.services.resident.record import VISITS_SHOWN

VISITED_MOST = """
    SELECT v.resident_id FROM visit v JOIN staff s ON s.id = v.visited_by
    WHERE s.username = :doctor GROUP BY v.resident_id ORDER BY count(*) DESC, v.resident_id LIMIT 1
"""
RECORD = f"""
    SELECT v.id, v.visit_date, v.mode, v.sbp, v.dbp, v.fpg, v.body, s.name,
           r.name, r.sex, r.birth_date, r.village_code, r.archive_no
    FROM resident r LEFT JOIN visit v ON v.resident_id = r.id LEFT JOIN staff s ON s.id = v.visited_by
    WHERE r.id = :person ORDER BY v.visit_date DESC, v.recorded_at DESC, v.id LIMIT {VISITS_SHOWN}
"""
VISIT = re.compile(rb'href="[^"]*/visits/([0-9a-f-]{36})"')


def page(county: County) -> Work:
    person = county.plain.all(VISITED_MOST, doctor=DOCTOR)[0][0]
    headers, _ = county.browser(DOCTOR)
    return Work(
        "resident-page",
        "a resident's page as HTML, with a browser's session",
        Side(
            "GET /residents/…", ready(county.app, f"/residents/{UUID(str(person))}", headers=headers), linked
        ),
        (
            selecting(
                county.plain, "one SELECT of the person and the visits, as JSON", RECORD, ids, person=person
            ),
        ),
    )


def linked(answer: Answer) -> Rows:
    """The visits that the page leads to."""
    return [plain_id(found.decode()) for found in dict.fromkeys(VISIT.findall(answer.checked()))]


WORKS = {"resident-page": page}
