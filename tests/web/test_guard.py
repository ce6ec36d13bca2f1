"""Every endpoint × every role × own, foreign and absent records: new routes are covered without an edit here.

A route that takes the id of a kind of record unknown here fails with a hint: add its kind to `World`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.clients import Api, form_token
from tests.factories import (
    COUNTY,
    FAR_VILLAGE,
    TOWN,
    VILLAGE,
    a_condition,
    a_contract,
    a_device,
    a_member_of_staff,
    a_resident,
    a_status,
    a_team,
    a_visit_body,
)
from tracker import access, clock
from tracker.domain.roles import Role
from tracker.domain.terms import Status, TaskKind
from tracker.models import Membership, Resident, Roster, RosterState, Staff, Submission, Task, TeamVillage
from tracker.services.account import web_session
from tracker.services.account.web_session import Client

ANONYMOUS = {
    "static",
    "account.login",
    "account.activate",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    "api.document",
    "api.challenge_device",
    "api.state_of_device",
    "phone.page",
    "phone.worker",
    "phone.manifest",
}
"""All that may be asked for without signing in."""
PERSONAL = frozenset({"residents", "visits", "contracts", "statuses", "referrals"})
"""Kinds of record that foreign eyes must not tell from absent ones."""
WORDS = {
    "/shell/<locale>/<role>/<name>": "zh_Hans_CN",
    "/me/sessions/<key>/revoke": "00" * 32,
    "/c/<code>": "22222222",
    "/static/<path:filename>": "icon.svg",
    "/indicators/<key>": "contract_rate",
    "/indicators/<key>.xlsx": "contract_rate",
    "/admin/packages/<string:code>": "BASIC",
    "/admin/jobs/<name>/run": "overdue-scan",
}
"""What to put for arguments that are no record's id."""


@dataclass
class World:
    """Records of a place, by the segment of the address that their ids follow."""

    ids: dict[str, UUID] = field(default_factory=dict)

    def fill(self, rule: Rule) -> str:
        """The rule with this place's ids and words put in."""
        if rule.rule in WORDS:
            return re.sub(r"<[^>]+>", WORDS[rule.rule], rule.rule)
        parts: list[str] = []
        for part in rule.rule.split("/"):
            parts.append(self._value(rule, parts) if part.startswith("<") else part)
        return "/".join(parts)

    def _value(self, rule: Rule, before: list[str]) -> str:
        kind = before[-1]
        assert kind in self.ids, f"{rule.rule}: say in tests/web/test_guard.py what a {kind!r} record is"
        return str(self.ids[kind])


def a_world(session: Session, village: str, team_name: str) -> World:
    """One record of every kind in one village."""
    team = a_team(session, team_name, (village,))
    doctor = a_member_of_staff(session, region=village, team=team)
    resident = a_resident(session, village=village)
    a_condition(session, resident)
    contract = a_contract(session, resident, team, date(2026, 1, 1))
    covered = session.query(TeamVillage).filter_by(team_id=team.id).one()
    member = session.query(Membership).filter_by(team_id=team.id).one()
    ids = {"residents": resident.id, "contracts": contract.id, "staff": doctor.id, "teams": team.id}
    away = a_status(session, resident, Status.AWAY, date(2026, 11, 1))
    roster = a_roster(session, doctor)
    more = {"villages": covered.id, "members": member.id, "statuses": away.id, "imports": roster.id}
    more["devices"] = a_device(session, doctor).id
    more["uploads"] = a_body_sent(session, resident, "rejected").id
    more["conflicts"] = a_body_sent(session, resident, "conflict").id
    return World(ids | more)


