"""Saving visits: one by the page, one by the API, a hundred that waited on a phone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.call import Answer, call
from bench.county import DOCTOR, County
from bench.floor import storing
from bench.patient import Patient, body, form, patients
from bench.stored import Stored
from bench.work import Rows, Side, Work

BATCH = 100
WHAT = "INSERT visit, UPDATE task, commit; JSON in and out"
INSERT = """
    INSERT INTO bench_visit (id, resident_id, village_code, visit_date, recorded_at, sbp, dbp, body)
    VALUES (:id, :resident, :village, :day, :at, :sbp, :dbp, :body)
"""
UPDATE = "UPDATE bench_task SET due_on = :due WHERE id = :task"
NEXT = timedelta(days=90)


def by_page(county: County) -> Work:
    """What a browser sends: session, CSRF token, form, the answer a redirect."""
    headers, csrf = county.browser(DOCTOR)
    people, last = patients(county), _Last()

    def send() -> Callable[[], Answer]:
        person = last.take(next(people))
        sent = {**form(county), "csrf_token": csrf}
        path = f"/residents/{person.id}/visits/new"
        return call(county.app, path, method="POST", data=sent, headers=headers)

    def saved(answer: Answer) -> Rows:
        answer.checked(302)
        return last.visited(county)

    ours = Side("POST /residents/…/visits/new", send, saved)
    return Work("visit-page", "save a visit by the page's form", ours, (_floor(county, last),))


def by_api(county: County) -> Work:
    """What a program sends, with a token."""
    headers, people, last = county.api(DOCTOR), patients(county), _Last()

    def send() -> Callable[[], Answer]:
        sent = {"visits": [body(county, last.take(next(people)))]}
        return call(county.app, "/api/v1/visits", method="POST", json=sent, headers=headers)

    def saved(answer: Answer) -> Rows:
        accepted(answer)
        return last.visited(county)

    ours = Side("POST /api/v1/visits", send, saved)
    return Work("visit-api", "save a visit by the API", ours, (_floor(county, last),))


def batch(county: County) -> Work:
    """A day's visits from a phone without signal, in one call and one transaction."""
    headers, people, stored = county.api(DOCTOR), patients(county), Stored(county.plain)

    def send() -> Callable[[], Answer]:
        sent = [body(county, person) for person in itertools.islice(people, BATCH)]
        stored.watch([visit["id"] for visit in sent])
        return call(county.app, "/api/v1/visits", method="POST", json={"visits": sent}, headers=headers)

    def counted(answer: Answer) -> Rows:
        accepted(answer)
        return stored.count()

    floor = Side(
        "the rows it added, by single INSERTs into the same tables, one commit",
        stored.again,
        lambda _: stored.count(),
    )
    ours = Side("POST /api/v1/visits", send, counted)
    return Work("visit-batch", f"a batch of {BATCH} visits by the API", ours, (floor,), repeat=5)


def accepted(answer: Answer) -> None:
    refused = [each for each in json.loads(answer.checked())["results"] if each["status"] != "accepted"]
    assert not refused, refused[0]


class _Last:
    """The person visited last: the floor visits the same one."""

    def __init__(self) -> None:
        self.person: Patient | None = None

    def take(self, person: Patient) -> Patient:
        self.person = person
        return person

    def visited(self, county: County) -> Rows:
        """The person, if a visit of today is stored for them."""
        assert self.person is not None
        found = county.plain.all(
            "SELECT DISTINCT visit_date FROM visit WHERE resident_id = :person AND visit_date = :day",
            person=self.person.id.hex,
            day=county.day.isoformat(),
        )
        return [str(self.person.id)] * len(found)


def _floor(county: County, last: _Last) -> Side:
    plain = county.plain
    _tables(county)

    def store(sent: dict[str, Any]) -> None:
        plain.begin()
        plain.run(
            INSERT,
            id=sent["id"].replace("-", ""),
            resident=sent["resident_id"].replace("-", ""),
            village=sent["village"],
            day=sent["visit_date"],
            at=sent["recorded_at"],
            sbp=sent["sbp"],
            dbp=sent["dbp"],
            body=json.dumps(sent),
        )
        plain.run(UPDATE, due=sent["due"], task=sent["task"])
        plain.commit()

    def bodies() -> dict[str, Any]:
        assert last.person is not None
        more = {"village": last.person.village_code, "task": last.person.task_id, "id": str(uuid4())}
        return {**body(county, last.person), **more, "due": (county.day + NEXT).isoformat()}

    return storing(WHAT, store, bodies, "resident_id")


def _tables(county: County) -> None:
    """As full as the product's own, with indexes for the same lists and without foreign keys."""
    for name, columns, criterion in (
        ("visit", "id, resident_id, village_code, visit_date, recorded_at, sbp, dbp, body", "1 = 1"),
        ("task", "id, resident_id, village_code, disease, kind, due_on", "ended_on IS NULL"),
    ):
        county.plain.run(f"DROP TABLE IF EXISTS bench_{name}")
        county.plain.run(f"CREATE TABLE bench_{name} AS SELECT {columns} FROM {name} WHERE {criterion}")
        county.plain.run(f"CREATE UNIQUE INDEX bench_{name}_key ON bench_{name} (id)")
    county.plain.run("CREATE INDEX bench_visit_of ON bench_visit (resident_id, visit_date)")
    county.plain.run("CREATE INDEX bench_task_due ON bench_task (village_code, due_on)")


WORKS = {"visit-page": by_page, "visit-api": by_api, "visit-batch": batch}
