"""One replay: from the events of a register, in any order, to its judgements, tasks and periods.

Source: national specification of 2017; the order within a day is our own convention. Day by day: return,
outcomes of a referral already open, visits, other outcomes, attempts, all other statuses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from tracker.domain import chain
from tracker.domain.course import Course, Judgement
from tracker.domain.events import AttemptEvent, Event, OutcomeEvent, Register, StatusEvent, VisitEvent
from tracker.domain.facts import has_reading
from tracker.domain.judge import Streaks, closes, judge_day
from tracker.domain.ledger import Ledger
from tracker.domain.policy import Policy
from tracker.domain.terms import CLOSING, ReferralResult, Status
from tracker.domain.timeline import Timeline, follows


def replay(register: Register, events: Iterable[Event], policy: Policy, told_from: date = date.min) -> Course:
    """What follows from the events; those dated before the enrolment are left out.

    Judgements before `told_from` are without target, reasons and advice: nothing follows from those.
    """
    days: dict[date, list[Event]] = defaultdict(list)
    days[register.enrolled_on] = []
    for event in _flat(events):
        if event.on >= register.enrolled_on:
            days[event.on].append(event)
    run = _Run(register, policy, told_from)
    for on in sorted(days):
        run.day(on, sorted(days[on], key=lambda event: (event.recorded_at, event.id)))
    return run.course()


def _flat(events: Iterable[Event]) -> Iterable[Event]:
    """Every event, and apart from its visit the outcome that a visit carries."""
    for event in events:
        yield event
        if isinstance(event, VisitEvent) and event.outcome is not None:
            yield event.outcome


class _Run:
    """The state between two days."""

    def __init__(self, register: Register, policy: Policy, told_from: date) -> None:
        self.register, self.policy, self.told_from = register, policy, told_from
        self.book = Ledger(register.condition_id, policy)
        self.timeline = Timeline(register.enrolled_on)
        self.streaks = Streaks()
        self.last_met: date | None = None
        self.last_evaluated: date | None = None
        self.judgements: dict[UUID, Judgement] = {}

    def day(self, on: date, events: Sequence[Event]) -> None:
        """Take all events of one day, given in the order of their recording."""
        visits = [event for event in events if isinstance(event, VisitEvent)]
        early, late = self._outcomes(visits, [e for e in events if isinstance(e, OutcomeEvent)])
        returns, statuses = _returns([event for event in events if isinstance(event, StatusEvent)])
        self.timeline.reach(on)
        if on == self.register.enrolled_on and not self._meeting(visits):
            chain.enrol(self.book, on)
        for status in returns:
            self._status(status)
        for outcome in early:
            self._outcome(outcome)
        judged = self._visits(visits)
        for outcome in late:
            self._outcome(outcome)
        for event in events:
            if isinstance(event, AttemptEvent):
                chain.attempt(self.book, event)
        for status in statuses:
            self._status(status)
        self._answer(judged)

    def course(self) -> Course:
        due = self.book.next
        return Course(
            judgements=self.judgements,
            tasks=self.book.tasks(),
            periods=self.timeline.periods(),
            status=self.timeline.status,
            last_face_to_face_on=self.last_met,
            last_evaluated_on=self.last_evaluated,
            next_due=due.due_on if due else None,
            next_task=due.kind if due else None,
            unsat_streak=self.streaks.unsat,
            adr_streak=self.streaks.adr,
        )

    def _meeting(self, visits: Sequence[VisitEvent]) -> bool:
        return any(closes(visit) and has_reading(self.register.disease, visit.facts) for visit in visits)

    def _outcomes(
        self, visits: Sequence[VisitEvent], outcomes: Sequence[OutcomeEvent]
    ) -> tuple[list[OutcomeEvent], list[OutcomeEvent]]:
        """Those that come before the day's visits, and those that answer a referral of that very day."""
        if not outcomes:
            return [], []
        carried = {visit.outcome.id for visit in visits if visit.outcome is not None}
        known = self.book.tracking is not None
        early = [outcome for outcome in outcomes if known or outcome.id in carried]
        return early, [outcome for outcome in outcomes if outcome not in early]

    def _visits(self, visits: Sequence[VisitEvent]) -> tuple[Judgement, ...]:
        if not visits or self.timeline.status in CLOSING:
            return ()
        told = visits[0].on >= self.told_from
        day = judge_day(self.policy, self.register.disease, visits, self.streaks, told=told)
        if day.merged.evaluated and self.timeline.status is Status.LOST:
            chain.found(self.book, day)
            self.timeline.set(Status.ACTIVE, day.on)
        chain.follow(self.book, day, self.last_met)
        self.streaks = day.streaks
        if day.merged.evaluated:
            self.last_evaluated = day.on
        if day.meeting:
            self.last_met = day.on
        return day.judgements

    def _outcome(self, event: OutcomeEvent) -> None:
        changed = event.treatment_changed or event.plan
        newer = self.last_evaluated is None or event.on > self.last_evaluated
        if event.outcome is ReferralResult.ARRIVED and changed and newer:
            self.streaks = Streaks()
        chain.outcome(self.book, event)

    def _status(self, event: StatusEvent) -> None:
        before, status = self.timeline.status, event.status
        if not follows(status, before):
            return
        if status in CLOSING:
            self.book.cancel_all(event.on, status)
        elif status is Status.LOST:
            chain.search(self.book, event)
        else:
            chain.end_search(self.book, event)
            if before in CLOSING:
                chain.restart(self.book, event)
        lasting = status in CLOSING or status in {Status.LOST, Status.ACTIVE}
        self.timeline.set(status, event.on, None if lasting else event.until)

    def _answer(self, judged: Iterable[Judgement]) -> None:
        due = self.book.next
        for judgement in judged:
            if due is not None:
                judgement.next_due, judgement.task = due.due_on, due.kind
            self.judgements[judgement.visit_id] = judgement


def _returns(statuses: Sequence[StatusEvent]) -> tuple[list[StatusEvent], list[StatusEvent]]:
    """A return comes before the day's visits, unless it takes back a status of that very day."""
    first = next((i for i, event in enumerate(statuses) if event.status is not Status.ACTIVE), len(statuses))
    return list(statuses[:first]), list(statuses[first:])
