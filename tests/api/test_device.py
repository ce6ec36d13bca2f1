"""Phones: set up, lent their share, revoked; and what may happen to a signed request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.clients import Api, Pages
from tests.devices import Phone, text_of
from tests.factories import FAR_VILLAGE, TOWN, a_member_of_staff, a_team
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Audit, Device, DeviceNonce, Staff, Team
from tracker.models.sealed import keys
from tracker.schemas.sealed import bytes_of
from tracker.services.account import web_session
from tracker.services.account.session_cleanup import clean
from tracker.services.account.web_session import Client
from tracker.services.phone import challenge
from tracker.services.phone.challenge import Signed


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


@pytest.fixture
def doctor(session: Session, team: Team) -> Staff:
    return a_member_of_staff(session, team=team)


@pytest.fixture
def phone(client: FlaskClient, session: Session, doctor: Staff) -> Phone:
    return Phone(client, session, doctor)


def stored(session: Session, phone: Phone) -> Device:
    session.expire_all()
    return session.get_one(Device, UUID(phone.id))


def acts(session: Session) -> list[str]:
    found = select(Audit.action).where(Audit.object_type == "device").order_by(Audit.at, Audit.action.desc())
    return list(session.scalars(found))


def test_a_phone_registers_once_and_is_lent_its_share(session: Session, phone: Phone) -> None:
    newest, until = keys().sealing.newest, phone.lent["lease_until"]
    assert phone.lent == {
        "id": phone.id,
        "server_key": {"id": newest.id, "public": text_of(newest.point)},
        "share": stored(session, phone).share,
        "lease_until": until,
        "work": phone.lent["work"],
    }
    assert phone.lent["work"]["packages"][0]["code"] == "BASIC"
    teams = {village["code"]: village["team"] for village in phone.lent["work"]["villages"]}
    assert teams == {"411025101201": "一队", "411025101202": "一队"}
    assert len(phone.lent["share"]) == 43
    again = phone.register(name="新名字")
    assert (again.status_code, again.json["share"]) == (200, phone.lent["share"])
    leased = phone.owner.post(f"/devices/{phone.id}/lease", {"last_sequence": 7})
    assert leased.status_code == 200
    assert leased.json["share"] == phone.lent["share"]
    assert leased.json["lease_until"] > until
    (shown,) = phone.owner.get("/devices").json["devices"]
    assert (shown["name"], shown["last_sequence"], shown["missing"]) == ("新名字", 7, 7)
    assert "share" not in shown
    assert acts(session).count("register device") == 1
    assert acts(session).count("lease device") == 3


def test_the_share_lies_encrypted_in_the_database(session: Session, phone: Phone) -> None:
    raw = session.connection().exec_driver_sql("SELECT share FROM device").scalar()
    assert phone.lent["share"].encode() not in bytes(raw)


def test_a_key_may_come_as_jwk(client: FlaskClient, session: Session, doctor: Staff) -> None:
    phone = Phone(client, session, doctor)
    numbers = phone.key.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "ext": True, "key_ops": ["verify"]}
    jwk |= {name: text_of(getattr(numbers, name).to_bytes(32)) for name in "xy"}
    assert phone.register(public_key=jwk).status_code == 200


@pytest.mark.parametrize(
    "key", ["", "AAAA", 7, None, {"x": "AA", "y": "AA"}, "B" + "A" * 86, "ä" * 87, ["x"]]
)
def test_what_is_no_key_is_refused(phone: Phone, key: Any) -> None:
    answer = phone.register(id=str(uuid4()), public_key=key)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["public_key"]


def test_an_id_stays_its_owners(client: FlaskClient, session: Session, phone: Phone, team: Team) -> None:
    other = Phone(client, session, a_member_of_staff(session, team=team))
    assert other.register(id=phone.id).status_code == 409
    assert phone.register(public_key=other.point).status_code == 409
    for path in ("lease", "revocation"):
        body = {"reason": "丢了"} if path == "revocation" else {}
        assert other.owner.post(f"/devices/{phone.id}/{path}", body).status_code == 404
    assert other.owner.get("/devices", staff=str(stored(session, phone).staff_id)).status_code == 404
    assert stored(session, phone).revoked_at is None


def test_nobody_has_phones_without_end(session: Session, phone: Phone) -> None:
    statuses = [phone.register(id=str(uuid4())).status_code for _ in range(20)]
    assert statuses == [201] * 19 + [409]


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [
        (Role.TEAM_LEAD, TOWN, 200),
        (Role.TOWNSHIP_ADMIN, TOWN, 200),
        (Role.SYSADMIN, TOWN, 200),
        (Role.TOWNSHIP_ADMIN, FAR_VILLAGE[:9], 404),
        (Role.VILLAGE_DOCTOR, TOWN, 404),
        (Role.AUDITOR, TOWN, 404),
    ],
)
def test_a_phone_is_revoked_by_who_looks_after_its_owner(
    client: FlaskClient, session: Session, team: Team, phone: Phone, role: Role, region: str, status: int
) -> None:
    in_team = role in (Role.TEAM_LEAD, Role.VILLAGE_DOCTOR)
    who = a_member_of_staff(session, role, region=region, team=team if in_team else None)
    api = Api(client, session, who)
    assert api.post(f"/devices/{phone.id}/revocation", {"reason": "手机丢了"}).status_code == status
    assert (stored(session, phone).revoked_by == who.id) == (status == 200)
    owner = str(stored(session, phone).staff_id)
    assert api.get("/devices", staff=owner).status_code == status


def test_the_lead_of_another_team_sees_no_phone(client: FlaskClient, session: Session, phone: Phone) -> None:
    other = a_team(session, "二队", (FAR_VILLAGE,))
    lead = Api(client, session, a_member_of_staff(session, Role.TEAM_LEAD, region=FAR_VILLAGE, team=other))
    assert lead.post(f"/devices/{phone.id}/revocation", {"reason": "丢了"}).status_code == 404


def test_a_revoked_phone_is_lent_nothing_more(session: Session, phone: Phone) -> None:
    assert phone.owner.post(f"/devices/{phone.id}/revocation", {}).status_code == 422
    first = phone.owner.post(f"/devices/{phone.id}/revocation", {"reason": "丢了"}).json
    assert phone.owner.post(f"/devices/{phone.id}/revocation", {"reason": "又丢了"}).json == first
    lease = phone.owner.post(f"/devices/{phone.id}/lease", {"last_sequence": 3})
    assert (lease.status_code, lease.json["code"]) == (403, "device_revoked")
    assert "share" not in lease.text
    assert phone.register().status_code == 409
    kept = stored(session, phone)
    assert (kept.revoked_for, kept.last_sequence) == ("丢了", 3)
    assert acts(session).count("revoke device") == 1


def test_unknown_phones_are_answered_like_known_ones(client: FlaskClient, phone: Phone) -> None:
    answers = [client.post(f"/api/v1/devices/{key}/challenge") for key in (phone.id, uuid4())]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [sorted(answer.json) for answer in answers] == [["nonce"], ["nonce"]]
    assert len({len(answer.json["nonce"]) for answer in answers}) == 1


def test_nonces_cannot_fill_the_table(
    client: FlaskClient, session: Session, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(challenge.OF_A_DEVICE + 5):
        last = phone.nonce()
    count = select(func.count()).select_from(DeviceNonce)
    session.expire_all()
    assert session.scalar(count) == challenge.OF_A_DEVICE
    assert phone.send("/visits", {"visits": []}, nonce=last).status_code == 200
    monkeypatch.setattr(challenge, "OF_AN_ADDRESS", challenge.OF_A_DEVICE)
    phone.nonce()
    refused = client.post(f"/api/v1/devices/{uuid4()}/challenge")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    clean(session, clock.today(), clock.now() + challenge.HOLDS)
    assert session.scalar(count) == 0


def test_a_signed_request_needs_no_session_and_no_token(phone: Phone) -> None:
    answer = phone.send("/visits", {"visits": []})
    assert (answer.status_code, answer.json) == (200, {"results": []})


ALTERED: dict[str, dict[str, Any]] = {
    "foreign id": {"id": str(uuid4())},
    "altered body": {"data": b'{"visits": [7]}'},
    "another path": {"path": "/api/v1/residents"},
    "a query": {"path": "/api/v1/visits?x=1"},
    "unknown nonce": {"nonce": "a" * 32},
    "no signature": {"signature": "-"},
    "short signature": {"signature": text_of(bytes(63))},
    "zeros": {"signature": text_of(bytes(64))},
    "ones": {"signature": text_of(b"\xff" * 64)},
    "no id": {"id": "7"},
}


@pytest.mark.parametrize("changes", ALTERED.values(), ids=ALTERED)
def test_an_altered_request_is_nobodys(phone: Phone, changes: dict[str, Any]) -> None:
    answer = phone.send("/visits", {"visits": []}, **changes)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def test_a_nonce_is_good_once_even_if_the_request_failed(session: Session, phone: Phone) -> None:
    nonce = phone.nonce()
    assert [phone.send("/visits", {"visits": 7}, nonce=nonce).status_code for _ in "ab"] == [422, 401]
    refused = select(Audit).where(Audit.action == "sign request")
    (act,) = session.scalars(refused).all()
    assert (act.result, act.object_id, act.device) == ("refused", phone.id, f"phone {phone.id}")


def test_a_nonce_belongs_to_one_phone_and_ends(
    client: FlaskClient, session: Session, doctor: Staff, phone: Phone
) -> None:
    other = Phone(client, session, doctor)
    assert phone.send("/visits", {"visits": []}, nonce=other.nonce()).status_code == 401
    late = phone.nonce()
    for row in session.scalars(select(DeviceNonce)):
        row.expires_at -= challenge.HOLDS
    assert phone.send("/visits", {"visits": []}, nonce=late).status_code == 401


def test_another_phones_signature_is_not_this_ones(
    client: FlaskClient, session: Session, doctor: Staff, phone: Phone
) -> None:
    other, nonce = Phone(client, session, doctor), phone.nonce()
    signature = other.signature("/api/v1/visits", b'{"visits": []}', nonce)
    assert phone.send("/visits", {"visits": []}, nonce=nonce, signature=signature).status_code == 401


def test_a_phone_only_sends(phone: Phone) -> None:
    key = uuid4()
    for path in ("/visits", "/residents", "/worklist", f"/visits/{key}", "/devices", "/session"):
        answer = phone.send(path, {}, method="GET")
        assert answer.status_code in (401, 405), path
    others = ("/devices", f"/devices/{phone.id}/lease", f"/devices/{phone.id}/revocation",
              f"/visits/{key}/void", f"/visits/{key}/correction", f"/residents/{key}/status",
              f"/contracts/{key}/termination", f"/residents/{key}/checkups")  # fmt: skip
    for path in others:
        assert phone.send(path, {}).status_code == 403, path
    assert phone.send("/visits", {}, path="/visits").status_code in (302, 404, 405)


def test_a_signed_request_may_not_be_huge(phone: Phone) -> None:
    assert phone.send("/visits", {"visits": ["a" * (2 * 1024 * 1024)]}).status_code == 413


@pytest.mark.parametrize(
    "text", ["", "Device", "Device x", f"Device {UUID(int=7)} n s t", "Device a b c" * 99]
)
def test_what_is_no_signature_is_nobodys(client: FlaskClient, text: str) -> None:
    answer = client.post("/api/v1/visits", json={"visits": []}, headers={"Authorization": text or "Device "})
    assert answer.status_code == 401


def test_the_vector_that_phones_are_built_by_is_signed_well() -> None:
    path = Path(__file__).parent.parent / "services" / "seal_vector.json"
    told = json.loads(path.read_text(encoding="utf-8"))["signing"]
    signed = Signed.read(told["authorization"].removeprefix("Device "))
    assert signed is not None
    known = Device(public_key=bytes_of(told["public_key"]))
    assert signed.by(known, told["method"], told["path"], told["body"].encode())
    assert not signed.by(known, told["method"], told["path"], told["body"].encode() + b" ")


def test_an_account_without_a_day_of_disabling_sends_nothing(
    session: Session, phone: Phone, doctor: Staff
) -> None:
    doctor.active = False
    session.flush()
    answer = phone.send("/visits", {"visits": []})
    assert (answer.status_code, answer.json["code"]) == (403, "account_disabled")


def test_a_phone_hears_without_a_session_that_it_is_out_of_use(
    client: FlaskClient, session: Session, doctor: Staff, phone: Phone
) -> None:
    def in_use(key: str) -> Any:
        answer = client.get(f"/api/v1/devices/{key}/state")
        assert answer.status_code == 200
        return answer.json

    assert in_use(phone.id) == {"in_use": True, "known": True}
    assert in_use(str(uuid4())) == {
        "in_use": True,
        "known": False,
    }  # as after an older backup: it keeps what it has
    doctor.active = False
    session.flush()
    assert in_use(phone.id) == {"in_use": False, "known": True}
    doctor.active = True
    stored(session, phone).revoked_at = clock.now()
    session.flush()
    assert in_use(phone.id) == {"in_use": False, "known": True}


@pytest.mark.parametrize("by", ["lead", "owner"])
def test_revoking_a_phone_ends_the_browser_sessions_of_its_owner(
    client: FlaskClient, session: Session, team: Team, doctor: Staff, phone: Phone, by: str
) -> None:
    web_session.start(session, doctor, clock.now(), Client(), {})
    asker = doctor if by == "owner" else a_member_of_staff(session, Role.TEAM_LEAD, region=TOWN, team=team)
    desk = Pages(client, session, asker)
    desk.post(f"/devices/{phone.id}/revoke", {"reason": "丢了"})
    session.expire_all()
    assert len(web_session.of_staff(session, doctor, clock.now())) == (1 if by == "owner" else 0)
    assert desk.get("/me").status_code == 200
