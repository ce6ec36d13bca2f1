"""The phone judges a visit as the server will: thousands of encounters in a browser, and the worked cases."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.county import ROOT, County
from tests.domain.stories import day, noted
from tests.encounters import (
    PLACE,
    Body,
    Maker,
    answered,
    judged_whole,
    only_the_phone_knows_more,
    person_of,
    with_visits,
)
from tests.frontend import FRONTEND, bundled
from tracker.domain import ranges
from tracker.domain.policy import load
from tracker.domain.terms import Disease
from tracker.models import Condition
from tracker.schemas.visit import VisitIn
from tracker.services.course.history import History
from tracker.services.store.bulk import apart

CASES = json.loads((ROOT / "tests" / "domain" / "worked_cases.json").read_text(encoding="utf-8"))
ENCOUNTERS = 12_300
AT_A_TIME = 2_000
ADVISE = """
async ({ module, pack, cases }) => {
  const { advise, reasonText } = await import(module);
  const answers = JSON.parse(cases).map(([person, visits]) => {
    const answer = advise(pack, person, visits);
    for (const judged of [answer.hypertension, answer.diabetes].filter(Boolean)) {
      const told = [...judged.reasons, ...judged.advice.map((code) => ({ code, params: {} }))];
      const words = (locale) => told.map(({ code, params }) => reasonText(pack, locale, code, params));
      judged.words = { zh: words("zh-CN"), en: words("en") };
    }
    return answer;
  });
  return JSON.stringify(answers);
}
"""
"""As text each way: what is handed over piece by piece takes far longer than judging it."""


@dataclass
class Case:
    """What is asked of the phone, what the server answers, and whether the phone has to know it."""

    person: Body
    visits: list[Body]
    expected: Body
    sure: bool


@dataclass
class Seen:
    """What the encounters reached."""

    codes: set[tuple[str, str]] = field(default_factory=set)
    steps: set[tuple[str, Any, Any]] = field(default_factory=set)
    modes: Counter[str] = field(default_factory=Counter)
    dues: set[str] = field(default_factory=set)
    sure: int = 0
    unsure: int = 0
    urgent: int = 0

    def take(self, case: Case, answer: Body) -> None:
        self.sure, self.unsure = self.sure + (not answer["unsure"]), self.unsure + answer["unsure"]
        self.urgent += answer["urgent"] is not None
        for disease in Disease:
            judged = answer.get(disease.value)
            if judged is not None:
                self.modes[case.visits[-1]["mode"]] += 1
                self.codes |= {(disease.value, reason["code"]) for reason in judged["reasons"]}
                self.codes |= {(disease.value, code) for code in judged["advice"]}
                self.steps.add((disease.value, judged["classification"], judged["next_step"]))
                self.dues.add(judged["next_due"])


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules bundled as the pages' scripts are."""
    source = FRONTEND / "src" / "domain" / "advise.js"
    return bundled(source, tmp_path_factory.mktemp("bundle") / "domain.js")


