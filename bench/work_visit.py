"""Saving visits: one by the page, one by the API, a hundred that waited on a phone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from bench.call import Answer, call
from bench.county import DOCTOR, County
from bench.floor import storing
from bench.patient import Patient, body, form, patients
from bench.plain_visit import WHAT, completed, make_tables, store
from bench.stored import Stored
from bench.work import Rows, Side, Work

BATCH = 100


def by_page(county: County) -> Work:
    """What a browser sends: session, CSRF token, form, the answer a redirect."""
    headers, csrf = county.browser(DOCTOR)
    people, last = patients(county), _Last()

    def send() -> Callable[[], Answer]:
        person = next(people)
        sent = {**last.take(person, form(county)), "csrf_token": csrf}
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
        person = next(people)
        sent = {"visits": [last.take(person, body(county, person))]}
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
    return Work(
        "visit-batch", f"a batch of {BATCH} visits by the API", ours, (floor,), repeat=5, pieces=BATCH
    )


def accepted(answer: Answer) -> None:
    refused = [each for each in json.loads(answer.checked())["results"] if each["status"] != "accepted"]
    assert not refused, refused[0]


class _Last:
    """The visit sent last, and for whom: the floor visits the same person."""

    def __init__(self) -> None:
        self.person: Patient | None = None
        self.visit = ""

    def take(self, person: Patient, sent: dict[str, Any]) -> dict[str, Any]:
        self.person, self.visit = person, sent["id"]
        return sent

    def visited(self, county: County) -> Rows:
        """The person for whom this very visit is stored, if it is."""
        stored = "SELECT resident_id FROM visit WHERE id = :visit"
        found = county.plain.all(stored, visit=UUID(self.visit).hex)
        return [str(UUID(str(person))) for (person,) in found]


def _floor(county: County, last: _Last) -> Side:
    make_tables(county.plain)

    def bodies() -> dict[str, Any]:
        person = last.person
        assert person is not None
        return completed(body(county, person), person.village_code, person.task_id, county.day)

    return storing(WHAT, lambda sent: store(county.plain, sent), bodies, "resident_id")


WORKS = {"visit-page": by_page, "visit-api": by_api, "visit-batch": batch}
