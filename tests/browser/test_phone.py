"""What the phone keeps and sends, in a real browser against the real server: all arrives, and once."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route

from tests.browser.phone import (
    PIN,
    a_body,
    a_patient,
    at_once,
    call,
    kept,
    kill,
    own_browser,
    parts_page,
    sent,
    set_up,
    signed_in,
)
from tests.county import TEAM, VILLAGE, County
from tests.factories import an_id_number
from tracker import clock

_turn = itertools.count()
OTHER = "411025101203"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("county")).prepare()
    county.team(TEAM, VILLAGE, OTHER)
    for number in range(3):  # one person may have but twenty phones
        county.staff(f"doctor{number}", "village_doctor", VILLAGE, "陈春山", TEAM)
    county.staff("second", "village_doctor", OTHER, "吴冬青", TEAM)
    county.lead()
    with county.serving(workers=2):
        yield county


@pytest.fixture
def doctor() -> str:
    return f"doctor{next(_turn) % 3}"


@pytest.fixture
def phone(context: BrowserContext, county: County, module: Path, doctor: str) -> Page:
    """The doctor's phone, set up and open."""
    signed_in(context, county, doctor)
    page = parts_page(context, county, module)
    set_up(page)
    return page


@pytest.fixture(scope="module")
def token(county: County) -> str:
    return county.token("doctor0")


@pytest.fixture(scope="module")
def patient(county: County, token: str) -> str:
    return a_patient(county, token, VILLAGE, 1)


STANDING = {"here": 0, "attention": 0, "handed": 0, "uploaded": 0, "oldest": None, "last": "fetched"}


def stored(county: County, token: str, body: dict[str, Any]) -> dict[str, Any] | None:
    status, visit = county.call("GET", f"/api/v1/visits/{body['id']}", token)
    return visit if status == 200 else None


def test_a_visit_recorded_without_a_line_reaches_the_server_once(
    context: BrowserContext, phone: Page, county: County, token: str, patient: str
) -> None:
    context.set_offline(True)
    body = a_body(patient)
    kept(phone, body)
    kept(phone, body)  # a second tap
    assert sent(phone)["here"] == 1
    context.set_offline(False)
    at_once(phone)
    assert sent(phone) == {**STANDING, "uploaded": 1}
    visit = stored(county, token, body)
    assert visit is not None
    assert visit["sbp"] == 132


def test_a_lost_reply_is_asked_for_again_and_nothing_comes_twice(
    phone: Page, county: County, token: str, patient: str
) -> None:
    body, lost = a_body(patient, sbp=128), []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    phone.route("**/api/v1/visits", lose)
    kept(phone, body)
    assert sent(phone)["here"] == 1
    assert len(lost) == 1
    assert stored(county, token, body) is not None
    phone.unroute("**/api/v1/visits")
    at_once(phone)
    assert sent(phone)["uploaded"] == 1


def test_two_senders_at_once_both_succeed(
    context: BrowserContext, phone: Page, county: County, module: Path, token: str, patient: str
) -> None:
    bodies = [a_body(patient, sbp=120 + number) for number in range(6)]
    for body in bodies:
        kept(phone, body)
    other = parts_page(context, county, module)
    start = "window.done = upload.upload();"
    for page in (phone, other):
        call(page, start)
    assert [call(page, "return await window.done;") for page in (phone, other)] == ["done", "done"]
    assert sent(phone) == {**STANDING, "uploaded": 6}
    assert all(stored(county, token, body) is not None for body in bodies)


def test_another_body_under_an_id_that_the_server_has_is_kept_and_said(
    phone: Page, county: County, token: str, patient: str
) -> None:
    body = a_body(patient, sbp=131)
    status, answer = county.call("POST", "/api/v1/visits", token, {"visits": [body]})
    assert (status, answer["results"][0]["status"]) == (200, "accepted")
    kept(phone, {**body, "sbp": 151})
    assert sent(phone)["attention"] == 1
    assert call(phone, "return (await outbox.items())[0].errors;").keys() == {"conflict"}
    visit = stored(county, token, body)
    assert visit is not None
    assert visit["sbp"] == 131