def a_body_sent(session: Session, resident: Resident, status: str) -> Submission:
    row = Submission(
        visit_id=uuid4(), body_hash=bytes(32), resident_id=resident.id, village_code=resident.village_code,
        status=status, body={}, answer={"errors": {}}, received_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def a_roster(session: Session, staff: Staff) -> Roster:
    roster = Roster(
        county_code=COUNTY,
        file_name="r.xlsx",
        file_hash=bytes(32),
        state=RosterState.READ,
        uploaded_at=clock.now(),
        touched_at=clock.now(),
        staff_id=staff.id,
    )
    session.add(roster)
    session.flush()
    return roster


@dataclass
class Case:
    """One endpoint as one method."""

    rule: Rule
    method: str

    @property
    def path(self) -> str:
        return str(self.rule.rule)

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def takes_record(self) -> bool:
        return bool(self.rule.arguments) and self.path not in WORDS

    @property
    def kind(self) -> str:
        return re.search(r"/([a-z-]+)/<", self.path)[1] if self.takes_record else ""  # type: ignore[index]


def cases(app: Flask) -> Iterator[Case]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Case(rule, method)


def a_person(session: Session, role: Role) -> Staff:
    """Someone of a role who answers for the first village's township and not for the other."""
    region = {Role.VILLAGE_DOCTOR: VILLAGE}.get(role, TOWN)
    return a_member_of_staff(session, role, region=region)


class Caller:
    """One person, by token on the API and by session on pages."""

    def __init__(self, client: FlaskClient, session: Session, staff: Staff) -> None:
        self.client = client
        self.api = Api(client, session, staff).headers
        self.client.set_cookie("session", web_session.start(session, staff, clock.now(), Client(), {}))
        self.form = {"csrf_token": form_token(client.get("/me").text)}

    def call(self, case: Case, path: str) -> TestResponse:
        if path.startswith("/api/"):
            body = None if case.method == "GET" else {}
            return self.client.open(path, method=case.method, headers=self.api, json=body)
        data = None if case.method == "GET" else self.form
        return self.client.open(path, method=case.method, data=data)


def a_visit(session: Session, client: FlaskClient, world: World) -> None:
    """A visit, whose next task is then taken for one that follows up a referral."""
    doctor = session.get_one(Staff, world.ids["staff"])
    day = clock.today().isoformat()
    body = a_visit_body(world.ids["residents"], day, "hypertension", sbp=138, dbp=86)
    (result,) = Api(client, session, doctor).post("/visits", {"visits": [body]}).json["results"]
    assert result["status"] == "accepted", result
    world.ids["visits"] = UUID(body["id"])
    tasks = select(Task).where(Task.resident_id == world.ids["residents"], Task.closed_on.is_(None))
    task = session.scalars(tasks).one()
    task.kind = TaskKind.REFERRAL_TRACKING
    world.ids["referrals"] = task.id


@pytest.fixture
def worlds(session: Session, client: FlaskClient) -> tuple[World, World, World]:
    """What is one's own, what is foreign, and what is nowhere."""
    own, foreign = a_world(session, VILLAGE, "一队"), a_world(session, FAR_VILLAGE, "二队")
    a_visit(session, client, own)
    a_visit(session, client, foreign)
    absent = World({kind: uuid4() for kind in own.ids})
    return own, foreign, absent


def is_login(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login")


def test_without_signing_in_only_the_allow_list_answers(
    app: Flask, client: FlaskClient, worlds: tuple[World, World, World]
) -> None:
    own, _foreign, _absent = worlds
    for case in cases(app):
        answer = client.open(own.fill(case.rule), method=case.method)
        if case.endpoint in ANONYMOUS:
            assert answer.status_code != 401, case
            assert not is_login(answer), case
        elif case.path.startswith("/api/"):
            assert answer.status_code == 401, case
            assert answer.content_type == "application/problem+json", case
        else:
            assert is_login(answer), (case, answer.status_code)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_it_may_and_nothing_else(
    app: Flask, client: FlaskClient, session: Session, worlds: tuple[World, World, World], role: Role
) -> None:
    own, foreign, absent = worlds
    caller = Caller(client, session, a_person(session, role))
    # Ending the own session comes last: it would end the walk.
    for case in sorted(cases(app), key=lambda c: (c.endpoint in ("account.logout", "api.end"), c.path)):
        said = access.access_of(app, case.endpoint)
        assert said is not None, case
        answer = caller.call(case, own.fill(case.rule))
        assert answer.status_code < 500 or case.endpoint == "health.readyz", (case, answer.text)
        if said.roles and role not in said.roles:
            assert answer.status_code == (404 if case.takes_record else 403), (case, answer.status_code)
        elif case.method == "GET" and not case.takes_record and said.roles:
            assert answer.status_code in (200, 302, 422), (case, answer.status_code)
        if case.takes_record and case.kind in PERSONAL:
            there = caller.call(case, foreign.fill(case.rule))
            nowhere = caller.call(case, absent.fill(case.rule))
            assert there.status_code == nowhere.status_code, (case, there.status_code)
            assert there.status_code in (404, 422, 400), (case, there.status_code)
            assert alike(there) == alike(nowhere), case


def alike(answer: TestResponse) -> str:
    """The body without what is anew in each answer."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", answer.text)
    return re.sub(r'content="[^"]*"', "", text)


@pytest.mark.parametrize("role", [Role.VILLAGE_DOCTOR, Role.TEAM_LEAD, Role.TOWNSHIP_ADMIN, Role.COMMISSION])
def test_the_own_record_is_shown(
    app: Flask, client: FlaskClient, session: Session, worlds: tuple[World, World, World], role: Role
) -> None:
    own, _foreign, _absent = worlds
    caller = Caller(client, session, a_person(session, role))
    for case in cases(app):
        said = access.access_of(app, case.endpoint)
        if case.method == "GET" and case.kind in PERSONAL and said is not None and role in said.roles:
            answer = caller.call(case, own.fill(case.rule))
            assert answer.status_code in (200, 302, 403), (case, answer.status_code)


def test_managers_do_not_find_staff_and_teams_of_other_places(
    app: Flask, client: FlaskClient, session: Session, worlds: tuple[World, World, World]
) -> None:
    own, foreign, _absent = worlds
    caller = Caller(client, session, a_person(session, Role.TOWNSHIP_ADMIN))
    for case in cases(app):
        if case.path.startswith("/admin/") and case.takes_record:
            assert caller.call(case, foreign.fill(case.rule)).status_code == 404, case
    assert client.get(f"/admin/staff/{own.ids['staff']}").status_code == 200


def test_an_endpoint_that_says_nothing_keeps_the_application_from_starting(app: Flask) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/open", "open", lambda: "open")
    with pytest.raises(RuntimeError, match="open"):
        access.check(bare)


def test_a_system_administrator_sees_no_person(
    client: FlaskClient, session: Session, worlds: tuple[World, World, World]
) -> None:
    staff = a_member_of_staff(session, Role.SYSADMIN, region=COUNTY)
    api = Api(client, session, staff)
    for path in ("/residents", "/worklist", "/overdue", f"/residents/{worlds[0].ids['residents']}"):
        answer = api.get(path)
        assert answer.status_code in (403, 404) or answer.json["total"] == 0, path
