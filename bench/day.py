"""A village doctor's working day, page by page: the list, a person, a visit saved, a search."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.county import County
from bench.patient import form
from bench.visitor import Asked, Visitor
from tests.clients import form_token
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Staff
from tracker.services.account import web_session
from tracker.services.account.web_session import Client

OWN = """
    SELECT t.resident_id FROM task t JOIN staff_region s ON s.region_code = t.village_code
    JOIN staff d ON d.id = s.staff_id
    WHERE d.username = :name AND t.ended_on IS NULL AND t.disease = 'hypertension' AND t.kind = 'routine'
      AND NOT EXISTS (SELECT 1 FROM condition c WHERE c.resident_id = t.resident_id
                      AND c.disease = 'diabetes')
      AND NOT EXISTS (SELECT 1 FROM judgement j WHERE j.resident_id = t.resident_id
                      AND j.referral IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM status_event e WHERE e.resident_id = t.resident_id)
      AND NOT EXISTS (SELECT 1 FROM contract k WHERE k.resident_id = t.resident_id AND k.team_id NOT IN
                      (SELECT v.team_id FROM team_village v WHERE v.village_code = t.village_code))
    ORDER BY t.due_on, t.id
"""
SURNAMES = "王李张刘陈杨赵黄周吴"


@dataclass(frozen=True, slots=True)
class Doctor:
    cookie: str
    patients: Iterator[UUID]
    chance: random.Random


def doctors(county: County, count: int) -> list[Doctor]:
    """As many sessions as asked for, of the village doctors there are; their people are shared out."""
    with county.writing() as session:
        asked = select(Staff).where(Staff.role == Role.VILLAGE_DOCTOR, Staff.active).order_by(Staff.username)
        known = [(staff, people) for staff in session.scalars(asked) if (people := people_of(county, staff))]
        assert known, "no village doctor has anybody to visit"
        return [
            _signed_in(session, *known[number % len(known)], number, -(-count // len(known)))
            for number in range(count)
        ]


def people_of(county: County, staff: Staff) -> list[UUID]:
    """Of a doctor: those with an open routine task for hypertension and nothing besides."""
    return [UUID(str(key)) for (key,) in county.plain.all(OWN, name=staff.username)]


def _signed_in(session: Session, staff: Staff, people: list[UUID], number: int, shares: int) -> Doctor:
    cookie = web_session.start(session, staff, clock.now(), Client(agent="load"), {})
    chance = random.Random(number)
    own = people[number % shares :: shares] or people
    return Doctor(cookie, itertools.cycle(chance.sample(own, len(own))), chance)


async def work(doctor: Doctor, port: int, asked: list[Asked], county: County, pause: float) -> None:
    """Without end. `pause` is the mean time between two pages, in seconds."""
    visitor = Visitor(port, doctor.cookie, asked)

    async def read() -> None:
        await asyncio.sleep(doctor.chance.uniform(0.2, 1.8) * pause)

    await asyncio.sleep(doctor.chance.uniform(0, pause))  # not all in the same moment
    while True:
        person = next(doctor.patients)
        await visitor.get("list", "/worklist")
        await read()
        await visitor.get("person", f"/residents/{person}")
        await read()
        path = f"/residents/{person}/visits/new"
        page = (await visitor.get("visit form", path)).text
        await read()
        sent = {**form(county), "csrf_token": form_token(page)}
        saved = await visitor.post("visit saved", path, sent)
        await visitor.get("visit shown", saved)  # a browser goes there by itself
        await read()
        await visitor.get("search", f"/residents?q={quote(doctor.chance.choice(SURNAMES))}")
        await read()
