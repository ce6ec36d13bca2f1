"""GET /sync: its shape, who may call it, and how many bytes a village takes."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.clients import Api
from tests.factories import (
    AT,
    COUNTY,
    NEXT_VILLAGE,
    VILLAGE,
    a_condition,
    a_member_of_staff,
    a_resident,
    a_team,
    an_id_number,
)  # fmt: skip
from tracker import clock
from tracker.domain.person import Sex
from tracker.domain.policy import load
from tracker.domain.roles import Role
from tracker.domain.terms import Disease, Mode, Referral, Status, TaskKind
from tracker.models import (
    AttemptOutcome,
    Condition,
    ContactAttempt,
    Contract,
    Judgement,
    Resident,
    ResidentInitials,
    ResidentPhone,
    Staff,
    Task,
    Team,
    Visit,
)
from tracker.models.sealed import blind_index
from tracker.schemas.sync import SyncPage
from tracker.services.store.bulk import Bulk

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "秀英兰芳军伟国强玉梅春生海霞"
MEDICINES = ("氨氯地平片", "缬沙坦胶囊", "厄贝沙坦片")
PEOPLE, PATIENTS, VISITS = 2000, 300, 5


def a_village(session: Session, doctor: Staff, team: Team) -> None:
    """As many people and patients as a large village has, all signed, each patient with a year of visits."""
    bulk, today = Bulk(), clock.today()
    for n in range(PEOPLE):
        key, birth = uuid4(), date(1940, 1, 1) + timedelta(days=n * 13)
        number = an_id_number(birth, n + 1)
        name = SURNAMES[n % 10] + GIVEN[n * 7 % 14] + GIVEN[n * 5 % 14]
        bulk.put(
            Resident, id=key, county_code=COUNTY, village_code=VILLAGE, archive_no=f"{VILLAGE}{n:05d}",
            name=name, sex=Sex.FEMALE, birth_date=birth, id_number=number,
            identity_key=blind_index("resident.id_number", number), created_at=AT, source="typed",
            address=f"{n % 9 + 1}组{n}号",
        )  # fmt: skip
        said = "abcdefghij"[n % 10] + "klmnopqrstuvwx"[n * 7 % 14] + "qwertyuiopasdf"[n * 5 % 14]
        bulk.put(ResidentInitials, resident_id=key, initials=said, village_code=VILLAGE)
        phone = f"139{n * 7919 % 10**8:08d}"
        bulk.put(
            ResidentPhone, resident_id=key, village_code=VILLAGE, number=phone,
            number_key=blind_index("resident_phone.number", phone), tail_key=bytes(16), note="",
        )  # fmt: skip
        began = today - timedelta(days=n * 11 % 420)
        bulk.put(
            Contract, id=uuid4(), number=uuid4().hex, resident_id=key, village_code=VILLAGE,
            village_code_at=VILLAGE, team_id=team.id, kind="first", years=1, signed_on=began, start_on=began,
            end_on=began + timedelta(days=364), occupied_until=began + timedelta(days=364), evidence="paper",
            signed_by="resident", created_at=AT,
        )  # fmt: skip
        if n < PATIENTS:
            _a_patient(bulk, key, n, today)
            _tries(bulk, key, n, today, doctor)
    bulk.store(session)


def _tries(bulk: Bulk, key: object, n: int, today: date, doctor: Staff) -> None:
    """Several for each, the last at any minute of the last months and with a promise."""
    for k in range(3):
        at = clock.now() - timedelta(days=n * 7 % 90 + 20 * k, minutes=n * 37 % 600)
        bulk.put(
            ContactAttempt, id=uuid4(), resident_id=key, village_code=VILLAGE, attempted_at=at,
            outcome=list(AttemptOutcome)[n % 5], until=today + timedelta(days=n % 14), recorded_at=at,
            staff_id=doctor.id,
        )  # fmt: skip


def _a_patient(bulk: Bulk, key: object, n: int, today: date) -> None:
    condition, last, newest = uuid4(), today - timedelta(days=n % 80), None
    bulk.put(
        Condition, id=condition, resident_id=key, village_code=VILLAGE, disease=Disease.HYPERTENSION,
        enrolled_on=date(2024, 3, 1) + timedelta(days=n), source="typed", created_at=AT, status=Status.ACTIVE,
        last_face_to_face_on=last, last_evaluated_on=last,
    )  # fmt: skip
    for k in range(VISITS):
        day, visit, sbp, dbp = (
            last - timedelta(days=85 * k),
            uuid4(),
            118 + n * (k + 3) % 50,
            70 + n * (k + 2) % 30,
        )
        drug = {
            "name": ["氨氯地平片", "缬沙坦胶囊", "厄贝沙坦片"][n % 3],
            "times": 1,
            "dose": 5 + n % 3,
            "unit": "mg",
        }
        block = {
            "symptoms": [1],
            "adherence": 1 + n % 3,
            "adverse_reaction": 1,
            "drugs": [drug],
            "salt": 1 + n % 3,
        }
        body = {
            "sbp": sbp, "dbp": dbp, "heart_rate": 60 + n % 40, "weight_kg": 50 + n % 400 / 10,
            "height_cm": 150 + n % 30, "smoking_per_day": n % 20, "hypertension": block,
        }  # fmt: skip
        bulk.put(
            Visit, id=visit, resident_id=key, village_code=VILLAGE, village_code_at=VILLAGE, visit_date=day,
            mode=Mode.CLINIC, recorded_at=AT, received_at=AT, body=body, sbp=sbp, dbp=dbp,
        )  # fmt: skip
        bulk.put(
            Judgement, visit_id=visit, disease=Disease.HYPERTENSION, policy_id=load().id,
            condition_id=condition, resident_id=key, village_code=VILLAGE, visit_date=day, evaluated=True,
            face_to_face=True, counted=True, controlled=sbp < 140,
            referral=Referral.URGENT if n % 10 == 0 else None,
        )  # fmt: skip
        newest = newest or visit
    bulk.put(
        Task, id=uuid4(), condition_id=condition, resident_id=key, village_code=VILLAGE,
        disease=Disease.HYPERTENSION, kind=TaskKind.REFERRAL_TRACKING if n % 10 == 0 else TaskKind.ROUTINE,
        chain=True, due_on=last + timedelta(days=90), opened_on=last, opened_by=newest,
    )  # fmt: skip


def test_a_village_of_two_thousand_takes_less_than_300_kb_and_then_next_to_nothing(
    client: FlaskClient, session: Session
) -> None:
    team = a_team(session, villages=(VILLAGE,))
    doctor = a_member_of_staff(session, team=team)
    a_village(session, doctor, team)
    api = Api(client, session, doctor)
    for encoding in ("gzip", "br"):
        api.headers["Accept-Encoding"] = encoding
        cursor, sent, more = "", 0, True
        people = contacts = urgent = signed = 0
        while more:
            answer = api.get("/sync", cursor=cursor, limit=500)
            assert answer.headers["Content-Encoding"] == encoding
            sent += len(answer.data)
            if encoding == "br":
                break
            page = SyncPage.model_validate_json(gzip.decompress(answer.data))
            cursor, more = page.cursor, page.more
            people += len(page.people)
            contacts += sum(person.contact is not None for person in page.people)
            urgent += sum(condition.urgent for person in page.people for condition in person.conditions)
            signed += sum(person.contract is not None for person in page.people)
        if encoding == "gzip":
            assert (people, signed, contacts, urgent) == (PEOPLE, PEOPLE, PATIENTS, PATIENTS // 10)
            assert sent < 300_000
            idle = api.get("/sync", cursor=cursor, limit=500)
            assert len(idle.data) < 1000


def test_only_those_who_follow_people_up_fetch_them(client: FlaskClient, session: Session) -> None:
    team = a_team(session)
    for role in Role:
        staff = a_member_of_staff(session, role, team=team)
        allowed = role in (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)
        assert Api(client, session, staff).get("/sync").status_code == (200 if allowed else 403)
    assert client.get("/api/v1/sync").status_code == 401


@pytest.mark.parametrize("limit", ["0", "501", "x", "-1"])
def test_a_limit_out_of_range_is_refused(client: FlaskClient, session: Session, limit: str) -> None:
    api = Api(client, session, a_member_of_staff(session, team=a_team(session)))
    assert api.get("/sync", limit=limit).status_code == 422


def test_the_digest_names_the_rules_and_ids_of_other_villages_never(
    client: FlaskClient, session: Session
) -> None:
    doctor = a_member_of_staff(session, team=a_team(session, villages=(VILLAGE,)))
    own, foreign = a_resident(session), a_resident(session, village=NEXT_VILLAGE)
    for person in (own, foreign):
        a_condition(session, person)
    api = Api(client, session, doctor)
    first = api.get("/sync")
    assert first.json is not None
    rules = api.get("/rules").json
    assert rules is not None
    assert (rules["id"], rules["policy"]) == (first.json["rules"], load().pack)
    assert [row["key"] for row in rules["ranges"]][:2] == ["sbp", "dbp"]
    assert str(own.id) in first.text
    foreign.name = "李改名"
    own.name = "李也改"
    later = api.get("/sync", cursor=first.json["cursor"])
    assert later.json is not None
    assert [person["name"] for person in later.json["people"]] == ["李*改"]
    assert str(foreign.id) not in first.text + later.text


def test_the_document_of_the_api_describes_it(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document is not None
    call = document["paths"]["/api/v1/sync"]["get"]
    assert {p["name"] for p in call["parameters"]} == {"cursor", "limit"}
    content = call["responses"]["200"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/SyncPage"}
    assert "Person" in document["components"]["schemas"]
