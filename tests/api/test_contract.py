"""The calls of contracts, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import FAR_VILLAGE, TOWN, a_contract, a_member_of_staff, a_resident, a_team
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Contract, Resident, Staff


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session))


@pytest.fixture
def api(client: FlaskClient, session: Session, doctor: Staff) -> Api:
    return Api(client, session, doctor)


@pytest.fixture
def person(session: Session) -> Resident:
    return a_resident(session)


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def a_body(person_id: UUID, signed_on: str, **more: object) -> dict:
    return {
        "resident_id": str(person_id),
        "team": "一队",
        "years": 1,
        "packages": ["BASIC"],
        "signed_on": signed_on,
        "signature": {"kind": "paper", "by": "resident"},
        **more,
    }


def test_a_contract_is_made_once_and_answered_alike(api: Api, person: Resident) -> None:
    sent = a_body(person.id, ago(10), id=str(uuid4()))
    first = api.post("/contracts", sent)
    assert first.status_code == 201
    assert first.headers["Location"].endswith(f"/api/v1/contracts/{sent['id']}")
    assert {k: first.json[k] for k in ("id", "team", "start_on", "status")} == {
        "id": sent["id"],
        "team": "一队",
        "start_on": ago(10),
        "status": "active",
    }
    again = api.post("/contracts", sent)
    assert (again.status_code, again.json) == (200, first.json)
    assert api.post("/contracts", sent | {"years": 2}).status_code == 409
    assert api.get(f"/contracts/{sent['id']}").json == first.json


def test_an_overlap_answers_with_the_holder(api: Api, person: Resident) -> None:
    held = api.post("/contracts", a_body(person.id, ago(10))).json
    answer = api.post("/contracts", a_body(person.id, ago(5)))
    assert answer.status_code == 409
    assert answer.json["holder"] == {"team": "一队", "phone": "0374-3500000", "end_on": held["end_on"]}
    assert "0374-3500000" in answer.json["errors"]["start_on"][0]


def test_the_holders_phone_is_the_teams_else_its_leads_else_none(
    api: Api, session: Session, person: Resident
) -> None:
    team = a_team(session, "二队", (FAR_VILLAGE,))
    team.phone = ""
    leads = [a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team) for _ in range(2)]
    a_contract(session, person, team, clock.today())

    def answered() -> tuple[object, str]:
        reply = api.post("/contracts", a_body(person.id, ago(0)))
        assert reply.status_code == 409
        return reply.json["holder"]["phone"], reply.json["errors"]["start_on"][0]

    phone, words = answered()
    assert phone is None
    assert "—" not in words
    leads[1].phone = "13800000000"
    assert answered()[0] == "13800000000"
    leads[1].active = False
    assert answered()[0] is None


def test_a_contract_is_renewed_and_ended(api: Api, person: Resident) -> None:
    old = api.post("/contracts", a_body(person.id, ago(350))).json
    new = api.post(f"/contracts/{old['id']}/renewal", a_body(person.id, ago(1)))
    assert new.status_code == 201
    assert date.fromisoformat(new.json["start_on"]) == date.fromisoformat(old["end_on"]) + timedelta(days=1)
    assert new.json["status"] == "scheduled"
    ended = api.post(f"/contracts/{old['id']}/termination", {"terminated_on": ago(0), "reason": "04"})
    assert (ended.status_code, ended.json["status"]) == (200, "terminated")
    again = api.post(f"/contracts/{old['id']}/termination", {"terminated_on": ago(0), "reason": "04"})
    assert (again.status_code, again.json) == (200, ended.json)
    other = api.post(f"/contracts/{old['id']}/termination", {"terminated_on": ago(1), "reason": "04"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"years": 4}, "years"),
        ({"team": "没有的队"}, "team"),
        ({"packages": ["GOLD"]}, "packages"),
        ({"signed_on": "2026-02-30"}, "signed_on"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"signature": {"kind": "seal"}}, "signature.kind"),
        ({"signature": {"kind": "drawn"}}, "signature.image"),
        ({"price": 1}, "price"),
        ({"team": "一\0队"}, "team"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(api: Api, person: Resident, change: dict, field: str) -> None:
    answer = api.post("/contracts", a_body(person.id, ago(1)) | change)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_foreign_people_and_contracts_are_unknown(
    api: Api, client: FlaskClient, session: Session, person: Resident
) -> None:
    made = api.post("/contracts", a_body(person.id, ago(10))).json
    far = a_member_of_staff(session, team=a_team(session, "二队", (FAR_VILLAGE,)), region=FAR_VILLAGE)
    other = Api(client, session, far)
    assert other.get(f"/contracts/{made['id']}").status_code == 404
    assert other.post("/contracts", a_body(person.id, ago(1), team="二队")).status_code == 404
    ending = {"terminated_on": ago(0), "reason": "04"}
    assert other.post(f"/contracts/{made['id']}/termination", ending).status_code == 404
    assert other.post(f"/contracts/{made['id']}/renewal", a_body(person.id, ago(0))).status_code == 404
    assert other.get("/contracts").json == {"contracts": [], "total": 0, "page": 1}
    assert session.get_one(Contract, UUID(made["id"])).terminated_on is None


def test_lists_are_filtered_and_paged(api: Api, session: Session, person: Resident) -> None:
    people = [person.id, a_resident(session).id, a_resident(session).id]
    session.commit()
    for key, days in zip(people, (340, 20, 30), strict=True):
        api.post("/contracts", a_body(key, ago(days)))
    everything = api.get("/contracts", per_page=2).json
    assert (len(everything["contracts"]), everything["total"]) == (2, 3)
    ending = api.get("/contracts", status="expiring").json
    assert [row["resident_id"] for row in ending["contracts"]] == [str(people[0])]
    assert api.get("/contracts", status="sleeping").status_code == 422
    assert api.get("/contracts", resident_id="7").status_code == 422


def test_the_commission_reads_and_does_not_sign(
    api: Api, client: FlaskClient, session: Session, person: Resident
) -> None:
    made = api.post("/contracts", a_body(person.id, ago(10))).json
    county = Api(client, session, a_member_of_staff(session, Role.COMMISSION, region="411025"))
    assert county.get(f"/contracts/{made['id']}").status_code == 200
    assert county.post("/contracts", a_body(person.id, ago(1))).status_code in (403, 404)


def test_a_contract_entered_after_the_death_is_answered_as_ended(
    api: Api, client: FlaskClient, session: Session, person: Resident
) -> None:
    lead = Api(client, session, a_member_of_staff(session, Role.TEAM_LEAD, team=a_team(session, "二队")))
    death = {"status": "dead", "on": ago(10), "reason": "家属告知"}
    assert lead.post(f"/residents/{person.id}/status", death).status_code == 201
    late = api.post("/contracts", a_body(person.id, ago(30)))
    assert (late.status_code, late.json["status"]) == (201, "terminated")
    assert session.get_one(Contract, UUID(late.json["id"])).terminated_on == date.fromisoformat(ago(10))
    after = api.post("/contracts", a_body(person.id, ago(9)))
    assert (after.status_code, list(after.json["errors"])) == (409, ["resident_id"])