def test_what_is_changed_while_it_travels_is_not_taken_for_sent(
    phone: Page, county: County, token: str, patient: str
) -> None:
    body = a_body(patient, sbp=135)

    def change_meanwhile(route: Route) -> None:
        answer = route.fetch()
        phone.unroute("**/api/v1/visits")
        call(
            phone,
            "await outbox.keep({ id: body.id, kind: 'visit', resident_id: body.resident_id, body });",
            body={**body, "sbp": 153},
        )
        route.fulfill(response=answer)

    kept(phone, body)
    phone.route("**/api/v1/visits", change_meanwhile)
    assert sent(phone)["here"] == 1
    assert sent(phone)["attention"] == 1  # the server keeps both, and a person decides


def test_a_second_save_of_what_the_server_has_is_said_not_to_be_kept(
    phone: Page, county: County, token: str, patient: str
) -> None:
    body = a_body(patient, sbp=136)
    kept(phone, body)
    assert sent(phone)["uploaded"] == 1
    again = "return outbox.keep({ id: body.id, kind: 'visit', resident_id: body.resident_id, body });"
    assert call(phone, again, body={**body, "sbp": 156}) is False


def test_without_a_session_the_phone_goes_on_sending(
    context: BrowserContext, phone: Page, county: County, token: str, patient: str
) -> None:
    context.clear_cookies()
    body = a_body(patient, sbp=133)
    kept(phone, body)
    assert sent(phone) == {**STANDING, "uploaded": 1, "last": "sign_in"}
    assert stored(county, token, body) is not None


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<title>登录校园网</title>"},
        {"status": 200, "content_type": "application/json", "body": '{"ok": true}'},
        {"status": 503, "content_type": "application/problem+json", "body": "{}"},
        {"status": 429, "content_type": "text/plain", "body": "slow down"},
        {"status": 408, "content_type": "application/problem+json", "body": '{"title": "too slow"}'},
        {"status": 302, "headers": {"Location": "http://127.0.0.1:1/portal"}},
    ],
    ids=["portal", "other-json", "trouble", "too-many", "too-slow", "redirect"],
)
def test_what_is_no_answer_of_the_server_changes_nothing(
    phone: Page, county: County, token: str, patient: str, answer: dict[str, Any]
) -> None:
    phone.route("**/api/v1/visits", lambda route: route.fulfill(**answer))
    body = a_body(patient, sbp=129)
    kept(phone, body)
    found = sent(phone)
    assert (found["here"], found["uploaded"]) == (1, 0)
    assert stored(county, token, body) is None
    phone.unroute("**/api/v1/visits")
    at_once(phone)
    assert sent(phone)["uploaded"] == 1


def test_one_impossible_record_is_told_apart_and_the_others_go(
    phone: Page, county: County, token: str, patient: str
) -> None:
    good = [a_body(patient, sbp=121 + number) for number in range(4)]
    bad = a_body(patient, sbp=700)
    for body in [*good[:2], bad, *good[2:]]:
        kept(phone, body)
    found = sent(phone)
    assert (found["uploaded"], found["attention"]) == (4, 1)
    errors = call(phone, "return (await outbox.items()).find(({ id }) => id === bad).errors;", bad=bad["id"])
    assert list(errors) == ["sbp"]
    kept(phone, {**bad, "sbp": 170})  # corrected on the phone, under the same id
    assert sent(phone) == {**STANDING, "uploaded": 5}
    visit = stored(county, token, bad)
    assert visit is not None
    assert visit["sbp"] == 170


