"""Made-up people with what the server knows of them and visits that it does not know yet, by the thousand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import configure_mappers

from tests.domain.stories import noted
from tracker.domain.calendar import CHINA, add_years
from tracker.domain.policy import Policy, load
from tracker.domain.state import Rows, State, Told, state
from tracker.domain.terms import CLOSING, Disease, EmergencySign, ReferralResult, Status, Unmeasurable
from tracker.models import Condition, ContactAttempt, Judgement, ReferralOutcome, ResidentGroup, Visit
from tracker.models import StatusEvent as StoredStatus
from tracker.models.visit import VisitSource
from tracker.schemas.visit import VisitIn
from tracker.services.course.history import History
from tracker.services.course.rows import Replayed, replayed
from tracker.services.store.bulk import apart
from tracker.services.sync.state import carried, judged
from tracker.services.visit.view import reason_texts, shown

configure_mappers()  # no database is asked here, which would see to it
Body = dict[str, Any]
PLACE = "411025101201"
# Three months and two weeks on from these end in February, of leap years and others, or around birthdays.
STARTS = ["2023-11-14", "2024-02-12", "2024-11-20", "2025-02-16", "2025-06-30", "2025-12-28", "2027-11-27"]
BIRTHS = ["1960-02-29", "1944-02-29", "1950-07-01", "1958-12-31", "1972-10-05", "1988-02-29", "1993-04-17"]
SYSTOLIC = [112, 128, 129, 130, 138, 139, 140, 141, 146, 149, 150, 152, 164, 179]
DIASTOLIC = [70, 78, 79, 80, 84, 88, 89, 90, 92, 98, 109]
GLUCOSE = [3.8, 3.9, 4, 4.3, 4.4, 5.0, 5.1, 6.1, 6.9, 7, 7.1, 7.25, 8.4, 9.75, 11.3, 16.6]


@dataclass(frozen=True, slots=True)
class Story:
    """One person: the history on the server, and the bodies that lie on a phone, oldest first."""

    history: History
    unsent: list[Body]


@dataclass(slots=True)
class Maker:
    """Draws from one source of chance, so that a seed tells everything."""

    chance: Random

    def stories(self, count: int) -> Iterator[Story]:
        return (self.story() for _ in range(count))

    def story(self) -> Story:
        start = date.fromisoformat(self.pick(STARTS)) + timedelta(self.chance.randrange(20))
        resident = SimpleNamespace(id=uuid4(), village_code=PLACE, birth_date=self.birth(start))
        history = History(resident)  # type: ignore[arg-type]
        diseases = self.pick([[Disease.HYPERTENSION], [Disease.DIABETES], list(Disease), list(Disease)])
        history.conditions = [self.condition(resident.id, d, start) for d in diseases]
        if self.one_in(6):
            history.pregnancies = [apart(ResidentGroup, from_on=date(1990, 1, 1), to_on=None, details={})]
        on = start
        for _ in range(self.chance.choice([0, 0, 1, 2, 3, 4])):
            on = on + timedelta(self.gap())
            self.happen(history, diseases, on)
        on = on + timedelta(self.chance.choice([0, 1, 1, 1, 3, 6, 14, 30]) - 9 * self.one_in(30))
        unsent = []
        for number in range(self.chance.choice([1, 1, 2, 3, 4])):
            unsent.append(self.body(resident.id, diseases, on, number))
            on = on + timedelta(self.gap() - 3 * self.one_in(30))
        return Story(history, unsent)

    def birth(self, start: date) -> date:
        if self.one_in(3):  # 65 or 80 within the days of the story
            years = self.pick([65, 65, 65, 80])
            return add_years(start + timedelta(self.chance.randrange(-1, 25)), -years)
        return date.fromisoformat(self.pick(BIRTHS))

    def condition(self, resident_id: UUID, disease: Disease, start: date) -> Condition:
        enrolled = start + timedelta(
            self.chance.choice([0, 0, 0, 0, -20, -40, -100, -100, -100, -100, -100, 5])
        )
        return apart(
            Condition, id=uuid4(), resident_id=resident_id, village_code=PLACE, disease=disease,
            enrolled_on=enrolled,
        )  # fmt: skip

    def happen(self, history: History, diseases: list[Disease], on: date) -> None:
        """A visit most often; what becomes of referrals and of people else."""
        at = noted(on, hour=self.chance.choice([8, 12, 18]))
        what = self.chance.choices(["visit", "outcome", "status", "attempt"], [14, 4, 3, 2])[0]
        if what == "visit":
            body = self.body(history.resident.id, diseases, on, 0)
            history.visits.append(visit_of(body, self.one_in(20)))
        elif what == "outcome":
            history.outcomes.append(self.outcome(diseases, on, at))
        elif what == "status":
            status = self.pick([*Status, *3 * [Status.LOST], *5 * [Status.ACTIVE]])
            until = on + timedelta(self.chance.randrange(40)) if self.one_in(2) else None
            disease = self.pick([None, None, *diseases])
            history.statuses.append(
                apart(
                    StoredStatus, id=uuid4(), disease=disease, status=status, on=on, until=until,
                    recorded_at=at,
                )
            )  # fmt: skip
        else:
            history.attempts.append(apart(ContactAttempt, id=uuid4(), attempted_at=at, recorded_at=at))

    def outcome(self, diseases: list[Disease], on: date, at: datetime) -> ReferralOutcome:
        result = self.pick([*ReferralResult, ReferralResult.ARRIVED, ReferralResult.ARRIVED])
        return apart(
            ReferralOutcome, id=uuid4(), disease=self.pick(diseases), outcome_on=on, recorded_at=at,
            outcome=result, treatment_changed=self.one_in(2), plan=self.pick(["", " ", "加用氨氯地平"]),
        )  # fmt: skip

    def body(self, resident_id: UUID, diseases: list[Disease], on: date, number: int) -> Body:
        late = timedelta(self.chance.choice([0, 0, 0, 0, 2, 5]), hours=number)
        recorded = datetime(on.year, on.month, on.day, self.chance.randrange(7, 17), tzinfo=CHINA) + late
        sent = {
            "id": str(uuid4()),
            "resident_id": str(resident_id),
            "visit_date": str(on),
            "mode": self.pick(["clinic", "home", "phone"]),
            "recorded_at": recorded.isoformat(),
            "emergency_signs": self.signs(),
            **self.measured(),
        }
        for disease in diseases:
            if not self.one_in(8):
                sent[disease.value] = self.block(disease)
        if self.one_in(9):
            sent["referral_form"] = self.referral(on)
        return VisitIn.model_validate(sent).body()

    def signs(self) -> list[str] | None:
        if self.one_in(8):
            return self.chance.sample([str(sign) for sign in EmergencySign], self.pick([1, 1, 2]))
        return self.pick([None, [], [], []])

    def measured(self) -> Body:
        found: Body = {}
        if not self.one_in(7):
            found |= {"sbp": self.pick(SYSTOLIC), "dbp": self.pick(DIASTOLIC)}
        if self.one_in(20):
            found |= {"sbp": self.pick([179, 180, 196]), "dbp": self.pick([100, 109, 110, 118])}
        if self.one_in(20):
            found.pop(self.pick(["sbp", "dbp"]), None)
        if self.one_in(5):
            rows = [(self.pick(SYSTOLIC), self.pick(DIASTOLIC)) for _ in range(self.chance.randrange(1, 5))]
            found["bp_readings"] = rows + ([(188, 112)] if self.one_in(12) else [])
        rare = {
            "heart_rate": [72, 99, 100, 101, 124],
            "temperature": [36, 36.8, 38.9, 39.0, 39, 39.1, 40.25],
            "unmeasurable": [str(word) for word in Unmeasurable],
        }
        return found | {key: self.pick(values) for key, values in rare.items() if self.one_in(14)}

    def block(self, disease: Disease) -> Body:
        if self.one_in(40):
            return {}
        block: Body = {"adverse_reaction": 1, "symptoms": [1]}
        if self.one_in(6):
            block |= {"adverse_reaction": 2, "adverse_reaction_text": "服药后干咳"}
        if self.one_in(12):
            block["adverse_reaction_uncontrollable"] = True
        if self.one_in(3):
            block["complication"] = self.pick([None, "none", "none", "none", "none", "new", "worse"])
        if self.one_in(8):
            block |= {
                "raised_classification": self.pick([2, 3, 4]),
                "raise_reason": self.pick(["100% 头晕", "胸闷"]),
            }
        if self.one_in(5):
            block["drug_changes"] = [{"name": "氨氯地平"}]
        return block | (self.sugar() if disease is Disease.DIABETES else {})

    def sugar(self) -> Body:
        found: Body = {} if self.one_in(7) else {"fpg": self.pick(GLUCOSE)}
        if self.one_in(16):
            found[self.pick(["fpg", "ppg", "random_glucose"])] = self.pick([2.9, 3.9, 16.7, 17, 22.5])
        rare = {"hypoglycaemia": [1, 2, 3], "hba1c": [6.9, 7, 7.0, 8.15]}
        return found | {key: self.pick(values) for key, values in rare.items() if self.one_in(8)}

    def referral(self, on: date) -> Body:
        form: Body = {"outcome": self.pick([None, *(str(result) for result in ReferralResult), "arrived"])}
        if self.one_in(2):
            form["outcome_on"] = str(on - timedelta(self.chance.choice([0, 0, 0, 0, 1, 1, 2, 7, 60])))
        return form

    def gap(self) -> int:
        return self.chance.choice([0, 0, 1, 2, 7, 13, 14, 15, 40, 92])

    def one_in(self, many: int) -> bool:
        return self.chance.randrange(many) == 0

    def pick(self, among: list[Any]) -> Any:
        return self.chance.choice(among)


def visit_of(body: Body, imported: bool = False) -> Visit:
    """The body as the server stores it."""
    at = datetime.fromisoformat(body["recorded_at"])
    return apart(
        Visit, id=UUID(body["id"]), visit_date=date.fromisoformat(body["visit_date"]), mode=body["mode"],
        recorded_at=at, received_at=at, approval=None, body=body, version=1, voided_at=None, late_entry=False,
        source=VisitSource.IMPORT if imported else VisitSource.TYPED, clock_ahead=False,
    )  # fmt: skip


def with_visits(history: History, bodies: Iterable[Body]) -> History:
    """The history when these, too, have arrived."""
    return replace(history, visits=[*history.visits, *map(visit_of, bodies)])


def judged_whole(history: History, policy: Policy | None = None) -> Replayed:
    return replayed(history, policy or load(), CHINA)


def states_of(history: History, known: Replayed) -> dict[Disease, State]:
    """From the rows that would be stored, as a service reads them."""
    recorded = {visit.id: visit.recorded_at for visit in history.visits}
    found = {}
    for condition, course in known.courses:
        rows = Rows(condition.enrolled_on, course.last_face_to_face_on, course.last_evaluated_on)
        own = [row for row in known.judgements if row["condition_id"] == condition.id]
        rows.judged = [judged(SimpleNamespace(**row, recorded_at=recorded[row["visit_id"]])) for row in own]
        rows.tasks = [SimpleNamespace(**t) for t in known.tasks if t["condition_id"] == condition.id]
        rows.statuses = [(s.on, s.status) for s in history.statuses if s.disease in (None, condition.disease)]
        rows.outcomes = [*_outcomes(history, condition.disease)]
        found[condition.disease] = state(rows)
    return found


def _outcomes(history: History, disease: Disease) -> Iterator[Told]:
    for stored in history.outcomes:
        if stored.disease is disease:
            changed = stored.treatment_changed or bool(stored.plan.strip())
            yield Told(stored.outcome_on, stored.outcome, changed)
    for visit in history.visits:
        yield from (told for whose, told in carried(visit.visit_date, visit.body) if whose is disease)


def person_of(history: History, known: Replayed) -> Body:
    """As a phone gets the person."""
    states = states_of(history, known)
    return {
        "birth_date": str(history.resident.birth_date),
        "pregnant": history.pregnant_on(date(2025, 1, 1)),
        "conditions": [
            {
                "disease": str(condition.disease),
                "enrolled_on": str(condition.enrolled_on),
                "status": str(course.status),
                "state": states[condition.disease].as_json(),
            }
            for condition, course in known.courses
        ],
    }


def answered(history: History, typed: Body) -> Body:
    """What the server answers to the visit, with the stored reasons and their words in both languages."""
    known, visit = judged_whole(history), visit_of(typed)
    rows = {row["disease"]: row for row in known.judgements if row["visit_id"] == visit.id}
    judgements = {disease: apart(Judgement, **row) for disease, row in rows.items()}
    dues = {condition.disease: course.next_due for condition, course in known.courses}
    sent = shown(visit, judgements, dues, "en")
    answer = {key: sent[key] for key in ("next_encounter_due", "policy")}
    for disease, row in rows.items():
        words = {lang: reason_texts(row["reasons"], lang) for lang in ("zh", "en")}
        plain = {key: row[key] for key in ("evaluated", "reasons")}
        answer[disease.value] = {key: sent[disease][key] for key in ANSWERED} | plain | {"words": words}
    return answer


ANSWERED = ("classification", "controlled", "next_step", "next_due", "task", "referral")


def only_the_phone_knows_more(history: History, known: Replayed, bodies: list[Body]) -> bool:
    """Nobody's follow-up has ended, and everything on the phone is later than all that the server knows."""
    if any(course.status in CLOSING for _, course in known.courses):
        return False
    happened = [c.enrolled_on - timedelta(1) for c in history.conditions]
    happened += [visit.visit_date for visit in history.visits]
    happened += [s.on for s in history.statuses] + [o.outcome_on for o in history.outcomes]
    happened += [a.attempted_at.astimezone(CHINA).date() for a in history.attempts]
    happened += [told.on for v in history.visits for _, told in carried(v.visit_date, v.body)]
    days = [date.fromisoformat(body["visit_date"]) for body in bodies]
    days += [told.on for body, on in zip(bodies, days, strict=True) for _, told in carried(on, body)]
    return min(days) > max(happened)
