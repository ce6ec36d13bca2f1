"""Short ways to tell what happened to one person on one register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from tracker.domain.calendar import CHINA
from tracker.domain.course import Course, Judgement, Task
from tracker.domain.events import AttemptEvent, Event, OutcomeEvent, Register, StatusEvent, VisitEvent
from tracker.domain.facts import facts
from tracker.domain.policy import load
from tracker.domain.replay import replay
from tracker.domain.terms import Classification, Disease, Mode, ReferralResult, Status, TaskKind

BORN = date(1970, 6, 10)
ENROLLED = date(2025, 1, 6)
HTN, DM = Disease.HYPERTENSION, Disease.DIABETES
OK, HIGH = {"sbp": 128, "dbp": 82}, {"sbp": 152, "dbp": 94}


def day(text: str) -> date:
    return date.fromisoformat(text)


def noted(on: date, late: int = 0, hour: int = 9) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=CHINA) + timedelta(days=late)


def a_register(disease: Disease = HTN, enrolled_on: date = ENROLLED, birth_date: date = BORN) -> Register:
    return Register(uuid4(), disease, enrolled_on, birth_date)


def known(
    disease: Disease, visit: dict[str, object], on: date = ENROLLED, **about: object
) -> dict[str, object]:
    """Facts of a visit; `birth_date` and `pregnant` may be told."""
    birth, pregnant = about.get("birth_date", BORN), about.get("pregnant", False)
    return facts(disease, visit, birth_date=birth, visit_date=on, pregnant=pregnant)


def a_visit(
    on: str,
    visit: dict[str, object] | None = None,
    mode: Mode | None = Mode.CLINIC,
    *,
    disease: Disease = HTN,
    late: int = 0,
    hour: int = 9,
    raised: Classification | None = None,
    outcome: OutcomeEvent | None = None,
    approved: bool = True,
    birth_date: date = BORN,
) -> VisitEvent:
    when = day(on)
    told = known(disease, visit or {}, when, birth_date=birth_date)
    recorded_at = noted(when, late, hour)
    return VisitEvent(uuid4(), when, recorded_at, mode, told, approved, raised, "", outcome)


def a_call(on: str, visit: dict[str, object] | None = None, **about: object) -> VisitEvent:
    return a_visit(on, visit, Mode.PHONE, **about)


def an_outcome(
    on: str, outcome: ReferralResult = ReferralResult.ARRIVED, *, changed: bool = False, hour: int = 10
) -> OutcomeEvent:
    return OutcomeEvent(uuid4(), day(on), noted(day(on), hour=hour), outcome, changed, False)


def a_status(on: str, status: Status, until: str | None = None, hour: int = 12) -> StatusEvent:
    return StatusEvent(uuid4(), day(on), noted(day(on), hour=hour), status, until and day(until))


def an_attempt(on: str, hour: int = 11) -> AttemptEvent:
    return AttemptEvent(uuid4(), day(on), noted(day(on), hour=hour))


def course_of(*events: Event, disease: Disease = HTN, enrolled_on: date = ENROLLED) -> Course:
    return replay(a_register(disease, enrolled_on), events, load())


def judged(course: Course, visit: VisitEvent) -> Judgement:
    return course.judgements[visit.id]


def open_tasks(course: Course) -> list[tuple[str, bool, str]]:
    """Kind, of the chain or not, and due date of every open task, the earliest first."""
    tasks = sorted((task for task in course.tasks if task.is_open), key=lambda task: (task.due_on, task.kind))
    return [(task.kind.value, task.chain, str(task.due_on)) for task in tasks]


def only(tasks: Iterable[Task], kind: TaskKind, opened_on: str) -> Task:
    (task,) = [task for task in tasks if task.kind is kind and str(task.opened_on) == opened_on]
    return task


def ids(events: Iterable[Event]) -> list[UUID]:
    return [event.id for event in events]