def test_a_line_that_dies_half_way_delivers_in_parts(
    phone: Page, county: County, token: str, patient: str
) -> None:
    calls = itertools.count()

    def every_second(route: Route) -> None:
        route.abort() if next(calls) % 2 else route.continue_()

    phone.route("**/api/v1/visits", every_second)
    bodies = [a_body(patient, note="很长的备注" * 30, sbp=110 + number) for number in range(60)]
    call(
        phone,
        "for (const body of bodies) await outbox.keep({ id: body.id, kind: 'visit',"
        " resident_id: body.resident_id, body });",
        bodies=bodies,
    )
    for _ in range(12):
        at_once(phone)
        if sent(phone)["uploaded"] == len(bodies):
            break
    assert sent(phone) == {**STANDING, "uploaded": 60}
    assert all(stored(county, token, body) is not None for body in bodies)


def test_a_part_that_is_too_big_for_the_server_goes_in_halves(
    phone: Page, county: County, token: str, patient: str
) -> None:
    sizes: list[int] = []

    def three_at_most(route: Route) -> None:
        sizes.append(len(route.request.post_data_json["visits"]))
        if sizes[-1] <= 3:
            route.continue_()
        else:
            route.fulfill(status=413, content_type="application/problem+json", body='{"title": "too large"}')

    phone.route("**/api/v1/visits", three_at_most)
    bodies = [a_body(patient, sbp=110 + number) for number in range(10)]
    for body in bodies:
        kept(phone, body)
    assert sent(phone) == {**STANDING, "uploaded": 10}
    assert sizes == [10, 5, 3, 2, 5, 3, 2]
    assert all(stored(county, token, body) is not None for body in bodies)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_in_trouble_is_left_alone_and_a_record_it_fails_at_holds_nothing_up(
    phone: Page, county: County, token: str, patient: str, status: int
) -> None:
    sizes: list[int] = []
    bodies = [a_body(patient, sbp=110 + number) for number in range(8)]

    def fails_at_the_first(route: Route) -> None:
        visits = route.request.post_data_json["visits"]
        sizes.append(len(visits))
        if visits[0]["id"] == bodies[0]["id"]:
            route.fulfill(status=status, content_type="application/problem+json", body="{}")
        else:
            route.continue_()

    phone.route("**/api/v1/visits", fails_at_the_first)
    for body in bodies:
        kept(phone, body)
    assert sent(phone)["last"] == "away"
    assert sizes == [8]
    assert sent(phone)["here"] == 8  # put off: nothing is asked again at once
    assert sizes == [8]
    for _ in range(6):
        at_once(phone)
        sent(phone)
        call(phone, "await sync.synchronise();")
    found = sent(phone)
    assert (found["here"], found["uploaded"]) == (1, 7)
    phone.unroute("**/api/v1/visits")
    at_once(phone)
    assert sent(phone) == {**STANDING, "uploaded": 8}


def test_a_clock_that_leaps_ahead_without_a_line_forgets_nothing(
    context: BrowserContext, phone: Page, patient: str
) -> None:
    """The copies of what arrived are what a restored server gets again."""
    kept(phone, a_body(patient))
    assert sent(phone)["uploaded"] == 1
    context.set_offline(True)
    phone.clock.set_system_time(datetime(2099, 1, 1, 8, tzinfo=UTC))
    assert sent(phone)["uploaded"] == 1
    context.set_offline(False)
    assert sent(phone)["uploaded"] == 1  # the server has said what day it is


def test_only_what_the_server_has_named_counts_as_uploaded(
    phone: Page, county: County, token: str, patient: str
) -> None:
    first, second = a_body(patient, sbp=122), a_body(patient, sbp=123)

    def half(route: Route) -> None:
        answer = route.fetch()
        results = [r for r in answer.json()["results"] if r["id"] != second["id"]]
        route.fulfill(response=answer, json={"results": results})

    phone.route("**/api/v1/visits", half)
    kept(phone, first)
    kept(phone, second)
    found = sent(phone)
    assert (found["here"], found["uploaded"]) == (1, 1)
    phone.unroute("**/api/v1/visits")
    at_once(phone)
    assert sent(phone) == {**STANDING, "uploaded": 2}