@pytest.fixture(scope="module")
def phone(chromium: Browser, module: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of the real server, under its content policy, in a zone where local days would differ."""
    county = County(tmp_path_factory.mktemp("county")).prepare()
    with county.serving():
        context = chromium.new_context(timezone_id="America/St_Johns")
        page = context.new_page()
        page.route("**/static/domain.js", lambda route: route.fulfill(path=module))
        answer = page.goto(county.url + "/login")
        assert answer is not None
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        yield page
        context.close()


def ask(phone: Page, cases: list[Case]) -> list[Body]:
    asked = json.dumps([[case.person, case.visits] for case in cases])
    answers: list[Body] = json.loads(
        phone.evaluate(ADVISE, {"module": "/static/domain.js", "pack": load().pack, "cases": asked})
    )
    return answers


def cases(count: int) -> Iterator[Case]:
    """Each visit of a story is typed in its turn, on top of those that wait on the phone."""
    made = Maker(Random(20171101))
    while count > 0:
        story = made.story()
        known = judged_whole(story.history)
        person = person_of(story.history, known)
        for number in range(1, len(story.unsent) + 1):
            visits = story.unsent[:number]
            last = {**visits[-1], "recorded_at": latest(visits)}
            arrived = with_visits(story.history, [*visits[:-1], last])
            # The one being typed has no time yet.
            open_form = {key: value for key, value in last.items() if key not in ("id", "recorded_at")}
            yield Case(
                person, [*visits[:-1], open_form], answered(arrived, last),
                only_the_phone_knows_more(story.history, known, visits),
            )  # fmt: skip
            count -= 1


def latest(visits: list[Body]) -> str:
    """A moment after all the others were recorded."""
    on = max(day(visit["visit_date"]) for visit in visits)
    return noted(on, late=9).isoformat()


def agree(case: Case, answer: Body) -> None:
    told = {disease.value: flat(answer[disease.value]) for disease in Disease if disease.value in answer}
    wanted = {disease.value: case.expected.get(disease.value) for disease in Disease}
    assert answer["policy"] == case.expected["policy"]
    if answer["unsure"]:
        assert not case.sure, (case, answer)
        assert answer["next_encounter_due"] is None
        referrals = [judged["referral"] for judged in wanted.values() if judged is not None]
        # The server judges nothing before the enrolment and after the end of care.
        assert answer["urgent"] is None or not referrals or "urgent" in referrals, (case, answer)
        assert all(wanted[disease] == judged for disease, judged in told.items()), (case, answer)
        return
    assert told == {disease: judged for disease, judged in wanted.items() if judged is not None}, case
    assert answer["next_encounter_due"] == case.expected["next_encounter_due"], (case, answer)


def flat(judged: Body) -> Body:
    """The reasons and the advice as they are stored."""
    reasons = [{"code": reason["code"], **reason["params"]} for reason in judged["reasons"]]
    advice = [{"code": code, "advice": True} for code in judged["advice"]]
    return {key: value for key, value in judged.items() if key != "advice"} | {"reasons": reasons + advice}


def test_phone_and_server_judge_thousands_of_encounters_alike(phone: Page) -> None:
    seen, made = Seen(), cases(ENCOUNTERS)
    while batch := list(itertools.islice(made, AT_A_TIME)):
        for case, answer in zip(batch, ask(phone, batch), strict=True):
            agree(case, answer)
            seen.take(case, answer)
    assert seen.sure >= 10_000
    assert seen.unsure >= 500
    assert seen.urgent >= 50
    assert seen.codes == every_code()
    assert {step for _, _, step in seen.steps} == {None, 1, 2, 3, 4}
    assert {row["class"] for row in load().pack["classes"]} < {found for _, found, _ in seen.steps}
    assert min(seen.modes[mode] for mode in ("clinic", "home", "phone")) > 2_000
    assert {"2024-02-29", "2025-02-28", "2028-02-29"} <= seen.dues


def every_code() -> set[tuple[str, str]]:
    tables = ("own_emergency", "foreign_emergency", "reasons", "advice")
    return {
        (disease, row["code"])
        for disease, own in load().pack["diseases"].items()
        for table in tables
        for row in own[table]
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_phone_and_server_judge_a_worked_case_alike(phone: Page, case: Body) -> None:
    history, visits = told(case)
    known = judged_whole(history)
    person = person_of(history, known)
    (answer,) = ask(
        phone, [asked := Case(person, visits, answered(with_visits(history, visits), visits[-1]), True)]
    )
    agree(asked, answer)
    for disease, expected in case["expected"].items():
        shared = {name: answer[disease][name] for name in expected if name in answer[disease]}
        assert shared == {name: expected[name] for name in shared if name != "reason"}
        assert expected.get("reason") in (None, *answer[disease]["words"]["zh"][:1])


def told(case: Body) -> tuple[History, list[Body]]:
    """Enrolled at the first visit; all visits lie on the phone."""
    resident = SimpleNamespace(id=uuid4(), village_code=PLACE, birth_date=day(case["birth_date"]))
    history, first = History(resident), day(case["visits"][0]["on"])  # type: ignore[arg-type]
    history.conditions = [
        apart(
            Condition, id=uuid4(), resident_id=resident.id, village_code=PLACE, disease=Disease(disease),
            enrolled_on=first,
        )
        for disease in case["expected"]
    ]  # fmt: skip
    return history, [typed(resident.id, visit) for visit in case["visits"]]


def typed(resident_id: UUID, visit: Body) -> Body:
    about = {
        "id": str(uuid4()),
        "resident_id": str(resident_id),
        "visit_date": visit["on"],
        "mode": visit["mode"],
        "recorded_at": noted(day(visit["on"])).isoformat(),
    }
    return VisitIn.model_validate(about | visit["visit"]).body()


def test_phone_and_server_find_the_same_numbers_odd(phone: Page) -> None:
    chance = Random(7)
    bodies = [odd_body(chance) for _ in range(500)]
    asked = """async ({ module, ranges, bodies }) => {
      const { oddities, impossible } = await import(module);
      const keys = ranges.map((row) => row.key);
      return bodies.map((body) => [
        oddities(ranges, body),
        keys.filter((key) => impossible(ranges, key, body[key])),
      ]);
    }"""
    found = phone.evaluate(asked, {"module": "/static/domain.js", "ranges": ranges.rows(), "bodies": bodies})
    for body, (odd, impossible) in zip(bodies, found, strict=True):
        assert odd == ranges.odd(body)
        assert impossible == [key for key in ranges.RANGES if ranges.impossible(key, body.get(key))]


def odd_body(chance: Random) -> Body:
    """Values at and beside the ends of their ranges; glucose both inside its block and beside it."""

    def value(bounds: ranges.Range) -> float | None:
        ends = [
            end for end in (bounds.low, bounds.high, bounds.soft_low, bounds.soft_high) if end is not None
        ]
        return chance.choice([None, *(end + step for end in ends for step in (-bounds.step, 0, bounds.step))])

    body: Body = {key: value(bounds) for key, bounds in ranges.RANGES.items() if chance.random() < 0.4}
    body.pop(ranges.PULSE_PRESSURE, None)
    body["diabetes"] = {"fpg": value(ranges.RANGES["fpg"])} if chance.random() < 0.5 else None
    return body
