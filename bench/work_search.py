"""Finding people by what a doctor types: part of a name, initials, an ID number or its end, a telephone."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.call import Answer, ready
from bench.county import DOCTOR, County
from bench.floor import ids, plain_id, selecting
from bench.plain import one_of
from bench.work import Rows, Side, Work
from tracker.models import Resident, ResidentInitials, ResidentPhone
from tracker.services.resident.identity import document_key, phone_key, phone_tail_key, tail_key

COLUMNS = "SELECT r.id, r.name, r.sex, r.birth_date, r.village_code, r.archive_no"
SELECT = f"{COLUMNS} FROM resident r WHERE r.village_code IN {{villages}}"
FOUND = f"{COLUMNS} FROM ({{ways}}) found CROSS JOIN resident r WHERE r.id = found.id"
"""Whoever may be meant first, so that SQLite does not go through all people of the villages."""
BY_NAME = """
    AND r.name > '' AND r.name LIKE :part
    ORDER BY CASE WHEN r.name LIKE :begin THEN 0 ELSE 1 END, r.name, r.birth_date, r.id LIMIT 50
"""
BY_INITIALS = """
    SELECT DISTINCT i.resident_id AS id FROM resident_initials i
    WHERE i.village_code IN {villages} AND i.initials >= :low AND i.initials < :high
"""
BY_TAIL = """
    SELECT t.id FROM resident t WHERE t.village_code IN {villages} AND t.id_tail = :tail
    UNION
    SELECT p.resident_id FROM resident_phone p WHERE p.village_code IN {villages} AND p.tail_key = :phone
"""
IN_ORDER = " ORDER BY r.name, r.birth_date, r.id LIMIT 50"
BY_CARD = """
    AND r.county_code = :within AND r.identity_key = :key
    ORDER BY r.name, r.birth_date, r.id LIMIT 50
"""
PHONES = "FROM resident_phone p JOIN resident r ON r.id = p.resident_id"
BY_PHONE = """
    AND p.number_key = :key
    ORDER BY r.name, r.birth_date, r.id LIMIT 50
"""
SAME = "one SELECT of the same rows"


def name(county: County) -> Work:
    said = _someone(county).name[:2]
    parts = {"part": f"%{said}%", "begin": f"{said}%"}
    return _work(county, "search-name", "name, two characters", said, SELECT + BY_NAME, **parts)


def initials(county: County) -> Work:
    with Session(county.engine) as session:
        found = select(ResidentInitials.initials).where(ResidentInitials.resident_id == _someone(county).id)
        said = str(session.scalars(found.order_by(ResidentInitials.initials)).first())[:2]
    return _work(county, "search-initials", "two initials", said, _of(BY_INITIALS), low=said, high=said + "{")


def tail(county: County) -> Work:
    said = str(_someone(county).id_number)[-4:]
    keys = {"tail": tail_key(said), "phone": phone_tail_key(said)}
    return _work(county, "search-tail", "last four of the ID number", said, _of(BY_TAIL), **keys)


def card(county: County) -> Work:
    found = _someone(county)
    said = str(found.id_number)
    keys = {"within": found.county_code, "key": document_key(said)}
    return _work(county, "search-id", "the whole ID number", said, SELECT + BY_CARD, **keys)


def phone(county: County) -> Work:
    """The number of somebody in the doctor's village, and of whoever else has it."""
    village = _someone(county).village_code
    with Session(county.engine) as session:
        known = select(ResidentPhone.number).where(ResidentPhone.village_code == village)
        said = session.scalars(known.order_by(ResidentPhone.number_key).limit(1)).one()
    statement = SELECT.replace("FROM resident r", PHONES) + BY_PHONE
    return _work(county, "search-phone", "the whole telephone number", said, statement, key=phone_key(said))


def _of(ways: str) -> str:
    return FOUND.format(ways=ways) + IN_ORDER


def _someone(county: County) -> Resident:
    """A person of the doctor's village who has an ID number that ends in a digit."""
    with Session(county.engine) as session:
        known = select(Resident).where(Resident.id_number.is_not(None)).order_by(Resident.archive_no)
        return next(r for r in session.scalars(known.limit(50)) if str(r.id_number)[-4:].isdigit())


def _work(county: County, title: str, way: str, said: str, statement: str, **values: Any) -> Work:
    villages, codes = one_of("village", county.villages)
    asked = ready(county.app, "/api/v1/residents", query_string={"q": said}, headers=county.api(DOCTOR))
    return Work(
        title,
        f"search by {way}, as JSON",
        Side("GET /api/v1/residents?q=…", asked, found),
        (selecting(county.plain, SAME, statement.format(villages=villages), ids, **codes, **values),),
    )


def found(answer: Answer) -> Rows:
    return [plain_id(person["id"]) for person in json.loads(answer.checked())["residents"]]


WORKS = {
    "search-name": name,
    "search-initials": initials,
    "search-tail": tail,
    "search-id": card,
    "search-phone": phone,
}
