"""What happens to made-up people besides visits: deaths, moves, absences, losses, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.demo.batch import Made
from tracker.demo.record import DAY, Record
from tracker.domain.contract import TerminationReason
from tracker.domain.terms import Disease, Status
from tracker.models import AttemptOutcome, ContactAttempt, Residence, StatusEvent

PATIENTS = (
    (Status.DEAD, 0.018),
    (Status.MOVED_OUT, 0.012),
    (Status.AWAY, 0.035),
    (Status.HOSPITALISED, 0.01),
    (Status.LOST, 0.016),
    (Status.REFUSED, 0.009),
    (Status.MISDIAGNOSED, 0.006),
)
REASONS = {
    Status.DEAD: ("家属告知", "医院死亡证明", "村委会告知"),
    Status.MOVED_OUT: ("随子女迁往外地", "户口迁出"),
    Status.AWAY: ("外出打工", "去子女家暂住"),
    Status.HOSPITALISED: ("县人民医院住院", "市中心医院住院"),
    Status.LOST: ("连续三次联系不上",),
    Status.REFUSED: ("本人签字拒绝管理",),
    Status.MISDIAGNOSED: ("县医院复查排除诊断",),
}
ENDS = {Status.DEAD: TerminationReason.DEATH, Status.MOVED_OUT: TerminationReason.MOVED_OUT}


@dataclass(slots=True)
class Fate:
    """`seen_until`: after this day there is no visit. `left_on`: dead or gone from that day on."""

    seen_until: date
    left_on: date | None = None
    reason: TerminationReason | None = None


def fate_of(record: Record) -> Fate:
    """Decide, and note the events on the record."""
    status = _status(record)
    fate = Fate(record.yesterday)
    if status is None:
        return fate
    on = record.plan.today - timedelta(days=record.random.randint(*_ago(status)))
    fate.seen_until = _last_seen(record, status, on)
    event = _event(record, status, on)
    if status is Status.LOST:
        _search(record, on)
    if event.approved_at is not None:
        record.history.statuses.append(event)
        if status in ENDS:
            fate.left_on, fate.reason = on, ENDS[status]
            _leave(record, on)
    record.keep([event])
    return fate


def _status(record: Record) -> Status | None:
    dice = record.random.random()
    if record.history.conditions:
        for status, share in PATIENTS:
            dice -= share
            if dice < 0:
                return status
        return None
    dead = 0.02 if record.person.age(record.plan.today) >= 65 else 0.0015
    return Status.DEAD if dice < dead else Status.MOVED_OUT if dice < dead + 0.004 else None


def _ago(status: Status) -> tuple[int, int]:
    """How many days ago it may have begun."""
    if status is Status.HOSPITALISED:
        return 2, 12
    return (5, 75) if status is Status.LOST else (2, 90) if status is Status.AWAY else (2, 240)


def _last_seen(record: Record, status: Status, on: date) -> date:
    if status is Status.LOST:
        return on - timedelta(days=record.random.randint(25, 60))
    return on - DAY


def _event(record: Record, status: Status, on: date) -> StatusEvent:
    recorded_at = record.written_at(on, record.random.randint(0, 4))
    # A death that a village doctor has just reported waits for the lead's word.
    waits = status is Status.DEAD and (record.plan.today - on).days <= 20
    event = StatusEvent(
        id=record.id("status", status),
        resident_id=record.resident.id,
        village_code=record.resident.village_code,
        disease=_disease(record, status),
        status=status,
        on=on,
        until=_until(record, status),
        reason=record.random.choice(REASONS[status]),
        recorded_at=recorded_at,
        staff_id=record.practice.doctor.id,
    )
    if not waits:
        event.approved_at = recorded_at
        event.approved_by = record.practice.lead.id
    return event


def _disease(record: Record, status: Status) -> Disease | None:
    if status in (Status.REFUSED, Status.MISDIAGNOSED):
        return record.history.conditions[0].disease
    return None


def _until(record: Record, status: Status) -> date | None:
    if status is Status.AWAY:
        return record.plan.today + timedelta(days=record.random.randint(5, 110))
    if status is Status.HOSPITALISED:
        return record.plan.today + timedelta(days=record.random.randint(1, 9))
    return None


def _leave(record: Record, on: date) -> None:
    for row in record.rows:
        if isinstance(row, Made) and row.model is Residence:
            row.columns["to_on"] = max(on, record.resident.birth_date)


def _search(record: Record, on: date) -> None:
    """Three tries on three days go before a loss."""
    for n, days in enumerate((17, 9, 2)):
        attempt(record, on - timedelta(days=days), AttemptOutcome.UNREACHABLE, n)


def attempt(
    record: Record, on: date, outcome: AttemptOutcome, number: int, until: date | None = None
) -> None:
    """A try to reach the person."""
    at = record.written_at(on)
    row = ContactAttempt(
        id=record.id("attempt", number),
        resident_id=record.resident.id,
        village_code=record.resident.village_code,
        attempted_at=at,
        outcome=outcome,
        until=until,
        recorded_at=at,
        staff_id=record.practice.doctor.id,
    )
    record.history.attempts.append(row)
    record.keep([row])
