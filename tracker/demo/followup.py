"""A year of follow-up of one made-up patient: when the doctor comes is chance, what follows is the rules'."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tracker.demo import encounter, form
from tracker.demo.health import Health
from tracker.demo.record import DAY, Record
from tracker.domain.course import Judgement
from tracker.domain.judge import Streaks, judge
from tracker.domain.policy import Policy
from tracker.domain.terms import Disease, Mode, ReferralResult, TaskKind
from tracker.models import Condition, ReferralOutcome

TOGETHER = timedelta(days=30)
"""A disease due this soon is looked at in the same encounter."""
RECHECKED = 0.62
"""How much less often the two-week visit is made in time than the quarterly one."""
FORGOTTEN = timedelta(days=50)
"""A referral is asked about at the latest when it is this old."""
OUTCOMES = (
    (ReferralResult.ARRIVED, 72),
    (ReferralResult.NOT_ARRIVED, 14),
    (ReferralResult.REFUSED, 9),
    (ReferralResult.IN_HOSPITAL, 5),
)
PLANS = ("调整降压药后两周复查", "加用二联降压药", "建议监测家庭血压", "")


@dataclass(frozen=True, slots=True)
class Habit:
    """How one doctor works: the share of visits in time, how long others take, home visits, calls."""

    prompt: float
    delay_days: float
    home: float
    calls: float
    reports: float

    @classmethod
    def of(cls, random: Random) -> Habit:
        return cls(
            prompt=random.uniform(0.58, 0.94),
            delay_days=random.uniform(20, 48),
            home=random.uniform(0.15, 0.6),
            calls=random.uniform(0.03, 0.16),
            reports=random.uniform(0.6, 0.95),
        )


@dataclass(slots=True)
class Course:
    """What the doctor knows of one disease between visits."""

    condition: Condition
    due: date
    routine: bool = True
    streaks: Streaks = field(default_factory=Streaks)
    referred_on: date | None = None
    """Of a referral of which nothing has been heard."""

    @property
    def disease(self) -> Disease:
        return self.condition.disease


class FollowUp:
    """The visits of one patient until a last day."""

    def __init__(self, record: Record, habit: Habit, policy: Policy, until: date) -> None:
        self.record, self.habit, self.policy, self.until = record, habit, policy, until
        self.random = record.random
        self.courses = [Course(c, c.enrolled_on) for c in record.history.conditions]
        self.health = Health.of(record.person, record.plan.today, self.random)

    def run(self) -> None:
        on = self._first()
        while on <= self.until:
            self._visit(on)
            called = self._call(on)
            # A call does not put the next visit off, and nobody comes twice on a day.
            on = max(self._next(), (called or on) + DAY)

    def _first(self) -> date:
        """Most people are measured on the day of their enrolment."""
        on = min(course.due for course in self.courses)
        return on if self.random.random() < 0.85 else on + timedelta(days=self.random.randint(2, 20))

    def _visit(self, on: date) -> None:
        seen = [c for c in self.courses if c.condition.enrolled_on <= on and c.due <= on + TOGETHER]
        mode = Mode.HOME if self.random.random() < self.habit.home else Mode.CLINIC
        body = form.fill(self.random, self.health, on, mode, [course.disease for course in seen])
        if not self.record.history.visits:
            form.first(self.random, self.health, body)
        self._ask(seen, body, on)
        for course, judgement in self._judge(on, body, seen):
            self._follow(course, judgement, on)
        self.health.drift(self.random)

    def _judge(self, on: date, body: form.Body, seen: list[Course]) -> list[tuple[Course, Judgement]]:
        visit = encounter.note(self.record, on, body)
        found = []
        for course in seen:
            event = encounter.event_of(self.record, visit, course.disease)
            judgement = judge(self.policy, course.disease, event, course.streaks)
            course.streaks = Streaks(judgement.unsat_streak, judgement.adr_streak)
            found.append((course, judgement))
        return found

    def _follow(self, course: Course, judgement: Judgement, on: date) -> None:
        step = judgement.next_step
        if step is None:
            return
        if judgement.controlled is False:
            self._treat(course.disease)
        kind = self.policy.task(step)
        course.due, course.routine = self.policy.due(kind, on), kind is TaskKind.ROUTINE
        if kind is TaskKind.REFERRAL_TRACKING:
            self._refer(course, on)

    def _treat(self, disease: Disease) -> None:
        if disease is Disease.HYPERTENSION:
            self.health.treat_pressure(self.random)
        else:
            self.health.treat_glucose(self.random)

    def _ask(self, seen: list[Course], body: form.Body, on: date) -> None:
        """A visit made while a referral is open asks what became of it."""
        waiting = [course.referred_on for course in seen if course.referred_on]
        if not waiting:
            return
        if self.random.random() < self.habit.reports or on - min(waiting) > FORGOTTEN:
            body["referral_form"] = {"outcome": str(self._result()), "source": "本人告知"}
            for course in seen:
                course.referred_on = None

    def _refer(self, course: Course, on: date) -> None:
        """Most outcomes are reported within two weeks; a visit follows two weeks after."""
        reported_on = on + timedelta(days=self.random.randint(2, 13))
        if course.referred_on or reported_on > self.until or self.random.random() > self.habit.reports:
            course.referred_on = course.referred_on or on
            return
        result = self._result()
        arrived = result is ReferralResult.ARRIVED
        changed = arrived and self.random.random() < 0.8
        self._report(course, on, reported_on, result, changed)
        course.due = self.policy.due(TaskKind.TWO_WEEK, reported_on)
        if changed:
            course.streaks = Streaks()
            self._treat(course.disease)

    def _report(
        self, course: Course, referred_on: date, on: date, result: ReferralResult, changed: bool
    ) -> None:
        record = self.record
        row = ReferralOutcome(
            id=record.id("outcome", course.disease, referred_on),
            resident_id=record.resident.id,
            village_code=record.resident.village_code,
            disease=course.disease,
            outcome=result,
            outcome_on=on,
            source=self.random.choice(("电话询问家属", "县医院回执", "本人告知")),
            plan=self.random.choice(PLANS) if changed else "",
            treatment_changed=changed,
            recorded_at=record.written_at(on),
            staff_id=record.practice.doctor.id,
        )
        record.history.outcomes.append(row)
        record.keep([row])

    def _result(self) -> ReferralResult:
        return self.random.choices([o[0] for o in OUTCOMES], [o[1] for o in OUTCOMES])[0]

    def _next(self) -> date:
        """The day of the next visit: a little before it is due, or late."""
        first = min(self.courses, key=lambda course: course.due)
        prompt = self.habit.prompt if first.routine else self.habit.prompt * RECHECKED
        if self.random.random() < prompt:
            return first.due - timedelta(days=self._early(first.routine))
        mean = self.habit.delay_days if first.routine else self.habit.delay_days * 0.7
        return first.due + timedelta(days=1 + int(min(115, self.random.expovariate(1 / mean))))

    def _early(self, routine: bool) -> int:
        return int(self.random.triangular(0, 15, 3)) if routine else self.random.randint(0, 3)

    def _call(self, on: date) -> date | None:
        """Now and then the doctor rings between two visits."""
        day = on + timedelta(days=self.random.randint(20, 60))
        due = min(course.due for course in self.courses)
        if self.random.random() > self.habit.calls or day >= due or day > self.until:
            return None
        seen = [course for course in self.courses if course.condition.enrolled_on <= day]
        body = form.fill(self.random, self.health, day, Mode.PHONE, [course.disease for course in seen])
        for course, judgement in self._judge(day, body, seen):
            if judgement.evaluated and self._asks_for_a_visit(judgement):
                self._follow(course, judgement, day)
        return day

    def _asks_for_a_visit(self, judgement: Judgement) -> bool:
        step = judgement.next_step
        return step is not None and self.policy.task(step) is not TaskKind.ROUTINE