def test_a_visit_waits_for_the_person_who_was_recorded_with_it(
    context: BrowserContext, phone: Page, county: County, token: str
) -> None:
    context.set_offline(True)
    person = {
        "id": str(uuid4()), "name": "李秋", "id_number": an_id_number(date(1950, 1, 2), 77, male=False),
        "sex": "female", "birth_date": "1950-01-02", "phones": [], "region_code": VILLAGE, "groups": [],
        "registered": True,
    }  # fmt: skip
    attempt = {
        "id": str(uuid4()),
        "attempted_at": clock.now().isoformat(),
        "outcome": "will_come",
        "note": "",
    }
    call(
        phone,
        "await outbox.keep({ id: attempt.id, kind: 'attempt', resident_id: person.id, body: attempt });"
        "await outbox.keep({ id: person.id, kind: 'resident', body: person });",
        person=person, attempt=attempt,
    )  # fmt: skip
    context.set_offline(False)
    at_once(phone)
    for _ in range(2):
        found = sent(phone)
    assert found == {**STANDING, "uploaded": 2}
    status, there = county.call("GET", f"/api/v1/residents/{person['id']}", token)
    assert (status, there["name"]) == (200, "李秋")


@pytest.mark.parametrize(("year", "state"), [(1970, "uploaded"), (2099, "uploaded")])
def test_a_wrong_clock_loses_nothing(
    phone: Page, county: County, token: str, patient: str, year: int, state: str
) -> None:
    phone.clock.set_system_time(datetime(year, 1, 1, 8, tzinfo=UTC))
    body = a_body(patient, sbp=127) | {"recorded_at": f"{year}-01-01T08:00:00+08:00"}
    kept(phone, body)
    assert sent(phone)[state] == 1
    assert stored(county, token, body) is not None


def test_a_visit_of_a_day_to_come_is_given_back_for_correction(phone: Page, patient: str) -> None:
    kept(phone, a_body(patient, on=date(2099, 1, 1)))
    assert sent(phone)["attention"] == 1
    assert list(call(phone, "return (await outbox.items())[0].errors;")) == ["visit_date"]


def test_a_full_disk_never_claims_that_something_was_saved(
    phone: Page, county: County, token: str, patient: str
) -> None:
    """No setting of this browser makes its storage small: the page's own storage says that it is full."""
    failed = call(
        phone,
        "const put = IDBObjectStore.prototype.put;"
        "IDBObjectStore.prototype.put = function (...given) {"
        " if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError');"
        " return put.apply(this, given); };"
        "const said = await outbox.keep({ id: body.id, kind: 'visit', resident_id: body.resident_id, body })"
        " .then(() => 'kept', (error) => error.name);"
        "IDBObjectStore.prototype.put = put; return [said, (await outbox.items()).length];",
        body=a_body(patient),
    )
    assert failed == ["QuotaExceededError", 0]
    body = a_body(patient)
    kept(phone, body)
    assert sent(phone) == {**STANDING, "uploaded": 1}
    assert stored(county, token, body) is not None


def test_a_record_lies_on_the_disk_when_it_is_said_to(
    county: County, module: Path, tmp_path: Path, token: str, patient: str, driver: Playwright, doctor: str
) -> None:
    """The browser is killed the moment after; another start sends what it had promised to keep."""
    with own_browser(driver, tmp_path / "profile") as context:
        signed_in(context, county, doctor)
        page = parts_page(context, county, module)
        set_up(page)
        context.set_offline(True)
        bodies = [a_body(patient, sbp=140 + number) for number in range(5)]
        for body in bodies:
            kept(page, body)
        kill(tmp_path / "profile")
    with own_browser(driver, tmp_path / "profile") as context:
        page = parts_page(context, county, module)
        assert sent(page)["uploaded"] == 5
    assert all(stored(county, token, body) is not None for body in bodies)


