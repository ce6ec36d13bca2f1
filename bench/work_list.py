"""The lists of tasks that a team and a village work through, as JSON and as pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from bench.call import Answer, ready
from bench.county import DOCTOR, LEAD, County
from bench.floor import ids, plain_id, selecting
from bench.plain import Row, one_of
from bench.work import Rows, Side, Work
from tracker.services.task.task import SOON

SELECT = """
    SELECT t.id, t.resident_id, t.kind, t.disease, t.due_on, t.village_code, g.name,
           r.name, r.sex, r.birth_date
    FROM task t JOIN resident r ON r.id = t.resident_id JOIN region g ON g.code = t.village_code
    WHERE t.ended_on IS NULL
"""
IN_FORCE = """
    c.start_on <= :day AND c.end_on >= :day AND (c.terminated_on IS NULL OR c.terminated_on > :day)
    AND c.evidence <> 'none' AND c.voided_at IS NULL
"""
AWAY = """
    p.status IN ('away', 'hospitalised') AND p.from_on <= :day AND (p.to_on IS NULL OR p.to_on > :day)
"""
BY_URGENCY = f"""
    ORDER BY
      CASE WHEN EXISTS (SELECT 1 FROM status_period p WHERE p.resident_id = t.resident_id
                        AND (p.condition_id IS NULL OR p.condition_id = t.condition_id) AND {AWAY})
             OR EXISTS (SELECT 1 FROM status_event e WHERE e.resident_id = t.resident_id AND e.status = 'dead'
                        AND e.on_date <= :day AND e.approved_at IS NULL AND e.withdrawn_at IS NULL)
           THEN 1 ELSE 0 END,
      CASE t.kind WHEN 'referral_tracking' THEN
             CASE WHEN EXISTS (SELECT 1 FROM judgement j WHERE j.visit_id = t.opened_by
                               AND j.disease = t.disease AND j.referral = 'urgent') THEN 0 ELSE 1 END
           WHEN 'two_week' THEN 2
           WHEN 'recontact' THEN 4
           ELSE CASE WHEN t.due_on < :day THEN 3 ELSE 5 END END,
      t.due_on, t.id
"""
SAME = "one SELECT of the same rows in the same order"
LOOSE = "one SELECT of as many such rows by due date"


PAGE = 30
TASK = re.compile(rb'id="r-([0-9a-f-]{36})"')
PERSON = re.compile(rb'class="person-name" href="[^"]*/residents/([0-9a-f-]{36})')


def overdue(county: County) -> Work:
    """What a lead sees of the team: the first fifty of those overdue."""
    return Work(
        "overdue-list",
        "a team's overdue, 50 rows as JSON",
        Side("GET /api/v1/overdue", ready(county.app, "/api/v1/overdue", headers=county.api(LEAD)), listed),
        overdue_floors(county, 50),
    )


def overdue_page(county: County) -> Work:
    """The same in the browser: the first thirty, with the board of villages, doctors and days above them."""
    headers, _ = county.browser(LEAD)
    return Work(
        "overdue-page",
        "a team's overdue, 30 rows and the board as HTML, with a browser's session",
        Side("GET /overdue", ready(county.app, "/overdue", headers=headers), ticked),
        overdue_floors(county, PAGE),
    )


def overdue_floors(county: County, most: int) -> tuple[Side, Side]:
    # Nobody in this county has signed with the team of another place: its villages are all there is to it.
    villages, codes = one_of("village", county.villages)
    asked = SELECT + f"AND t.due_on < :day AND t.village_code IN {villages}"
    values: dict[str, Any] = {"day": county.day.isoformat(), **codes}
    loose = f"{asked} ORDER BY t.due_on LIMIT {most}"
    return (
        selecting(county.plain, SAME, f"{asked} {BY_URGENCY} LIMIT {most}", ids, **values),
        selecting(county.plain, LOOSE, loose, ids, counted=True, **values),
    )


def worklist(county: County) -> Work:
    """What a doctor sees of the own village: overdue or due within a week."""
    village = own_village(county)
    asking = ready(
        county.app, "/api/v1/worklist", query_string={"village": village}, headers=county.api(DOCTOR)
    )
    return Work(
        "worklist",
        "a village's worklist, 50 rows as JSON",
        Side("GET /api/v1/worklist?village=…", asking, listed),
        (village_floor(county, village, 50, ids),),
    )


def worklist_page(county: County) -> Work:
    """The same in the browser: the first thirty, with the count of each kind above them."""
    village, (headers, _) = own_village(county), county.browser(DOCTOR)
    asking = ready(
        county.app, "/worklist", query_string={"village": village, "whose": "team"}, headers=headers
    )
    return Work(
        "worklist-page",
        "a village's worklist, 30 rows as HTML, with a browser's session",
        Side("GET /worklist?village=…", asking, people),
        (village_floor(county, village, PAGE, persons),),
    )


def own_village(county: County) -> str:
    asked = (
        "SELECT s.region_code FROM staff_region s JOIN staff d ON d.id = s.staff_id WHERE d.username = :name"
    )
    return str(county.plain.all(asked, name=DOCTOR)[0][0])


def village_floor(county: County, village: str, most: int, rows: Callable[[list[Row]], Rows]) -> Side:
    asked = f"{SELECT} AND t.due_on <= :soon AND t.village_code = :village {BY_URGENCY} LIMIT {most}"
    soon = (county.day + SOON).isoformat()
    values: dict[str, Any] = {"day": county.day.isoformat(), "soon": soon, "village": village}
    return selecting(county.plain, SAME, asked, rows, **values)


def listed(answer: Answer) -> Rows:
    return [plain_id(task["task_id"]) for task in json.loads(answer.checked())["tasks"]]


def ticked(answer: Answer) -> Rows:
    """The tasks that the board's boxes stand for."""
    return [plain_id(found.decode()) for found in TASK.findall(answer.checked())]


def people(answer: Answer) -> Rows:
    """The persons on a page, in alphabetical order of their ids: who is away stands below the others."""
    return sorted(plain_id(found.decode()) for found in PERSON.findall(answer.checked()))


def persons(rows: list[Row]) -> Rows:
    return sorted({plain_id(row[1]) for row in rows})


WORKS = {
    "overdue-list": overdue,
    "overdue-page": overdue_page,
    "worklist": worklist,
    "worklist-page": worklist_page,
}
