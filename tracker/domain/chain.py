"""Which event closes and opens which task of a register.

Source: national specification of 2017 for the intervals; the chain and what stands beside it are our own
convention. Each person has exactly one open chain task per disease (routine, two-week or tracking) and
at most one task of each kind beside it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tracker.domain.calendar import days_late
from tracker.domain.course import Task
from tracker.domain.events import AttemptEvent, OutcomeEvent, StatusEvent
from tracker.domain.judge import Day
from tracker.domain.ledger import Ledger
from tracker.domain.terms import ReferralResult, TaskKind

ROUTINE, TWO_WEEK = TaskKind.ROUTINE, TaskKind.TWO_WEEK
TRACKING, RECONTACT = TaskKind.REFERRAL_TRACKING, TaskKind.RECONTACT


def enrol(book: Ledger, on: date) -> None:
    """The first task of somebody enrolled without a visit on that day."""
    book.open(ROUTINE, on, ("enrolment", None), chain=True, interval="enrolment")


def follow(book: Ledger, day: Day, last_met: date | None) -> None:
    """What a day's evaluation does to the tasks; `last_met` is the last evaluated meeting before it."""
    step = day.merged.next_step
    kind = None if step is None else book.policy.task(step)
    if kind is None:
        return
    if not day.merged.evaluated:
        _unmeasured(book, day, kind)
    elif day.meeting:
        _met(book, day, kind)
    else:
        _called(book, day, kind, last_met)


def found(book: Ledger, day: Day) -> None:
    """An evaluated visit of somebody lost ends the search."""
    if book.recontact is not None:
        _settle(book, book.recontact, day)


def _met(book: Ledger, day: Day, kind: TaskKind) -> None:
    tracking = book.tracking
    if tracking is not None and kind is TRACKING:
        _continue(book, tracking, day)
    elif tracking is not None and tracking.chain:
        book.move_aside(tracking)
    if book.chain is not None:
        _settle(book, book.chain, day)
    for revisit in book.of(TWO_WEEK):
        _settle(book, revisit, day)
    book.open(kind, day.on, _visit(day), chain=True)


def _called(book: Ledger, day: Day, kind: TaskKind, last_met: date | None) -> None:
    """A reading by phone closes a two-week visit and never a routine one."""
    revisits = list(book.of(TWO_WEEK))
    for task in revisits:
        _settle(book, task, day)
    chain = any(task.chain for task in revisits)
    tracking = book.tracking
    if kind is ROUTINE:
        if chain:
            book.open(ROUTINE, day.on, _visit(day), chain=True, since=last_met)
        return
    if kind is TRACKING and tracking is not None:
        _continue(book, tracking, day)
        chain = chain or tracking.chain
    book.open(kind, day.on, _visit(day), chain=chain)


def _unmeasured(book: Ledger, day: Day, kind: TaskKind) -> None:
    """Danger, reaction or complication without a reading: a task beside the chain, which keeps its date."""
    if not any(book.of(kind)):
        book.open(kind, day.on, _visit(day), chain=False)


def outcome(book: Ledger, event: OutcomeEvent) -> None:
    """The outcome of a referral closes its tracking; a visit within two weeks follows."""
    tracking = book.tracking
    if tracking is None or event.outcome is ReferralResult.UNKNOWN:
        return
    book.close(tracking, event.on, event.id, timely=event.on <= tracking.due_on)
    if tracking.chain or not any(book.of(TWO_WEEK)):
        book.open(TWO_WEEK, event.on, ("outcome", event.id), chain=tracking.chain)


def search(book: Ledger, event: StatusEvent) -> None:
    """Somebody lost is to be sought again; the other tasks stay."""
    if book.recontact is None:
        book.open(RECONTACT, event.on, ("status", event.id), chain=False)


def attempt(book: Ledger, event: AttemptEvent) -> None:
    """An attempt after the search was opened closes it and opens the next."""
    searched = book.recontact
    if searched is not None and event.on > searched.opened_on:
        book.close(searched, event.on, event.id, timely=event.on <= searched.due_on)
        book.open(RECONTACT, event.on, ("attempt", event.id), chain=False)


def end_search(book: Ledger, event: StatusEvent) -> None:
    """A status other than lost ends the search."""
    searched = book.recontact
    if searched is not None:
        book.close(searched, event.on, event.id, timely=event.on <= searched.due_on)


def restart(book: Ledger, event: StatusEvent) -> None:
    """Somebody whose follow-up had ended is back."""
    book.open(ROUTINE, event.on, ("status", event.id), chain=True, interval="return")


def _settle(book: Ledger, task: Task, day: Day) -> None:
    """Closed by a visit: in time when made by the due date and recorded within the days of grace."""
    visit = day.closer
    recorded = days_late(visit.on, visit.recorded_at) <= book.policy.threshold("late_entry_days")
    timely = day.on <= task.due_on and recorded
    book.close(task, day.on, visit.id, timely=timely, counts=not day.imported)


def _continue(book: Ledger, tracking: Task, day: Day) -> None:
    # A referral without an outcome goes on under a new date: the old tracking never got its outcome.
    book.close(tracking, day.on, day.closer.id, timely=False, counts=not day.imported)


def _visit(day: Day) -> tuple[str, UUID]:
    return "visit", day.merged.visit_id
