"""Who of a village is on a disease register, since when, and with which check-ups.

Shares by age follow the published prevalence of known hypertension and diabetes in rural adults.
"""

from __future__ import annotations

from datetime import date, timedelta

from tracker.demo.batch import Made
from tracker.demo.fate import Fate, attempt
from tracker.demo.followup import FollowUp, Habit
from tracker.demo.health import Health
from tracker.demo.record import Record
from tracker.domain.policy import Policy
from tracker.domain.terms import Disease
from tracker.models import AttemptOutcome, Checkup, Condition

HYPERTENSION = ((35, 0.045), (45, 0.115), (55, 0.195), (65, 0.275), (75, 0.31))
DIABETES = ((35, 0.015), (45, 0.037), (55, 0.062), (65, 0.08), (75, 0.07))
BOTH = 2.6
"""How much likelier diabetes is among those with hypertension."""
ELDERLY = 65
CHECKED = 0.7
OUTCOMES = (AttemptOutcome.WILL_COME, AttemptOutcome.LATER, AttemptOutcome.UNREACHABLE)


def enrol(record: Record) -> None:
    """Put the person on the registers that chance gives them."""
    years, random = record.person.age(record.plan.today), record.random
    high = random.random() < _share(HYPERTENSION, years)
    sweet = random.random() < _share(DIABETES, years) * (BOTH if high else 1)
    since = _since(record)
    for disease, has in ((Disease.HYPERTENSION, high), (Disease.DIABETES, sweet)):
        if has:
            late = disease is Disease.DIABETES and high and random.random() < 0.2
            on = record.day_between(since, record.yesterday) if late else since
            _condition(record, disease, on)


def _share(table: tuple[tuple[int, float], ...], years: int) -> float:
    return next((share for youngest, share in reversed(table) if years >= youngest), 0.0)


def _since(record: Record) -> date:
    """The register was opened about a year ago; some people came to it later."""
    today, random = record.plan.today, record.random
    if random.random() < 0.84:
        return today - timedelta(days=random.randint(330, 420))
    return today - timedelta(days=random.randint(8, 330))


def _condition(record: Record, disease: Disease, on: date) -> None:
    resident = record.resident
    known_for = timedelta(days=int(record.random.expovariate(1 / 1900)))
    condition = Condition(
        id=record.id("condition", disease),
        resident_id=resident.id,
        village_code=resident.village_code,
        disease=disease,
        diagnosed_on=max(on - known_for, resident.birth_date),
        enrolled_on=on,
        source="typed",
        created_at=record.written_at(on),
        created_by=record.practice.doctor.id,
    )
    record.history.conditions.append(condition)
    record.keep([condition])


def look_after(record: Record, fate: Fate, habit: Habit, policy: Policy) -> None:
    """Visits and tries to reach a patient; check-ups of patients and the elderly."""
    if record.history.conditions:
        follow_up = FollowUp(record, habit, policy, fate.seen_until)
        follow_up.run()
        _reach(record, fate)
        _checkups(record, fate, follow_up.health)
    elif record.person.age(record.plan.today) >= ELDERLY:
        _checkups(record, fate, Health.of(record.person, record.plan.today, record.random))


def _reach(record: Record, fate: Fate) -> None:
    """Who has not been seen for long was mostly rung."""
    seen = max((visit.visit_date for visit in record.history.visits), default=None)
    if fate.seen_until < record.yesterday or seen is None or record.random.random() > 0.4:
        return
    if (record.plan.today - seen).days > 105:
        on = record.day_between(record.plan.today - timedelta(days=12), record.yesterday)
        outcome = record.random.choice(OUTCOMES)
        promised = outcome in (AttemptOutcome.WILL_COME, AttemptOutcome.LATER)
        until = record.plan.today + timedelta(days=record.random.randint(1, 20)) if promised else None
        attempt(record, on, outcome, 9, until)


def _checkups(record: Record, fate: Fate, health: Health) -> None:
    """One a year, in the months in which the township hospital comes round."""
    year = record.plan.today.year
    for which in (year - 1, year):
        on = record.day_between(date(which, 3, 10), date(which, 10, 25))
        if record.random.random() > CHECKED + 0.08 or on > min(fate.seen_until, record.yesterday):
            continue
        sbp, dbp = health.pressure(record.random, on)
        row = Made(
            Checkup,
            id=record.id("checkup", which),
            resident_id=record.resident.id,
            village_code=record.resident.village_code,
            checked_on=on,
            institution="乡镇卫生院",
            results={
                "身高": health.height_cm,
                "体重": health.weigh(record.random),
                "收缩压": sbp,
                "舒张压": dbp,
                "心率": health.pulse(record.random),
                "空腹血糖": health.glucose(record.random) if Disease.DIABETES in record.conditions else 5.4,
            },
            recorded_at=record.written_at(on, record.random.randint(0, 3)),
            staff_id=record.practice.lead.id,
        )
        record.keep([row])