def test_a_revoked_phone_delivers_and_can_no_longer_be_read(
    context: BrowserContext, phone: Page, county: County, token: str, patient: str, doctor: str
) -> None:
    own = call(phone, "return (await device.device()).id;")
    body = a_body(patient, sbp=139)
    kept(phone, body)
    lead = county.token("lead")
    status, _ = county.call("POST", f"/api/v1/devices/{own}/revocation", lead, {"reason": "手机丢了"})
    assert status == 200
    context.clear_cookies()
    assert sent(phone)["uploaded"] == 1
    visit = stored(county, token, body)
    assert visit is not None
    assert visit["approval"] == "pending"
    left = "return [keys.unlocked(), await store.get('meta', 'lock'), await people.count()];"
    assert call(phone, left) == [False, None, 0]
    signed_in(context, county, doctor)
    assert sent(phone)["last"] == "refused"
    again = set_up(phone)
    assert again["id"] != own
    body = a_body(patient, sbp=138)
    kept(phone, body)
    assert sent(phone)["uploaded"] == 2
    visit = stored(county, token, body)
    assert visit is not None
    assert visit["approval"] is None


def test_another_doctor_on_the_same_phone_neither_reads_nor_sends_as_the_first(
    context: BrowserContext, phone: Page, county: County, token: str, patient: str, doctor: str
) -> None:
    sent(phone)
    body = a_body(patient, sbp=126)
    kept(phone, body)
    context.clear_cookies()
    signed_in(context, county, "second")
    assert sent(phone) == {**STANDING, "uploaded": 1, "last": "other"}
    read = "return people.list().then(() => 'read', () => 'closed');"
    assert call(phone, read) == "closed"  # its pages: test_whose_phone
    with sqlite3.connect(county.folder / "tracker.db") as database:
        by = "SELECT s.username FROM visit v JOIN staff s ON s.id = v.visited_by WHERE v.id = ?"
        assert database.execute(by, [UUID(body["id"]).hex]).fetchall() == [(doctor,)]


def test_the_pin_opens_and_ten_wrong_ones_destroy_the_list(phone: Page, county: County, patient: str) -> None:
    kept(phone, a_body(patient, sbp=125))
    tries = call(
        phone,
        "keys.lock(); const said = []; let now = Date.now();"
        "for (let n = 0; n < 11; n += 1) { now += 21 * 60_000; said.push(await keys.unlock('000000', now)); }"
        "return [...said, await keys.unlock(pin, now)];",
        pin=PIN,
    )
    assert tries == ["wrong"] * 4 + ["wait"] * 5 + ["destroyed"] * 3
    assert sent(phone)["uploaded"] == 1


def test_a_page_that_is_killed_over_a_guess_gives_no_other_guess(phone: Page, county: County) -> None:
    """As it stands on the disk before the guess has been answered."""
    said = call(
        phone,
        "keys.lock(); const said = []; let now = Date.now();"
        "for (let n = 1; n < 13; n += 1) {"
        "  now += 21 * 60_000; let answer; keys.unlock('000000', now).then((one) => { answer = one; });"
        "  const lock = () => store.get('meta', 'lock');"
        "  const soon = () => new Promise((resolve) => setTimeout(resolve, 1));"
        "  while (!answer && (await lock()).tries < n) await soon();"
        "  const kept = await lock(); said.push(answer ?? kept.waits > now);"
        "  while (!answer) await soon();"
        "  if (n < 12) await store.put('meta', 'lock', kept);"  # what came after is undone by the kill
        "} return said;",
    )
    assert said == [False] * 4 + [True] * 6 + ["destroyed"] * 2


def test_when_the_share_has_run_out_a_session_lends_it_again(phone: Page, patient: str) -> None:
    kept(phone, a_body(patient, sbp=124))
    said = call(
        phone,
        "keys.lock(); const lent = await store.get('meta', 'share');"
        "await store.put('meta', 'share', { ...lent, until: 1 });"
        "const before = [await keys.leased(), await keys.unlock(pin), await store.get('meta', 'share')];"
        "await sync.synchronise();"
        "return [...before.map((one) => one ?? null), sync.state.last, await keys.unlock(pin)];",
        pin=PIN,
    )
    assert said == [False, "lease", None, "locked", "open"]
    assert sent(phone) == {**STANDING, "uploaded": 1}
